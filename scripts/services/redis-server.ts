import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPrograms, installPackage } from './install.js';
import { freePort } from './ports.js';
import { runs } from './processes.js';
import { cleanUpAfterUs, temporaryDirectory } from './temporary-directory.js';

const START_MS_MAX = 15_000;
const STOP_MS_MAX = 10_000;
const ANSWER_MS_MAX = 500;

/** What it takes to reach and stop a server, also from another process. */
export interface RedisAddress {
  readonly directory: string;
  readonly programs: string;
  readonly port: number;
}

/** A throw-away Redis on the loopback that a test may freeze, stop, kill and start again on the same data and port. */
export class RedisServer {
  private dispose: (() => Promise<void>) | undefined;

  private constructor(
    readonly address: RedisAddress,
    private readonly durable: boolean,
  ) {}

  /** `durable` keeps each write in a file, for tests of what survives a crash. `keep`: it outlives this process. */
  static async create({ durable = false, keep = false } = {}): Promise<RedisServer> {
    const address = {
      directory: temporaryDirectory('redis', null),
      programs: redisPrograms(),
      port: await freePort(),
    };
    const server = new RedisServer(address, durable);
    if (!keep) server.dispose = server.disposal();
    return server;
  }

  static at(address: RedisAddress): RedisServer {
    return new RedisServer(address, false);
  }

  url(database = 0): string {
    return `redis://127.0.0.1:${this.address.port}/${database}`;
  }

  async start(): Promise<this> {
    const { directory, programs } = this.address;
    writeFileSync(this.configurationFile, this.configuration());
    const log = openSync(join(directory, 'log'), 'a', 0o644);
    const child = spawn(join(programs, 'redis-server'), [this.configurationFile], {
      stdio: ['ignore', log, log],
      detached: true,
      cwd: directory,
    });
    child.unref();
    const deadline = Date.now() + START_MS_MAX;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Redis did not start:\n${this.log()}`);
      await sleep(20);
    }
    return this;
  }

  /** Of the server while it runs. */
  get pid(): number {
    return Number(readFileSync(this.pidFile, 'utf8'));
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** It keeps its connections and answers nothing. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** Stops it where it runs and removes its directory. */
  async destroy(): Promise<void> {
    this.dispose ??= this.disposal();
    await this.dispose();
  }

  private disposal(): () => Promise<void> {
    // A frozen one would not hear anything gentler.
    return cleanUpAfterUs(this.address.directory, this.pidFile, null, 'KILL');
  }

  private get pidFile(): string {
    return join(this.address.directory, 'pid');
  }

  private get configurationFile(): string {
    return join(this.address.directory, 'redis.conf');
  }

  private configuration(): string {
    const settings = {
      bind: '127.0.0.1',
      port: this.address.port,
      dir: this.address.directory,
      pidfile: this.pidFile,
      // Its command line goes on naming the directory, by which the process is known as ours.
      'set-proc-title': 'no',
      save: '""',
      appendonly: this.durable ? 'yes' : 'no',
      // What was written outlives the process, if not the machine.
      appendfsync: 'everysec',
    };
    return Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join('');
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ port: this.address.port, host: '127.0.0.1', timeout: ANSWER_MS_MAX });
      const settle = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('connect', () => socket.write('PING\r\n'));
      socket.once('data', (bytes) => settle(String(bytes).startsWith('+PONG')));
      for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, () => settle(false));
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this;
    process.kill(pid, signal);
    const deadline = Date.now() + STOP_MS_MAX;
    while (runs(pid)) {
      if (Date.now() > deadline) throw new Error(`Redis ${pid} did not end on ${signal}:\n${this.log()}`);
      await sleep(10);
    }
  }

  private log(): string {
    return readFileSync(join(this.address.directory, 'log'), 'utf8').split('\n').slice(-20).join('\n');
  }
}

/** Installs Redis where there is none. */
function redisPrograms(): string {
  const find = () => findPrograms(['redis-server'], ['/usr/bin', '/opt/homebrew/bin', '/usr/local/bin']);
  const found = find();
  if (found) return found;
  installPackage({ apt: ['redis-server'], brew: 'redis' });
  const installed = find();
  if (!installed) throw new Error('Redis was installed, yet its program redis-server is nowhere to be found');
  return installed;
}
