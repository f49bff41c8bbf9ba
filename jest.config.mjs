/** Tests are TypeScript in ESM mode; jest needs NODE_OPTIONS=--experimental-vm-modules (set by the npm scripts). */
const project = (name) => ({
  displayName: name,
  rootDir: '.',
  testMatch: [`<rootDir>/test/${name}/**/*.spec.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
});

export default {
  projects: ['unit', 'reference', 'integration', 'e2e'].map(project),
  // For a busy machine with two processors: a service or a server may have to start first.
  testTimeout: 90_000,
};
