/**
 * Adds to package-lock.json the optional packages of other platforms that the registry in use did not have, so that
 * `npm ci` works with every registry: npm leaves them out of the lock and then refuses it. Run it after `npm install`
 * where `npm ci` says "Missing: …-darwin-arm64 from lock file". The entries carry no integrity, because nothing was fetched.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'wasm32'];
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];

let added = 0;
for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const entry = `node_modules/${name}`;
    if (lock.packages[entry] || lock.packages[`${parent}/${entry}`]) continue;
    const words = name.split(/[-/]/);
    const os = words.find((word) => SYSTEMS.includes(word));
    const cpu = words.find((word) => PROCESSORS.includes(word));
    if (!os || !cpu || /[\^~*<>|]/.test(version))
      throw new Error(`${name}@${version} of ${parent} is no platform package`);
    const libc = name.includes('musl') ? ['musl'] : os === 'linux' ? ['glibc'] : undefined;
    lock.packages[entry] = {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      os: [os],
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} packages added\n`);
