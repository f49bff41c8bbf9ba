import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { getConfigToken, registerAs } from '@nestjs/config';
import { z } from 'zod';
import { kafkaSecurityProblems } from './messaging/kafka/security-problems.js';
import { COMPRESSION_TYPES, SASL_MECHANISMS } from './messaging/names.schema.js';
import { accountId } from './risk/wire.schema.js';

/** Injection token of the {@link Config} that @nestjs/config serves. */
export const CONFIG = getConfigToken('redfire');

/** The `load` entry of ConfigModule for an already parsed configuration. */
export const configSource = (config: Config) => registerAs('redfire', () => config);

const flag = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true')
  .optional();
const port = z.coerce.number({ error: 'expected an integer from 0 to 65535' }).int().min(0).max(65_535);
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const confidence = 'expected a number above 0.5 and below 1 with at most four decimals';
/** A host name, an IPv4 address or an IPv6 address in brackets, and a port. */
const BROKER_ADDRESS = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/;
const isBrokerAddress = (text: string) => {
  const port = Number(BROKER_ADDRESS.exec(text)?.[1]);
  return port > 0 && port <= 65_535;
};
/** Up to eight digits behind the point, so that it is exact. */
const ratio = (standard: number) =>
  z.coerce
    .number({ error: 'expected a number above 0 and up to 100' })
    .gt(0)
    .max(100)
    .refine((value) => Number(value.toFixed(8)) === value, 'expected at most eight digits behind the point')
    .default(standard);
const seconds = (standard: number) =>
  z.coerce.number({ error: 'expected an integer from 1 to 604800' }).int().min(1).max(604_800).default(standard);
const integer = (min: number, max: number, standard: number) =>
  z.coerce
    .number({ error: `expected an integer from ${min} to ${max}` })
    .int()
    .min(min)
    .max(max)
    .default(standard);
const text = z.string().min(1, 'expected a text of at least one character');

/** A PostgreSQL address; its password never appears in an error or a log. */
const databaseUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol),
    'expected postgres://user:password@host:port/database',
  );

/** A Redis address; its password never appears in an error or a log. */
const redisUrl = z.string().refine((value) => {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search } = new URL(value);
  // Its driver would take anything as a database, and options from what follows.
  return ['redis:', 'rediss:'].includes(protocol) && /^\/?\d{0,6}$/.test(pathname) && search === '';
}, 'expected redis://user:password@host:port/database, or rediss:// for TLS');

/**
 * Every environment variable the service reads, with its default. The description of each is the text of the table in
 * README.md (a test compares them).
 */
