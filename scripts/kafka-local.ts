/**
 * A Kafka for development, without Docker, whose data stay in data/kafka. From any folder:
 *
 *   scripts/kafka-local start [--port 9092]   starts it and prints what to set for the service
 *   scripts/kafka-local status                whether it runs and answers
 *   scripts/kafka-local stop | kill           ends it, cleanly or as a crash would; the data stay
 *   scripts/kafka-local reset                 ends it where it runs and deletes its data
 *   scripts/kafka-local --help                prints this
 */
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KafkaServer } from './services/kafka-server.js';

const USAGE = `usage: scripts/kafka-local <command>

  start [--port <n>]   starts Kafka on port <n>, 9092 by default, and prints what to set for the service
  status               whether it runs and answers
  stop | kill          ends it, cleanly or as a crash would; the data stay
  reset                ends it where it runs and deletes its data
  --help               prints this
`;

/** Not ours to do: the usage follows, and the exit code is 2. */
class UsageError extends Error {}

const directory = fileURLToPath(new URL('../data/kafka', import.meta.url));

async function start(port: number | undefined): Promise<void> {
  const running = KafkaServer.runningIn(directory);
  if (running && port !== undefined && port !== running.address.port) {
    throw new Error(`Kafka runs already, on port ${running.address.port}. Stop it first: scripts/kafka-local stop`);
  }
  if (running) {
    say(`Kafka runs already, process ${running.pid}`);
    return sayAddress(running);
  }
  mkdirSync(directory, { recursive: true });
  const since = Date.now();
  const kafka = await KafkaServer.create({ directory, port: port ?? 9092, fast: true });
  await kafka.start();
  say(
    `Kafka started in ${((Date.now() - since) / 1_000).toFixed(1)} s, process ${kafka.pid}, data and log in ${directory}`,
  );
  sayAddress(kafka);
}

async function status(): Promise<void> {
  const kafka = KafkaServer.runningIn(directory);
  if (!kafka) {
    say('Kafka does not run');
    process.exitCode = 1;
    return;
  }
  const answers = await kafka.answers();
  say(`Kafka runs, process ${kafka.pid}${answers ? '' : ', but does not answer (it starts, stops or is frozen)'}`);
  sayAddress(kafka);
  if (!answers) process.exitCode = 1;
}

async function end(how: 'stop' | 'kill'): Promise<void> {
  const kafka = KafkaServer.runningIn(directory);
  if (!kafka) return say('Kafka does not run');
  await kafka[how]();
  say(how === 'stop' ? 'Kafka stopped' : 'Kafka was killed');
}

async function reset(): Promise<void> {
  await KafkaServer.runningIn(directory)?.kill();
  rmSync(directory, { recursive: true, force: true });
  say(`Kafka holds nothing any more: ${directory} is deleted`);
}

/** On the standard output alone, for `eval` and for files of variables. */
function sayAddress(kafka: KafkaServer): void {
  process.stdout.write(`KAFKA_BOOTSTRAP_SERVERS=${kafka.bootstrapServers}\n`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new UsageError(`--port is an integer from 1 to 65535, not ${text}`);
  }
  return port;
}

/** What the command line asks for. Throws {@link UsageError}. */
function parsedCommand(): () => void | Promise<void> {
  const { help, port, positionals } = parsedOptions();
  if (help) return () => void process.stdout.write(USAGE);
  const [command, ...more] = positionals;
  if (command === undefined) throw new UsageError('a command is missing');
  if (more.length > 0) throw new UsageError(`${command} takes no ${more.join(' ')}`);
  if (port !== undefined && command !== 'start') throw new UsageError(`${command} takes no --port`);
  switch (command) {
    case 'start':
      return () => start(port);
    case 'status':
      return status;
    case 'stop':
    case 'kill':
      return () => end(command);
    case 'reset':
      return reset;
    default:
      throw new UsageError(`there is no command ${command}`);
  }
}

function parsedOptions() {
  try {
    const options = { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    return { positionals, help: values.help, port: values.port === undefined ? undefined : parsePort(values.port) };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

try {
  await parsedCommand()();
} catch (error) {
  const isUsage = error instanceof UsageError;
  say(error instanceof Error ? error.message : String(error));
  if (isUsage) process.stderr.write(`\n${USAGE}`);
  process.exitCode = isUsage ? 2 : 1;
}
