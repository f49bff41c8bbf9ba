/**
 * A Kafka for development, without Docker, whose data stay in data/kafka. From any folder:
 *
 *   scripts/kafka-local start [--port 9092]   starts it and prints what to set for the service
 *   scripts/kafka-local status                whether it runs and answers
 *   scripts/kafka-local stop | kill           ends it, cleanly or as a crash would; the data stay
 *   scripts/kafka-local reset                 ends it where it runs and deletes its data
 */
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KafkaServer } from './services/kafka-server.js';

const USAGE = 'usage: kafka-local start [--port <n>] | status | stop | kill | reset';

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

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port is an integer from 1 to 65535, not ${text}`);
  }
  return port;
}

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' } } });
  const [command, ...more] = positionals;
  if (more.length > 0 || (values.port !== undefined && command !== 'start')) throw new Error(USAGE);
  if (command === 'start') await start(parsePort(values.port));
  else if (command === 'status') await status();
  else if (command === 'stop' || command === 'kill') await end(command);
  else if (command === 'reset') await reset();
  else throw new Error(USAGE);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
