import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inPackage = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** A template serves only the PGlite that made it. */
export function pgliteVersion(): string {
  return JSON.parse(readFileSync(inPackage('node_modules/@electric-sql/pglite/package.json'), 'utf8')).version;
}

/** Where scripts/make-db-template.ts keeps it, once for all builds and tests of a checkout. */
export const templateCachePath = () => inPackage(`node_modules/.cache/redfire-risk/pglite-${pgliteVersion()}.tar.gz`);

/** Where the build puts it, beside this file. */
const templateBuiltPath = () => fileURLToPath(new URL('./template.tar.gz', import.meta.url));

/** The packed fresh data directory; undefined where nobody made one, and the first start then takes ten seconds more. */
export function findTemplate(): string | undefined {
  return [templateBuiltPath(), templateCachePath()].find((path) => existsSync(path));
}
