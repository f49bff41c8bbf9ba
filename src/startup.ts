import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from './app.js';
import { CacheService } from './cache/cache.service.js';
import { WarmUpService } from './cache/warm-ups.js';
import type { Config } from './config.js';
import { Database } from './database/database.js';
import { Demo } from './demo/demo.service.js';
import { DemoFeed } from './demo/demo-feed.service.js';
import { Readiness } from './health/readiness.js';
import { BatchTransport } from './messaging/batch-transport.js';
import { Prices } from './risk/market/ports.js';
import { LiveBookService } from './risk/orders/live-book.service.js';
import { Outbox } from './risk/orders/outbox.service.js';
import { OwnershipService, type Succession } from './risk/orders/ownership.service.js';
import { Retention } from './risk/orders/retention.service.js';

const SWEEP_MS = 50;

export interface RunningService {
  /** Settles when the service answers for numbers; rejects where it never will. */
  readonly ready: Promise<void>;
  stop(reason: string): Promise<void>;
}

/** Starts the service step by step. HTTP answers from the third step on, saying what it waits for. */
export async function startService(config: Config, logger: Logger, startedMs: number): Promise<RunningService> {
  const step = stepLog(logger, startedMs);
  step('Configuration read, program loaded');
  const app = await createApp(config, logger);
  const isUp = app.get(Database).status.state === 'UP';
  step(isUp ? databaseUp(config) : 'Modules wired, the database is away');
  await listenQuietly(app, config);
  const url = await app.getUrl();
  step(`Listening on ${url}`);
  const readiness = app.get(Readiness);
  const ownership = app.get(OwnershipService, { strict: false });
  let stopping = false;
  const load = async () => {
    await loadData(app, config, step);
    if (stopping) return;
    const owns = await ownership.begin(succession(app, config, step));
    if (owns) logger.info(`Ready. Try ${url}/docs (API), ${url}/health/ready, ${url}/v1/accounts`);
    else logger.info('Standing by: another instance owns the book. Reads are answered until it takes over');
  };
  const stop = async (reason: string) => {
    stopping = true;
    readiness.waitFor('shutdown');
    logger.info(`Shutting down (${reason})`);
    // Records that were begun are finished while their decisions can still be stored.
    await app.get(BatchTransport, { strict: false }).leave();
    await app.get(LiveBookService, { strict: false }).settled();
    await ownership.end();
    // A connection whose request is answered meanwhile would stay open for the next one, and the server wait for it.
    const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), SWEEP_MS);
    await app.close().finally(() => clearInterval(sweep));
    logger.info('✓ Stopped');
  };
  return {
    ready: load().catch((error: unknown) => {
      if (!stopping) throw error;
    }),
    stop,
  };
}

/** What owning the book means for the whole service. */
function succession(app: NestFastifyApplication, config: Config, step: Step): Succession {
  const get = <T>(type: Type<T>): T => app.get(type, { strict: false });
  const readiness = get(Readiness);
  return {
    async gained(epoch) {
      if (config.demo) {
        readiness.waitFor('the demo data');
        if (await get(Demo).load()) step('Demo data loaded: firm_demo with its desks and accounts');
      }
      readiness.waitFor('the book');
      await get(LiveBookService).open(epoch);
      step('Book loaded: this instance decides');
      get(Outbox).wake();
      get(Retention).begin();
      get(BatchTransport).join();
      // Never into somebody's broker.
      if (config.demo && !config.kafka && (await get(DemoFeed).start())) {
        step('Demo feed: a made-up quote of every demo symbol each second');
      }
      readiness.reached();
      void warmCache(get(CacheService), get(WarmUpService), step);
    },
    async lost(by) {
      // Without the store nothing is answered anyhow, which says so by itself.
      if (by) readiness.reached({ standby: true });
      get(LiveBookService).close();
      get(DemoFeed).stop();
      await get(BatchTransport).leave();
    },
  };
}

/** Fastify has a line of its own for each address, without the time: the step says it once. */
async function listenQuietly(app: NestFastifyApplication, { http }: Config): Promise<void> {
  const { log } = app.getHttpAdapter().getInstance();
  const { level } = log;
  log.level = 'warn';
  await app.listen(http.port, http.host).finally(() => {
    log.level = level;
  });
}

const WARM_UP_AFTER_MS = 500;
/** Between two words on how far a warm-up is. */
const PROGRESS_MS = 1_000;

/** In the background: nobody waits for it. */
async function warmCache(service: CacheService, warmUps: WarmUpService, step: Step): Promise<void> {
  // The first requests go first.
  await sleep(WARM_UP_AFTER_MS, undefined, { ref: false });
  const files = await service.lookAtFiles();
  if (files !== undefined) step(`Cache: ${files} files of before are there`);
  for (const namespace of warmUps.namespaces) {
    let saidMs = performance.now();
    const onProgress = (done: number, total: number) => {
      if (performance.now() - saidMs < PROGRESS_MS) return;
      saidMs = performance.now();
      step(`Cache: warming ${namespace}, ${done} of ${total}`);
    };
    try {
      const { found, loaded, failed } = await warmUps.run(namespace, undefined, onProgress);
      step(`Cache: ${namespace} warm, ${found + loaded} there${failed > 0 ? `, ${failed} cannot be made` : ''}`);
    } catch (error) {
      step(`Cache: ${namespace} is not warmed: ${String(error)}`);
    }
  }
}

type Step = (name: string) => void;

/** Logs a finished step with the time since the one before. */
function stepLog(logger: Logger, startedMs: number): Step {
  let sinceMs = startedMs;
  return (name) => {
    const now = performance.now();
    const ms = Math.round(now - sinceMs);
    sinceMs = now;
    logger.info({ ms }, `✓ ${name} (${ms} ms)`);
  };
}

function databaseUp({ database, dataDir }: Config): string {
  return `Database up: ${database.url ? 'PostgreSQL' : `embedded PostgreSQL in ${dataDir}/db`}`;
}

function cacheBegun({ cache: { redis, files } }: Config): string {
  const levels = [
    'memory',
    ...(redis ? [`Redis at ${new URL(redis.url).host}`] : []),
    ...(files ? [`files in ${files.dir}`] : []),
  ];
  return `Cache in ${levels.join(', ')}: what is away is left out, see /v1/cache/stats`;
}

function messagingBegun({ kafka }: Config): string {
  return kafka
    ? `Messaging over Kafka at ${kafka.brokers.join(', ')}: joining, see /health`
    : 'Messaging within this process: no broker, what is on its way ends with the process';
}

async function loadData(app: NestFastifyApplication, config: Config, step: Step): Promise<void> {
  const database = app.get(Database);
  const readiness = app.get(Readiness);
  readiness.waitFor('the database');
  if (database.status.state !== 'UP') {
    await database.whenUp();
    step(databaseUp(config));
  }
  readiness.waitFor('the price history');
  const book = await app.get(Prices, { strict: false }).current();
  step(`Price history loaded: ${book.symbols().length} symbols`);
  await app.startAllMicroservices();
  step(messagingBegun(config));
  step(cacheBegun(config));
  readiness.waitFor('the owner of the book');
}
