import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o700;

/**
 * Makes a folder for the owner alone, and those above it. Node's own `recursive` never ends in a folder that denies a new
 * one by "no such file", as `/proc` does. Throws what stands in the way.
 */
export async function makeFolder(path: string): Promise<void> {
  const failure = await make(path);
  if (failure?.code !== 'ENOENT' || dirname(path) === path) return throwUnlessThere(failure);
  await makeFolder(dirname(path));
  throwUnlessThere(await make(path));
}

const make = (path: string): Promise<NodeJS.ErrnoException | null> =>
  mkdir(path, { mode: OWNER_ONLY }).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );

/** What is no folder is found by whoever uses it. */
function throwUnlessThere(failure: NodeJS.ErrnoException | null): void {
  if (failure !== null && failure.code !== 'EEXIST') throw failure;
}
