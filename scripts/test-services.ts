/**
 * The servers that the tests need, as throw-away processes on the loopback.
 *
 *   tsx scripts/test-services.ts run <command …>   starts them, runs the command, ends and removes them
 *   tsx scripts/test-services.ts start             starts them for many runs and prints what to export
 *   tsx scripts/test-services.ts stop | kill       ends those of `start`, cleanly or as a crash would
 *
 * `run` uses a server that the environment names already as it is: TEST_DATABASE_URL,
 * TEST_KAFKA_BOOTSTRAP_SERVERS, TEST_REDIS_URL.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDatabaseTemplate } from './make-db-template.js';
import { type KafkaAddress, KafkaServer } from './services/kafka-server.js';
import { type PostgresAddress, PostgresServer } from './services/postgres-server.js';
import { type RedisAddress, RedisServer } from './services/redis-server.js';

const stateFile = fileURLToPath(new URL('../node_modules/.cache/redfire-risk/test-services.json', import.meta.url));

async function run([program, ...options]: string[]): Promise<number> {
  if (!program) throw new Error('usage: test-services run <command …>');
  const servers = await startServers({
    postgres: !process.env['TEST_DATABASE_URL'],
    kafka: !process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'],
    redis: !process.env['TEST_REDIS_URL'],
  });
  try {
    return await exitCode(program, options, environmentOf(servers));
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.destroy()));
  }
}

interface Servers {
  readonly postgres?: PostgresServer;
  readonly kafka?: KafkaServer;
  readonly redis?: RedisServer;
}

interface Wanted {
  readonly postgres: boolean;
  readonly kafka: boolean;
  readonly redis: boolean;
  readonly keep?: boolean;
}

/** All at the same time. Where one fails, the others are removed again. */
async function startServers(wanted: Wanted): Promise<Servers> {
  // Kafka first: its programs run beside ours.
  const kafka = wanted.kafka ? startServer(KafkaServer.create(wanted)) : undefined;
  const postgres = wanted.postgres ? startServer(PostgresServer.create(wanted)) : undefined;
  const redis = wanted.redis ? startServer(RedisServer.create(wanted)) : undefined;
  const outcomes = await Promise.allSettled([kafka, postgres, redis, ensureDatabaseTemplate()]);
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  if (failures.length > 0) {
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled' && typeof outcome.value === 'object') await outcome.value.destroy();
    }
    throw new Error(failures.map((reason) => (reason instanceof Error ? reason.message : reason)).join('\n'));
  }
  return {
    ...(kafka && { kafka: await kafka }),
    ...(postgres && { postgres: await postgres }),
    ...(redis && { redis: await redis }),
  };
}

async function startServer<Server extends { start(): Promise<unknown>; destroy(): Promise<void> }>(
  created: Promise<Server>,
): Promise<Server> {
  const server = await created;
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.destroy();
    throw error;
  }
}

function environmentOf({ postgres, kafka, redis }: Servers): Record<string, string> {
  return {
    ...(postgres && { TEST_DATABASE_URL: postgres.url() }),
    ...(kafka && { TEST_KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers }),
    ...(redis && { TEST_REDIS_URL: redis.url() }),
  };
}

function exitCode(program: string, options: string[], environment: Record<string, string>): Promise<number> {
  const child = spawn(program, options, { stdio: 'inherit', env: { ...process.env, ...environment } });
  // Ctrl-C reaches the child by itself; we stay to clean up after it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function start(): Promise<void> {
  if (existsSync(stateFile)) throw new Error('The test services run already; stop them first: test-services stop');
  const servers = await startServers({ postgres: true, kafka: true, redis: true, keep: true });
  const state: State = {
    postgres: servers.postgres?.address,
    kafka: servers.kafka?.address,
    redis: servers.redis?.address,
  };
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, JSON.stringify(state), { mode: 0o600 });
  for (const [name, value] of Object.entries(environmentOf(servers))) process.stdout.write(`export ${name}=${value}\n`);
}

interface State {
  readonly postgres?: PostgresAddress;
  readonly kafka?: KafkaAddress;
  readonly redis?: RedisAddress;
}

async function end(how: 'stop' | 'kill'): Promise<void> {
  if (!existsSync(stateFile)) throw new Error('No test services run');
  const state: State = JSON.parse(readFileSync(stateFile, 'utf8'));
  const servers = [
    ...(state.postgres ? [PostgresServer.at(state.postgres)] : []),
    ...(state.kafka ? [KafkaServer.at(state.kafka)] : []),
    ...(state.redis ? [RedisServer.at(state.redis)] : []),
  ];
  for (const server of servers) {
    if (how === 'kill') await server.kill();
    await server.destroy();
  }
  rmSync(stateFile);
}

const [command, ...rest] = process.argv.slice(2);
try {
  if (command === 'run') process.exitCode = await run(rest);
  else if (command === 'start') await start();
  else if (command === 'stop' || command === 'kill') await end(command);
  else throw new Error('usage: test-services run <command …> | start | stop | kill');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
