// @ts-check
/**
 * The thread that runs the embedded PostgreSQL and serves it on a Unix socket. Plain JavaScript, because a worker file is
 * loaded by Node itself, also where the rest runs from TypeScript sources (tests, scripts).
 */
import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { unpack } from './unpack.mjs';

/** @type {{ clusterDirectory: string, templatePath: string | undefined, socketPath: string }} */
const { clusterDirectory, templatePath, socketPath } = workerData;

/** A first start that was killed leaves only its staging directory: the rename makes a complete cluster appear at once. */
async function createCluster() {
  const parent = dirname(clusterDirectory);
  const prefix = `${basename(clusterDirectory)}.new-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const staging = join(parent, `${prefix}${process.pid}`);
  if (templatePath) unpack(templatePath, staging);
  else await (await PGlite.create(staging)).close();
  renameSync(staging, clusterDirectory);
}

/**
 * A failure of the engine itself (SQL errors are ordinary replies) would leave the socket's queue waiting for ever:
 * end the thread instead; its clients see their connection close, and the parent starts another.
 * @param {PGlite} database
 */
function dieWithEngine(database) {
  const exec = database.execProtocolRawStream.bind(database);
  database.execProtocolRawStream = async (message, options) => {
    try {
      return await exec(message, options);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
      throw error;
    }
  };
}

if (!existsSync(clusterDirectory)) await createCluster();
if (!existsSync(join(clusterDirectory, 'PG_VERSION')) || !existsSync(join(clusterDirectory, 'global', 'pg_control'))) {
  throw new Error(`${clusterDirectory} is not a complete database: restore it from a backup, or move it away`);
}
rmSync(socketPath, { force: true });
const database = await PGlite.create(clusterDirectory);
dieWithEngine(database);
// One connection: between clients the socket interleaves the messages of their statements, which share one unnamed statement.
const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 1 });
await server.start();
chmodSync(socketPath, 0o600);

parentPort?.on('message', async () => {
  await server.stop();
  await database.close();
  process.exit(0);
});
parentPort?.postMessage('ready');
