import { Redis } from 'ioredis';

const CONNECT_MS_MAX = 500;
/** Far beyond what anybody waits for: a command that nobody answers must not stay for ever. */
const COMMAND_MS_MAX = 2_000;
const RETRY_LAST_MS = 2_000;

export interface RedisSettings {
  readonly url: string;
  readonly db: number;
  readonly keyPrefix: string;
}

/**
 * A connection that comes back by itself and fails at once while it is away: with ioredis' defaults each command would
 * wait for ten seconds.
 */
export function connectRedis(
  { url, db, keyPrefix }: RedisSettings,
  { autoPipelining = true, autoResubscribe = true } = {},
): Redis {
  const client = new Redis(url, {
    db,
    keyPrefix,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_MS_MAX,
    commandTimeout: COMMAND_MS_MAX,
    enableAutoPipelining: autoPipelining,
    autoResubscribe,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), RETRY_LAST_MS) * (0.75 + Math.random() / 2),
  });
  // Its state is looked at where it matters; without a listener each failure would be printed.
  client.on('error', () => undefined);
  return client;
}
