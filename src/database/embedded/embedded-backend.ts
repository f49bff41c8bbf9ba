import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PoolConfig } from 'pg';
import type { DatabaseBackend } from '../backend.js';
import type { DatabaseLogger } from '../connection-keeper.js';
import { DatabaseRefusedError, reasonOf } from '../unavailable.js';
import { LockFile } from './lock-file.js';
import { type SocketDirectory, socketDirectory } from './socket-directory.js';
import { findTemplate } from './template.js';

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

/** PostgreSQL inside this process: PGlite in a worker thread, behind a Unix socket, on a directory that it locks. */
export class EmbeddedBackend implements DatabaseBackend {
  readonly kind = 'embedded';
  readonly label: string;
  readonly poolConfig: PoolConfig;
  private readonly directory: string;
  private readonly socket: SocketDirectory;
  private lock: LockFile | undefined;
  private worker: Worker | undefined;

  constructor(
    directory: string,
    private readonly logger: DatabaseLogger,
  ) {
    this.directory = resolve(directory);
    this.label = `Embedded PostgreSQL in ${directory}`;
    this.socket = socketDirectory(this.directory);
    this.poolConfig = {
      host: this.socket.directory,
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      // One backend, one connection: callers take turns, and wait for longer than they would for a server.
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 10_000,
      query_timeout: 25_000,
    };
  }

  async ensureRunning(onFailure: (reason: string) => void): Promise<void> {
    // Private, because whoever can open the socket is the superuser of this database.
    makePrivate(this.directory);
    this.lock ??= await LockFile.acquire(join(this.directory, 'lock'));
    if (this.worker) return;
    const templatePath = findTemplate();
    if (!templatePath)
      this.logger.warn('No database template found (npm run build makes one): a first start takes longer');
    const worker = new Worker(new URL('./pglite.worker.mjs', import.meta.url), {
      workerData: {
        clusterDirectory: join(this.directory, 'pgdata'),
        templatePath,
        socketPath: this.socket.socketPath,
      },
    });
    await untilReady(worker);
    this.worker = worker;
    let failure = 'its thread ended';
    worker.on('error', (error) => {
      failure = `its thread failed: ${error.message}`;
    });
    worker.on('exit', () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      onFailure(failure);
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    if (worker) await stop(worker);
    this.socket.remove();
    this.lock?.release();
    this.lock = undefined;
  }
}

async function untilReady(worker: Worker): Promise<void> {
  await new Promise<void>((ready, failed) => {
    const timer = setTimeout(() => {
      failed(new Error(`not ready after ${START_MS_MAX / 1000} s`));
      void worker.terminate();
    }, START_MS_MAX);
    worker.once('message', () => ready());
    worker.once('error', failed);
    worker.once('exit', () => failed(new Error('its thread ended at start')));
    worker.once('message', () => clearTimeout(timer));
    worker.once('exit', () => clearTimeout(timer));
  });
  worker.removeAllListeners();
}

/** Asks for a clean close; a thread that is stuck is ended as a crash would end it, which loses nothing either. */
async function stop(worker: Worker): Promise<void> {
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.postMessage('stop');
  const timer = setTimeout(() => void worker.terminate(), STOP_MS_MAX);
  await exited;
  clearTimeout(timer);
}

/** Throws DatabaseRefusedError where there is something else in its place, or nothing can be made there. */
function makePrivate(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DatabaseRefusedError(`The database cannot have the folder ${directory}: ${reasonOf(error)}`);
  }
}
