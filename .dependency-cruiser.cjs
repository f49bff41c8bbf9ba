/**
 * The import rules of docs/architecture.md. A role suffix (`.service`, `.controller`, `.repository`, …) is a file's
 * licence to touch the world; a file without one is pure.
 */
const ROLE = '\\.(module|service|controller|consumer|reader|upload|events|repository)\\.ts$';
const OUTSIDE = '^src/(database|cache|messaging|http|health|jobs|workers|demo)/';

module.exports = {
  forbidden: [
    {
      name: '1-quant-is-pure-numbers',
      comment: 'quant/ imports itself and a distributions library.',
      severity: 'error',
      from: { path: '^src/quant/' },
      to: { pathNot: ['^src/quant/', '^node_modules/@stdlib/'] },
    },
    {
      name: '1-decimal-is-big-js',
      comment: 'decimal/ imports big.js alone.',
      severity: 'error',
      from: { path: '^src/decimal/' },
      to: { pathNot: ['^src/decimal/', '^node_modules/(@types/)?big\\.js/'] },
    },
    {
      name: '2-book-is-pure-decisions',
      comment: 'book/ imports itself, quant/ and decimal/.',
      severity: 'error',
      from: { path: '^src/book/' },
      to: { pathNot: ['^src/(book|quant|decimal)/'] },
    },
    {
      name: '3-no-role-no-world',
      comment: 'A file of risk/ without role suffix imports pure files and schemas.',
      severity: 'error',
      from: { path: '^src/risk/', pathNot: [ROLE, '\\.schema\\.ts$', '/ports\\.ts$'] },
      to: {
        path: [ROLE, '^src/(config|app|main|startup)', OUTSIDE, '^node_modules/'],
        pathNot: ['\\.schema\\.ts$', '^node_modules/zod/'],
      },
    },
    {
      name: '4-slices-meet-at-their-ports',
      comment: 'Another slice is reached through ports, schemas, decorators and pure files; only modules name classes.',
      severity: 'error',
      from: { path: '^src/risk/([^/]+)/', pathNot: '\\.module\\.ts$' },
      to: { path: `^src/risk/[^/]+/.*${ROLE}`, pathNot: '^src/risk/$1/' },
    },
    {
      name: '4-others-meet-slices-at-their-ports',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/risk/', '\\.module\\.ts$', '^src/(app|startup)\\.ts$'] },
      to: { path: `^src/risk/.*${ROLE}` },
    },
    {
      name: '5-schemas-are-zod',
      comment: 'A schema imports zod, decimal/, other schemas and the limits of quant/.',
      severity: 'error',
      from: { path: '\\.schema\\.ts$' },
      to: { pathNot: ['^node_modules/zod/', '^src/(decimal|quant)/', '\\.schema\\.ts$', 'job-kinds\\.ts$'] },
    },
    {
      name: '6-risk-knows-no-transport',
      comment:
        'risk/ meets database, http, jobs, workers and health at ports, decorators and schemas; modules wire them.',
      severity: 'error',
      from: { path: '^src/risk/', pathNot: '\\.module\\.ts$' },
      to: { path: OUTSIDE, pathNot: ['/ports\\.ts$', '\\.decorator\\.ts$', '\\.schema\\.ts$'] },
    },
    {
      name: '8-decisions-are-not-cached',
      comment:
        'What an order is decided by (book, positions, limits, reservations, known orders, kill switch) never comes from the cache, by whatever way.',
      severity: 'error',
      from: { path: '^src/(book/|risk/(orders|limits|portfolio)/)' },
      to: { path: '^src/cache/', reachable: true },
    },
    { name: '7-no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: '7-no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/main\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
    { name: '7-src-without-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench)/' } },
    { name: '7-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
