import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { declineDebianCluster, findPrograms, installPackage, versionedDirectories } from './install.js';
import { freePort } from './ports.js';
import { runs } from './processes.js';
import { cleanUpAfterUs, type ServiceUser, serviceUser, temporaryDirectory } from './temporary-directory.js';

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 20_000;

/** What it takes to reach and stop a server, also from another process. */
export interface PostgresAddress {
  readonly directory: string;
  readonly programs: string;
  readonly port: number;
  readonly password: string;
}

/** A throw-away PostgreSQL on the loopback that a test may stop, kill and start again on the same data and port. */
export class PostgresServer {
  private dispose: (() => Promise<void>) | undefined;

  private constructor(
    readonly address: PostgresAddress,
    private readonly user: ServiceUser | null,
    private readonly durable: boolean,
    private readonly fast = false,
  ) {}

  /**
   * `durable` keeps fsync on, for tests of what survives a crash. `keep`: it outlives this process. `fast`: with the
   * memory that a server has by default, as benchmarks want it, not the little that suits a test.
   */
  static async create({ durable = false, keep = false, fast = false } = {}): Promise<PostgresServer> {
    const programs = postgresPrograms();
    const user = serviceUser();
    const directory = temporaryDirectory('postgres', user);
    const address = { directory, programs, port: await freePort(), password: randomBytes(12).toString('hex') };
    const server = new PostgresServer(address, user, durable, fast);
    if (!keep) server.dispose = cleanUpAfterUs(directory, server.pidFile, user, 'QUIT');
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, address.password);
    if (user) chownSync(passwordFile, user.uid, user.gid);
    const options = ['-A', 'scram-sha-256', '--pwfile', passwordFile, '--no-sync', '--no-locale', '-E', 'UTF8'];
    const { status, stderr } = spawnSync(
      join(programs, 'initdb'),
      ['-D', server.dataDirectory, '-U', 'postgres', ...options],
      { encoding: 'utf8', cwd: directory, ...user },
    );
    if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
    return server;
  }

  static at(address: PostgresAddress): PostgresServer {
    return new PostgresServer(address, serviceUser(), false);
  }

  url(database = 'postgres'): string {
    return `postgresql://postgres:${this.address.password}@127.0.0.1:${this.address.port}/${database}`;
  }

  async start(): Promise<this> {
    const log = openSync(join(this.address.directory, 'log'), 'a', 0o644);
    const child = spawn(join(this.address.programs, 'postgres'), this.options(), {
      stdio: ['ignore', log, log],
      detached: true,
      cwd: this.address.directory,
      ...this.user,
    });
    child.unref();
    const deadline = Date.now() + START_MS_MAX;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${this.log()}`);
      await sleep(50);
    }
    return this;
  }

  /** Of the server while it runs. */
  get pid(): number {
    return Number(readFileSync(this.pidFile, 'utf8').split('\n')[0]);
  }

  /** A fast shutdown: clients are disconnected, nothing is lost. */
  async stop(): Promise<void> {
    await this.end('SIGINT');
  }

  /** As a crash would: no checkpoint, no farewell to the clients. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops it where it runs and removes its directory. */
  async destroy(): Promise<void> {
    this.dispose ??= cleanUpAfterUs(this.address.directory, this.pidFile, this.user, 'QUIT');
    await this.dispose();
  }

  private get dataDirectory(): string {
    return join(this.address.directory, 'data');
  }

  private get pidFile(): string {
    return join(this.dataDirectory, 'postmaster.pid');
  }

  private options(): string[] {
    const settings = {
      port: this.address.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: this.durable ? 'on' : 'off',
      shared_buffers: this.fast ? '128MB' : '32MB',
      max_connections: 100,
      wal_level: 'minimal',
      max_wal_senders: 0,
      autovacuum: 'off',
    };
    return [
      '-D',
      this.dataDirectory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url(), connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this;
    process.kill(pid, signal);
    const deadline = Date.now() + STOP_MS_MAX;
    while (runs(pid)) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL ${pid} did not end on ${signal}:\n${this.log()}`);
      await sleep(20);
    }
  }

  private log(): string {
    return readFileSync(join(this.address.directory, 'log'), 'utf8').split('\n').slice(-20).join('\n');
  }
}

/** Installs PostgreSQL where there is none. */
function postgresPrograms(): string {
  const find = () =>
    findPrograms(
      ['postgres', 'initdb'],
      [
        ...versionedDirectories('/usr/lib/postgresql'),
        ...versionedDirectories('/opt/homebrew/opt', 'postgresql@'),
        ...versionedDirectories('/usr/local/opt', 'postgresql@'),
      ],
    );
  const found = find();
  if (found) return found;
  declineDebianCluster();
  installPackage({ apt: ['postgresql'], brew: 'postgresql@17' });
  const installed = find();
  if (!installed)
    throw new Error('PostgreSQL was installed, yet its programs postgres and initdb are nowhere to be found');
  return installed;
}
