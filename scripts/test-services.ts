/**
 * The servers that the tests need, as throw-away processes on the loopback.
 *
 *   tsx scripts/test-services.ts run <command …>   starts them, runs the command, ends and removes them
 *   tsx scripts/test-services.ts start             starts them for many runs and prints what to export
 *   tsx scripts/test-services.ts stop | kill       ends those of `start`, cleanly or as a crash would
 *
 * A server that the environment names already (TEST_DATABASE_URL) is used as it is.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDatabaseTemplate } from './make-db-template.js';
import { type PostgresAddress, PostgresServer } from './services/postgres-server.js';

const stateFile = fileURLToPath(new URL('../node_modules/.cache/redfire-risk/test-services.json', import.meta.url));

async function run([program, ...options]: string[]): Promise<number> {
  if (!program) throw new Error('usage: test-services run <command …>');
  await ensureDatabaseTemplate();
  const postgres = process.env['TEST_DATABASE_URL'] ? undefined : await (await PostgresServer.create()).start();
  const environment: Record<string, string> = postgres ? { TEST_DATABASE_URL: postgres.url() } : {};
  try {
    return await exitCode(program, options, environment);
  } finally {
    await postgres?.destroy();
  }
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
  await ensureDatabaseTemplate();
  const postgres = await (await PostgresServer.create({ keep: true })).start();
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, JSON.stringify({ postgres: postgres.address }), { mode: 0o600 });
  process.stdout.write(`export TEST_DATABASE_URL=${postgres.url()}\n`);
}

async function end(how: 'stop' | 'kill'): Promise<void> {
  if (!existsSync(stateFile)) throw new Error('No test services run');
  const state: { postgres: PostgresAddress } = JSON.parse(readFileSync(stateFile, 'utf8'));
  const postgres = PostgresServer.at(state.postgres);
  if (how === 'kill') await postgres.kill();
  await postgres.destroy();
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
