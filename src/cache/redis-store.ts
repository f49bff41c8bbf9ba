import { redisInsStore } from 'cache-manager-ioredis-yet';
import type { Redis } from 'ioredis';
import { StoreFullError, type TextStore } from './level.js';
import { MICROSECONDS } from './stamps.js';
import { DeadlineError, withinDeadline } from './within-deadline.js';

const SCANNED_AT_ONCE = 500;
/** How often the size of Redis is asked for. */
const SIZE_EVERY_MS = 5_000;
const PING_MS_MAX = 500;
const PROBE_KEY = 'probe';
const RUN_KEY = 'run';
const SILENCES_MAX = 5;
/** Every text of ours, as JSON: nothing else is ever given to a parser. */
const OURS = '"v1|';

/**
 * Level 2: texts in Redis, written by cache-manager's store. That store reads a text such as `_function_…` by `eval`, so
 * it is not asked to read: what begins like a text of ours is read by JSON.parse, and everything else is passed over.
 */
export class RedisStore implements TextStore {
  size: { entries: number; bytes: number } | undefined;
  /** When this run of Redis was first seen by any instance: what it held before may be older than what it once had. */
  floor = Number.POSITIVE_INFINITY;
  private silences = 0;
  /** Commands without answer yet. */
  private underWay = 0;
  private connectFailure = 'not connected yet';
  private readonly store;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: Redis,
    private readonly options: { readonly prefix: string; readonly now: () => number },
  ) {
    this.store = redisInsStore(client);
    client.on('error', (error) => {
      this.connectFailure = error.message;
    });
    this.timer = setInterval(() => void this.measure(), SIZE_EVERY_MS);
    this.timer.unref();
  }

  get<T>(key: string): Promise<T | undefined> {
    return this.send(() => this.client.get(this.named(key))).then(textOf, ifOfOtherType) as Promise<T | undefined>;
  }

  async mget(...keys: string[]): Promise<unknown[]> {
    return (await this.send(() => this.client.mget(keys.map((key) => this.named(key))))).map(textOf);
  }

  async set<T>(key: string, text: T, ttlMs?: number): Promise<void> {
    await this.send(() => this.store.set(this.named(key), text, ttlMs)).catch(throwFull);
  }

  async add(key: string, text: string, ttlMs: number): Promise<void> {
    await this.send(() => this.client.set(this.named(key), JSON.stringify(text), 'PX', ttlMs, 'NX')).catch(throwFull);
  }

  async mset(texts: [string, unknown][], ttlMs?: number): Promise<void> {
    const named = texts.map(([key, text]): [string, unknown] => [this.named(key), text]);
    await this.store.mset(named, ttlMs).catch(throwFull);
  }

  async del(key: string): Promise<void> {
    await this.mdel(key);
  }

  async mdel(...keys: string[]): Promise<void> {
    await this.unlink(keys.map((key) => this.named(key)));
  }

  async ttl(key: string): Promise<number> {
    return this.store.ttl(this.named(key));
  }

  /** Looks through all keys of the database in small steps, as Redis serves others meanwhile. */
  async deleteNamespace(namespace: string): Promise<void> {
    const pattern = `${this.options.prefix.replace(/[*?[\]\\]/g, '\\$&')}${namespace}:*`;
    for (let cursor = '0'; ; ) {
      const [next, found] = await this.client.scan(cursor, 'MATCH', pattern, 'COUNT', SCANNED_AT_ONCE);
      if (found.length > 0) await this.unlink(found);
      if (next === '0') return;
      cursor = next;
    }
  }

  /** Throws where Redis does not answer; after some silence it is tried by a new connection. */
  async check(): Promise<void> {
    if (this.client.status !== 'ready') throw new Error(this.connectFailure);
    const { db } = this.client.options;
    try {
      // The client goes on in the database 0 where it may not have another, and says nothing.
      if (db) await withinDeadline(this.client.select(db), PING_MS_MAX);
      // A replica, or one that cannot save, answers reads and takes no deletes: it is as good as away.
      await withinDeadline(this.client.unlink(this.named(PROBE_KEY)), PING_MS_MAX);
      this.floor = await withinDeadline(this.firstSeen(), PING_MS_MAX);
      this.silences = 0;
    } catch (error) {
      if (error instanceof DeadlineError && ++this.silences % SILENCES_MAX === 0) this.client.disconnect(true);
      throw error;
    }
    void this.measure();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.client.disconnect();
  }

  /** By a mark in Redis itself, which names the run: a server that starts again, or another one, has another run. */
  private async firstSeen(): Promise<number> {
    const now = this.options.now() * MICROSECONDS;
    // Who may not ask takes each connection for another run.
    const run = await this.client.info('server').then((info) => /^run_id:(\w+)/m.exec(info)?.[1], ifNotAllowed);
    if (run === undefined) return now;
    const [markedRun, since] = ((await this.client.get(this.named(RUN_KEY))) ?? '').split('|');
    if (markedRun === run && Number(since) > 0) return Number(since);
    await this.client.set(this.named(RUN_KEY), `${run}|${now}`).catch(() => undefined);
    return now;
  }

  /** It would empty a database that others use too. */
  async reset(): Promise<void> {
    throw new Error('the cache never flushes Redis; delete a namespace');
  }

  /** It would hold up Redis for everybody. */
  async keys(): Promise<string[]> {
    throw new Error('the cache never lists the keys of Redis');
  }

  private named(key: string): string {
    return this.options.prefix + key;
  }

  private async unlink(names: readonly string[]): Promise<void> {
    await this.send(() => this.client.unlink([...names]));
  }

  /**
   * Commands that come while others are under way go together, three times as many in the same time; a single one goes
   * at once. Either way they keep their order.
   */
  private send<T>(command: () => Promise<T>): Promise<T> {
    this.client.options.enableAutoPipelining = this.underWay > 0;
    this.underWay++;
    return command().then(this.answered, this.refused);
  }

  private readonly answered = <T>(answer: T): T => {
    this.underWay--;
    return answer;
  };

  private readonly refused = (error: unknown): never => {
    this.underWay--;
    throw error;
  };

  /** Of the whole database and server, whoever wrote it. */
  private async measure(): Promise<void> {
    try {
      const [entries, memory] = await Promise.all([this.client.dbsize(), this.client.info('memory')]);
      if (!Number.isSafeInteger(entries)) throw new Error('no number of keys');
      this.size = { entries, bytes: Number(/^used_memory:(\d+)/m.exec(memory)?.[1] ?? 0) };
    } catch {
      this.size = undefined;
    }
  }
}

/** Undefined where nothing is there; an empty text, which is none of ours, where something else is. */
function textOf(raw: string | null): string | undefined {
  if (raw === null) return undefined;
  if (!raw.startsWith(OURS)) return '';
  try {
    const text: unknown = JSON.parse(raw);
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

/** A list or a hash under a key of ours is nothing against Redis. */
function ifOfOtherType(error: Error): string {
  if (error.message.startsWith('WRONGTYPE')) return '';
  throw error;
}

/** An error of the server, not of the way to it. */
function ifNotAllowed(error: Error): undefined {
  if (error.name !== 'ReplyError') throw error;
}

/** A full Redis still answers what it has. */
function throwFull(error: Error): never {
  throw error.message.startsWith('OOM') ? new StoreFullError(error.message) : error;
}
