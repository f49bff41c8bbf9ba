/** Writes, reads and deletes in the folder it is given until it is killed. */
import { FileStore } from '../../../src/cache/file-store.js';

const dir = process.argv[2]!;
const store = new FileStore({ dir, filesMax: 30, bytesMax: 1e7, ttlMsMax: 3_600_000, now: Date.now });
process.send!('ready');
for (let i = 0; ; i++) {
  const key = `manual:1:${(i * 7) % 60}`;
  await store.set(key, `${key} ${'y'.repeat((i * 13) % 9_000)}`, 3_600_000);
  if (i % 11 === 0) await store.del(key);
  if (i % 100 === 0) await store.sweep();
}
