import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { classArchive, javaProgram, kafkaJars } from './kafka/distribution.js';
import {
  type SecureListeners,
  type SecurePorts,
  scramUsers,
  securePorts,
  secureSettings,
} from './kafka/secure-listeners.js';
import { freePort, isFree } from './ports.js';
import { cleanUpAfterUs, temporaryDirectory } from './temporary-directory.js';

const START_MS_MAX = 90_000;
const STOP_MS_MAX = 60_000;
const ANSWER_MS_MAX = 1_000;

const loggingConfiguration = fileURLToPath(new URL('kafka/log4j2.properties', import.meta.url));
/** Starts sooner, and is slower under load. */
const QUICK_COMPILER = '-XX:TieredStopAtLevel=1';

/** What it takes to reach and stop a broker, also from another process. */
export interface KafkaAddress {
  readonly directory: string;
  readonly port: number;
  /** Of the listeners beside the plain one, where it has any. */
  readonly secure?: SecurePorts;
}

export interface KafkaOptions {
  /** Where it keeps its data and finds those of an earlier run; it outlives this process. Default: a throw-away one. */
  readonly directory?: string;
  readonly port?: number;
  /** A throw-away broker that outlives this process, until `destroy()`. */
  readonly keep?: boolean;
  /** Compiles its code for throughput, as benchmarks want it, not for a quick start. */
  readonly fast?: boolean;
  /** Listeners with TLS and for clients that sign in, beside the plain one. */
  readonly secure?: SecureListeners;
}

/** An Apache Kafka of one node on the loopback that a test may stop, kill, freeze and start again on the same data and port. */
export class KafkaServer {
  private dispose: (() => Promise<void>) | undefined;

  private constructor(
    readonly address: KafkaAddress,
    private readonly fast: boolean,
    private readonly secure?: SecureListeners,
  ) {}

  static async create(options: KafkaOptions = {}): Promise<KafkaServer> {
    const { directory, port, keep = false, fast = false, secure } = options;
    const archive = classArchive(await kafkaJars(javaProgram()));
    if (!existsSync(archive)) await KafkaServer.rehearse(archive);
    const home = directory ?? temporaryDirectory('kafka', null);
    const address = { directory: home, port: port ?? (await freePort()) };
    const server = new KafkaServer({ ...address, ...(secure && { secure: await securePorts() }) }, fast, secure);
    if (!keep && !directory) server.dispose = server.disposal();
    mkdirSync(server.dataDirectory, { recursive: true });
    if (!existsSync(join(server.dataDirectory, 'meta.properties'))) await server.format();
    return server;
  }

  static at(address: KafkaAddress): KafkaServer {
    return new KafkaServer(address, false);
  }

