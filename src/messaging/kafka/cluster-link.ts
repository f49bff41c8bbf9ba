import type { Admin } from 'kafkajs';
import { RiskError } from '../../risk/errors.js';
import type { DriverStatus } from '../driver.js';
import type { EnsuredTopic, TopicSpec, TopicState } from '../topic.js';
import { KafkaClient } from './client.js';
import { BackOff, Pause, settledWithin, within } from './deadline.js';
import { failureKind, wordsOf } from './failure.js';
import type { KafkaSettings } from './options.js';
import { ensureTopics } from './topic-admin.js';

/** Between two looks at a cluster that answers; a lost connection is looked at once. */
const PROBE_EVERY_MS = 5_000;
const PROBE_MS_MAX = 4_000;
const CALL_MS_MAX = 8_000;
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 2_000;
/** Between two looks that someone asked for. */
const HURRY_MS_MIN = 200;

/** The one place that knows whether the cluster is there: it asks by itself, so that nobody has to ask for a status. */
export class ClusterLink {
  status: DriverStatus = { state: 'CONNECTING', reason: 'Not connected yet' };
  ensured: readonly EnsuredTopic[] = [];
  /** Whether it was looked for, with whatever outcome. */
  wasTried = false;
  private partitions: ReadonlyMap<string, number> = new Map();
  private readonly messageBytes = new Map<string, number>();
  private client: KafkaClient | undefined;
  private admin: Admin | undefined;
  private specs: readonly TopicSpec[] | undefined;
  private topicsEnsured = false;
  private stopped = false;
  private looking: Promise<void> | undefined;
  private readonly pause = new Pause();
  private readonly upWaiters = new Set<() => void>();
  private lastSaid = '';

  constructor(private readonly settings: KafkaSettings) {}

  start(specs: readonly TopicSpec[]): void {
    this.specs = specs;
    void this.run();
  }

  /** Someone met a failure: look at once. */
  suspect = (): void => this.pause.wake();

