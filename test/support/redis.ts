import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { RedisServer } from '../../scripts/services/redis-server.js';

let ownServer: Promise<string> | undefined;

/** The test runner names the server; a spec that is run by itself starts one, which ends with this process. */
export function sharedRedisUrl(): Promise<string> {
  const given = process.env['TEST_REDIS_URL'];
  if (given) return Promise.resolve(given);
  ownServer ??= RedisServer.create().then(async (server) => (await server.start()).url());
  return ownServer;
}

/** Keys of its own on a server that others use too. */
export const uniquePrefix = () => `test-${randomBytes(6).toString('hex')}:`;

/** A test's own Redis, to freeze, kill and start again. Not started yet; `destroy()` it at the end. */
export const dedicatedRedis = (options?: { durable?: boolean }): Promise<RedisServer> => RedisServer.create(options);

/** A plain client beside the cache; `quit()` it at the end. */
export const redisClient = (url: string): Redis => new Redis(url);