  /** The broker that runs on this directory, whoever started it. */
  static runningIn(directory: string): KafkaServer | undefined {
    const port = Number(pidFileLines(directory)[1]);
    const server = KafkaServer.at({ directory, port });
    return server.pid === undefined ? undefined : server;
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.address.port}`;
  }

  /** Of the broker while it runs. The pid of a file may long belong to another program: its command line tells. */
  get pid(): number | undefined {
    const pid = Number(pidFileLines(this.address.directory)[0]);
    return pid > 0 && commandLine(pid).endsWith(` kafka.Kafka ${this.configurationFile}`) ? pid : undefined;
  }

  async start(): Promise<this> {
    const archive = classArchive(await kafkaJars(javaProgram()));
    await this.run([`-XX:SharedArchiveFile=${archive}`]);
    return this;
  }

  /**
   * The first start on this machine is a rehearsal: at its end Java writes what it loaded to an archive, which halves the
   * time that each later start takes. An archive that does not fit the Java at hand is passed over by it.
   */
  private static async rehearse(archive: string): Promise<void> {
    process.stderr.write('Rehearsing the start of Kafka, once on this machine …\n');
    const directory = temporaryDirectory('kafka', null);
    const server = new KafkaServer({ directory, port: await freePort() }, false);
    server.dispose = server.disposal();
    const incoming = `${archive}.${process.pid}`;
    try {
      mkdirSync(server.dataDirectory);
      await server.format();
      await server.run([`-XX:ArchiveClassesAtExit=${incoming}`]);
      await server.stop();
      renameSync(incoming, archive);
    } finally {
      await server.destroy();
      rmSync(incoming, { force: true });
    }
  }

  private async run(moreOptions: readonly string[]): Promise<void> {
    const { directory, port } = this.address;
    const java = javaProgram();
    const jars = await kafkaJars(java);
    const controllerPort = await freePort();
    if (this.pid !== undefined) throw new Error(`Kafka runs already on ${directory}, process ${this.pid}`);
    if (!(await isFree(port))) throw new Error(`Port ${port} is taken by another program: Kafka cannot listen on it`);
    this.configure(controllerPort);
    const log = openSync(join(directory, 'log'), 'a', 0o644);
    const options = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', ...(this.fast ? [] : [QUICK_COMPILER])];
    const child = spawn(
      java,
      [...options, ...moreOptions, ...this.javaOptions(jars), 'kafka.Kafka', this.configurationFile],
      {
        stdio: ['ignore', log, log],
        detached: true,
        cwd: directory,
      },
    );
    child.unref();
    writeFileSync(this.pidFile, `${child.pid}\n${port}\n`);
    const deadline = Date.now() + START_MS_MAX;
    while (!(await this.answers())) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Kafka did not start:\n${this.log()}`);
      if (Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`Kafka did not answer within ${START_MS_MAX / 1_000} s and was ended:\n${this.log()}`);
      }
      await sleep(50);
    }
  }

  /** A controlled shutdown: what it holds is on the disk, clients are disconnected. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** As a crash would: no farewell to the clients, a recovery at the next start. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** It stays connected and says nothing any more, as behind a network that lost its packets. */
  freeze(): void {
    process.kill(this.runningPid(), 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.runningPid(), 'SIGCONT');
  }

  /** Ends it where it runs and removes its directory with all data. */
  async destroy(): Promise<void> {
    this.dispose ??= this.disposal();
    await this.dispose();
  }

  /** Whether a broker answers on the port: it opens the port when it is ready for clients. */
  answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.address.port, '127.0.0.1', () => socket.write(API_VERSIONS_REQUEST));
      const settle = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.setTimeout(ANSWER_MS_MAX, () => settle(false));
      socket.once('error', () => settle(false));
      socket.once('close', () => settle(false));
      // The length comes first, then the number that we gave our request.
      socket.once('data', (reply) => settle(reply.length >= 8 && reply.readInt32BE(4) === CORRELATION_ID));
    });
  }

  private get dataDirectory(): string {
    return join(this.address.directory, 'data');
  }

  private get configurationFile(): string {
    return join(this.address.directory, 'server.properties');
  }

  private get pidFile(): string {
    return join(this.address.directory, 'pid');
  }

  private disposal(): () => Promise<void> {
    return cleanUpAfterUs(this.address.directory, this.pidFile, null, 'KILL');
  }

  private async format(): Promise<void> {
    const java = javaProgram();
    const jars = await kafkaJars(java);
    this.configure(await freePort());
    // An id of 16 bytes that does not look like an option of the command line.
    const clusterId = `k${randomBytes(16).toString('base64url').slice(1)}`;
    const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.configurationFile];
    const options = ['-XX:+UseSerialGC', QUICK_COMPILER, ...this.javaOptions(jars)];
    const users = this.secure ? scramUsers(this.secure) : [];
    const all = [...options, ...tool, ...users, '--ignore-formatted'];
    await promisify(execFile)(java, all, { cwd: this.address.directory });
  }

  private javaOptions(jars: string): string[] {
    return [
      // Nothing of ours in the shared /tmp: neither performance data nor unpacked native libraries.
      '-XX:-UsePerfData',
      `-Djava.io.tmpdir=${this.address.directory}`,
      `-Dlog4j2.configurationFile=${loggingConfiguration}`,
      '-cp',
      `${jars}/*`,
    ];
  }

  private configure(controllerPort: number): void {
    const { secure } = this.address;
    const more =
      this.secure && secure ? secureSettings(this.secure, secure) : { listeners: [], protocols: [], settings: {} };
    const brokers = [`PLAINTEXT://${this.bootstrapServers}`, ...more.listeners];
    const settings = {
      'process.roles': 'broker,controller',
      'node.id': 1,
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      listeners: [...brokers, `CONTROLLER://127.0.0.1:${controllerPort}`].join(),
      'advertised.listeners': brokers.join(),
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAINTEXT',
      'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...more.protocols].join(),
      'log.dirs': this.dataDirectory,
      // After a crash it is let in again when the lease of its former self has run out: 9 s by default.
      'broker.session.timeout.ms': 2_000,
      'broker.heartbeat.interval.ms': 250,
      'auto.create.topics.enable': false,
      'group.initial.rebalance.delay.ms': 0,
      'default.replication.factor': 1,
      'min.insync.replicas': 1,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 4,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'transaction.state.log.num.partitions': 4,
      'share.coordinator.state.topic.replication.factor': 1,
      'share.coordinator.state.topic.min.isr': 1,
      'share.coordinator.state.topic.num.partitions': 4,
      ...more.settings,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.configurationFile, lines.join(''));
  }

  private runningPid(): number {
    const { pid } = this;
    if (pid === undefined) throw new Error(`No Kafka runs on ${this.address.directory}`);
    return pid;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const pid = this.runningPid();
    process.kill(pid, signal);
    // A frozen one could not hear it.
    if (signal !== 'SIGKILL') process.kill(pid, 'SIGCONT');
    const deadline = Date.now() + STOP_MS_MAX;
    // Its threads may hold port and files a moment longer than the process shows its command line.
    while (this.pid === pid || !(await isFree(this.address.port))) {
      if (Date.now() > deadline) throw new Error(`Kafka ${pid} did not end on ${signal}:\n${this.log()}`);
      await sleep(20);
    }
  }

  private log(): string {
    return readFileSync(join(this.address.directory, 'log'), 'utf8').split('\n').slice(-20).join('\n');
  }
}

const CORRELATION_ID = 0x7265_6466;

/** ApiVersions, version 0, with no client id: what each client asks first. */
const API_VERSIONS_REQUEST = Buffer.alloc(14);
API_VERSIONS_REQUEST.writeInt32BE(10, 0);
API_VERSIONS_REQUEST.writeInt16BE(18, 4);
API_VERSIONS_REQUEST.writeInt32BE(CORRELATION_ID, 8);
API_VERSIONS_REQUEST.writeInt16BE(-1, 12);

/** The pid of the broker, then its port. */
function pidFileLines(directory: string): string[] {
  try {
    return readFileSync(join(directory, 'pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Of a process that runs; a killed child of ours that Node has not reaped yet has none any more. */
function commandLine(pid: number): string {
  try {
    const line =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return line.trim();
  } catch {
    return '';
  }
}