  /** Once the cluster answers; false at the deadline (milliseconds since 1970) and after `stop`. */
  async whenUp(deadline: number): Promise<boolean> {
    while (this.status.state !== 'UP' && !this.stopped && Date.now() < deadline) {
      let wake: (() => void) | undefined;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
        this.upWaiters.add(resolve);
      });
      await settledWithin(Math.min(deadline - Date.now(), 60_000), woken);
      this.upWaiters.delete(wake!);
    }
    return this.status.state === 'UP' && !this.stopped;
  }

  /** Partitions of a topic as last seen. */
  knownPartitions(topic: string): number | undefined {
    return this.partitions.get(topic);
  }

  /** The largest batch of a topic in bytes, where it was ever read. */
  maxMessageBytes(topic: string): number | undefined {
    return this.messageBytes.get(topic);
  }

  /** Remembers what was read of topics. */
  learn(states: readonly TopicState[]): void {
    for (const { name, maxMessageBytes } of states) {
      if (maxMessageBytes !== null) this.messageBytes.set(name, maxMessageBytes);
    }
  }

  /** Partitions of a topic, asking where it is not known; undefined where there is none. Throws what kafkajs throws. */
  async findPartitions(topic: string): Promise<number | undefined> {
    const known = this.partitions.get(topic);
    if (known !== undefined) return known;
    await this.look();
    return this.partitions.get(topic);
  }

  /** Looks at the topics now. */
  look(): Promise<void> {
    this.looking ??= this.fetchPartitions().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** A call for a client of the service. Throws `dependency_unavailable`. */
  async call<Value>(work: (admin: Admin) => Promise<Value>): Promise<Value> {
    if (this.status.state === 'DOWN' || this.stopped) throw unavailable(this.status.reason ?? 'It was stopped');
    try {
      return await within(CALL_MS_MAX, work(await this.connected()), 'It did not answer in time');
    } catch (error) {
      if (error instanceof RiskError) throw error;
      this.giveUpAdmin(error);
      this.suspect();
      throw unavailable(wordsOf(error));
    }
  }

  async stop(timeoutMs: number): Promise<void> {
    this.stopped = true;
    this.pause.wake();
    for (const wake of this.upWaiters) wake();
    const { admin, client } = this;
    if (admin) await settledWithin(timeoutMs, admin.disconnect());
    client?.close();
  }

  private async run(): Promise<void> {
    const backOff = new BackOff(RETRY_FIRST_MS, RETRY_LAST_MS);
    while (!this.stopped) {
      const failure = await this.probe();
      if (this.stopped) return;
      if (failure === undefined) backOff.reset();
      this.become(failure);
      await this.pause.rest(failure === undefined ? PROBE_EVERY_MS : backOff.take());
      // A failing sender asks for each of its records.
      if (!this.stopped && failure === undefined) await new Promise((resolve) => setTimeout(resolve, HURRY_MS_MIN));
    }
  }

  /** The failure in words. */
  private async probe(): Promise<string | undefined> {
    try {
      await within(PROBE_MS_MAX, this.look(), 'The broker did not answer');
    } catch (error) {
      this.giveUpAdmin(error);
      this.topicsEnsured = false;
      return wordsOf(error);
    }
    await this.ensureWanted();
    return undefined;
  }

  private async ensureWanted(): Promise<void> {
    if (this.topicsEnsured || !this.specs) return;
    try {
      this.ensured = await within(CALL_MS_MAX, ensureTopics(await this.connected(), this.specs), 'No answer in time');
      this.topicsEnsured = true;
      this.learn(this.ensured.map(({ state }) => state));
      await this.look();
      for (const { state, created, differences } of this.ensured) {
        if (created) this.settings.logger.info({ topic: state.name, partitions: state.partitions }, 'Topic created');
        if (differences.length > 0) {
          this.settings.logger.warn({ topic: state.name, differences }, 'Topic is not as wanted and stays as it is');
        }
      }
    } catch (error) {
      this.giveUpAdmin(error);
      this.say('warn', `The topics could not be created or read, trying again: ${wordsOf(error)}`);
    }
  }

  private become(failure: string | undefined): void {
    this.wasTried = true;
    const brokers = this.settings.brokers.join(', ');
    if (failure === undefined) {
      if (this.status.state !== 'UP') this.say('info', `Kafka answers at ${brokers}`);
      this.status = { state: 'UP', reason: null };
      for (const wake of this.upWaiters) wake();
      return;
    }
    const state = this.status.state === 'CONNECTING' ? 'CONNECTING' : 'DOWN';
    this.status = { state, reason: `Kafka at ${brokers} cannot be reached: ${failure}` };
    this.say('warn', `${this.status.reason}. Trying again until it answers`);
  }

  /** Once per change. */
  private say(level: 'info' | 'warn', words: string): void {
    if (words === this.lastSaid) return;
    this.lastSaid = words;
    this.settings.logger[level](words);
  }

  private async fetchPartitions(): Promise<void> {
    const { topics } = await (await this.connected()).fetchTopicMetadata();
    this.partitions = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  private async connected(): Promise<Admin> {
    if (!this.admin) {
      this.client = new KafkaClient(this.settings, this.suspect);
      this.admin = this.client.kafka.admin();
    }
    const { admin } = this;
    await admin.connect();
    return admin;
  }

  /**
   * A new admin client instead of one that failed: kafkajs keeps asking for every topic it was ever asked about, and each
   * of its answers is an error once one of them was deleted.
   */
  private giveUpAdmin(error: unknown): void {
    if (failureKind(error) === 'refused') return;
    this.client?.close();
    this.client = undefined;
    this.admin = undefined;
  }
}

export function unavailable(reason: string): RiskError {
  const words = reason.startsWith('Kafka at') ? reason : `Kafka cannot be reached: ${reason}`;
  return new RiskError('dependency_unavailable', words);
}