export const environmentSchema = z.object({
  HOST: text.default('127.0.0.1').describe('Address the HTTP server listens on'),
  PORT: port.default(3000).describe('Port the HTTP server listens on (0 = any free one)'),
  LOG_LEVEL: z
    .enum(levels, { error: `expected ${levels.slice(0, -1).join(', ')} or ${levels.at(-1)}` })
    .default('info')
    .describe('Least severe log lines that are written'),
  DATA_DIR: text.default('./data').describe('Folder of the embedded database and of uploads in progress'),
  DATABASE_URL: databaseUrl.optional().describe('PostgreSQL 15 or later; unset = embedded PostgreSQL in `DATA_DIR`/db'),
  KAFKA_BOOTSTRAP_SERVERS: z
    .string()
    .transform((list) => list.split(',').map((server) => server.trim()))
    .refine((servers) => servers.every(isBrokerAddress), 'expected host:port,host:port')
    .optional()
    .describe('Brokers as host:port, with commas between; unset = messages stay in this process'),
  KAFKA_CLIENT_ID_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'expected letters, digits and . _ -')
    .default('redfire')
    .describe('Beginning of the client ids that the brokers see'),
  KAFKA_COMPRESSION_TYPE: z
    .enum(COMPRESSION_TYPES, { error: 'expected none, gzip, snappy, lz4 or zstd' })
    .default('gzip')
    .describe('How records are compressed when they are sent'),
  KAFKA_SSL: flag.describe('Whether connections to the brokers are encrypted (TLS)'),
  KAFKA_SSL_CA_FILE: text
    .optional()
    .describe('PEM file of the authorities that brokers are checked by; unset = the usual ones'),
  KAFKA_SSL_CERT_FILE: text
    .optional()
    .describe('PEM file of the certificate by which brokers know this service, with its chain'),
  KAFKA_SSL_KEY_FILE: text.optional().describe('PEM file of the key of that certificate'),
  KAFKA_SASL_MECHANISM: z
    .enum(SASL_MECHANISMS, { error: 'expected plain, scram-sha-256 or scram-sha-512' })
    .optional()
    .describe(
      'How this service signs in at the brokers: `plain`, `scram-sha-256`, `scram-sha-512`; unset = not at all',
    ),
  KAFKA_SASL_USERNAME: text.optional().describe('Name to sign in with'),
  KAFKA_SASL_PASSWORD: text.optional().describe('Password to sign in with'),
  REDIS_URL: redisUrl.optional().describe('Redis 6 or later as second level of the cache; unset = memory and files'),
  REDIS_DB: integer(0, 1_000_000, 0).describe('Number of the database in Redis, where `REDIS_URL` names none'),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'expected 1 to 100 printable ASCII characters')
    .default('redfire:')
    .describe('Beginning of every key in Redis: the same for instances on one database, another one for any other'),
  CACHE_L1_MAX_SIZE: integer(1, 10_000_000, 1_000).describe('Most entries of the cache in memory'),
  CACHE_L1_MAX_MEMORY_MB: integer(1, 1_000_000, 100).describe(
    'Most memory of those entries, in megabytes of 2^20 bytes',
  ),
  CACHE_L2_TTL_SECONDS: seconds(3_600).describe('Longest life of a value in Redis'),
  CACHE_L3_DIR: text.optional().describe('Folder of the cache in files; unset = `DATA_DIR`/cache'),
  CACHE_L3_MAX_FILES: integer(0, 10_000_000, 10_000).describe('Most files of the cache; 0 = none'),
  CACHE_L3_TTL_SECONDS: seconds(86_400).describe('Longest life of a value in a file'),
  RISK_DEMO: flag.describe('Load demo data into an empty store; default true with the embedded database, else false'),
  RISK_VAR_CONFIDENCE_LEVEL: z.coerce
    .number({ error: confidence })
    .gt(0.5, { abort: true })
    .lt(1, { abort: true })
    .refine((level) => Number(level.toFixed(4)) === level, confidence)
    .default(0.95)
    .describe('Confidence level where a request names none'),
  RISK_MAX_VAR_RATIO: ratio(0.05).describe(
    'VaR of an account ÷ its equity where the path of the account sets no limit',
  ),
  RISK_MAX_POSITION_RATIO: ratio(0.2).describe(
    'Exposure in one symbol ÷ equity where the path of the account sets no limit',
  ),
  RISK_SESSION_START: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\dZ$/, 'expected a time of day in UTC such as 21:00Z')
    .default('00:00Z')
    .describe("Start of the trading session: DAY orders of before are released, the day's loss begins anew"),
  DEFAULT_ACCOUNT_ID: accountId.default('default').describe('Account of orders that name none'),
  ORDER_MAX_AGE_SECONDS: seconds(300).describe('A new order whose `timestamp` is older is rejected (`STALE_ORDER`)'),
  APPROVAL_TTL_SECONDS: seconds(300).describe('An order that waits for an approval is rejected after that time'),
  DECISION_DETAIL: z
    .enum(['nearest', 'full'], { error: 'expected nearest or full' })
    .default('nearest')
    .describe('What decisions on Kafka list: the check `nearest` to its limit, or every check (`full`)'),
  DECISION_RETENTION_DAYS: z.coerce
    .number({ error: 'expected an integer from 1 to 3650' })
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .describe('Days after which decisions, fills and alerts are removed'),
  WORKER_THREADS: z.coerce
    .number({ error: 'expected an integer from 1 to 64' })
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Threads for long computations; default one less than the processors, at least 1'),
});

type Environment = z.infer<typeof environmentSchema>;

/** The whole configuration, read once at start and frozen. */
export type Config = ReturnType<typeof toConfig>;

const MEGABYTE = 1_048_576;

function toConfig(env: Environment) {
  return deepFreeze({
    http: { host: env.HOST, port: env.PORT },
    log: { level: env.LOG_LEVEL },
    dataDir: env.DATA_DIR,
    database: { url: env.DATABASE_URL },
    kafka: env.KAFKA_BOOTSTRAP_SERVERS && {
      brokers: env.KAFKA_BOOTSTRAP_SERVERS,
      clientId: `${env.KAFKA_CLIENT_ID_PREFIX}-risk`,
      compression: env.KAFKA_COMPRESSION_TYPE,
      tls: env.KAFKA_SSL
        ? { caFile: env.KAFKA_SSL_CA_FILE, certFile: env.KAFKA_SSL_CERT_FILE, keyFile: env.KAFKA_SSL_KEY_FILE }
        : undefined,
      sasl: env.KAFKA_SASL_MECHANISM && {
        mechanism: env.KAFKA_SASL_MECHANISM,
        username: env.KAFKA_SASL_USERNAME ?? '',
        password: env.KAFKA_SASL_PASSWORD ?? '',
      },
    },
    cache: {
      memory: { entriesMax: env.CACHE_L1_MAX_SIZE, bytesMax: env.CACHE_L1_MAX_MEMORY_MB * MEGABYTE },
      redis:
        env.REDIS_URL === undefined
          ? undefined
          : {
              url: env.REDIS_URL,
              db: env.REDIS_DB,
              keyPrefix: env.REDIS_KEY_PREFIX,
              ttlSeconds: env.CACHE_L2_TTL_SECONDS,
            },
      files:
        env.CACHE_L3_MAX_FILES === 0
          ? undefined
          : {
              dir: env.CACHE_L3_DIR ?? join(env.DATA_DIR, 'cache'),
              filesMax: env.CACHE_L3_MAX_FILES,
              ttlSeconds: env.CACHE_L3_TTL_SECONDS,
            },
    },
    demo: env.RISK_DEMO ?? env.DATABASE_URL === undefined,
    risk: { confidenceLevel: env.RISK_VAR_CONFIDENCE_LEVEL },
    orders: {
      defaultAccountId: env.DEFAULT_ACCOUNT_ID,
      decisionDetail: env.DECISION_DETAIL,
      retentionDays: env.DECISION_RETENTION_DAYS,
      maxAgeSeconds: env.ORDER_MAX_AGE_SECONDS,
      approvalTtlSeconds: env.APPROVAL_TTL_SECONDS,
      maxVarRatio: env.RISK_MAX_VAR_RATIO,
      maxPositionRatio: env.RISK_MAX_POSITION_RATIO,
      sessionStart: env.RISK_SESSION_START,
    },
    workers: { threads: env.WORKER_THREADS },
  });
}

/** Every bad variable at once, each with what was got and what is expected. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ✗ ${problem}`).join('\n')}`);
  }
}

/** Parses the variables; an empty or blank one counts as unset. Throws {@link ConfigError}. */
export function parseConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const single = (parsed.error?.issues ?? []).map(({ path, message }) => ({ name: String(path[0]), message }));
  const wrong = new Set(single.map(({ name }) => name));
  // What is wrong by itself is said once.
  const together = kafkaSecurityProblems(given).filter(({ name }) => !wrong.has(name));
  if (parsed.success && together.length === 0) return toConfig(parsed.data);
  throw new ConfigError(
    [...single, ...together].map(({ name, message }) => `${name}: got ${shown(name, given[name])}, ${message}`),
  );
}

/** Reads `.env` of the working directory, if any, under the process environment, which wins. */
export function loadConfig(): Config {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return parseConfig({ ...file, ...process.env });
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  const secret = /URL|KEY|SECRET|PASSWORD|TOKEN/.test(name);
  return secret ? '(hidden)' : JSON.stringify(value);
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const child of Object.values(value)) if (child && typeof child === 'object') deepFreeze(child);
  return Object.freeze(value);
}
