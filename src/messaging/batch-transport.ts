import { Logger } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server, Transport } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { BatchRunner, type Handle } from './batch-runner.js';
import type { BatchContext, ConsumeOptions, Refusal } from './consume.decorator.js';
import type { DeadLetterWriter } from './dead-letter-writer.js';
import type { BatchControl, GroupMember, MessagingDriver } from './driver.js';
import { GroupStats } from './group-stats.js';
import { INSTANCE_ID } from './instance.js';
import type { RecordBatch } from './record.js';
import { TOPICS_AT_START } from './standard-topics.js';

/** Longest time the way down may take. */
const DRAIN_MS_MAX = 5_000;

/** A consumer group of this process: its handlers by topic, what it did, and its place in the cluster. */
export interface ConsumerGroup {
  readonly name: string;
  /** As the cluster knows it: its name, or one of this instance alone. */
  readonly id: string;
  readonly eachInstance: boolean;
  readonly handlers: Map<string, { readonly options: ConsumeOptions; readonly runner: BatchRunner }>;
  readonly stats: GroupStats;
  member: GroupMember | undefined;
}

/**
 * Nest's transport for whole batches of a partition, over any driver. One member per group, so that a group that stalls
 * holds up no other; guards, interceptors and injection work as everywhere in Nest.
 */
export class BatchTransport extends Server implements CustomTransportStrategy {
  override transportId = Transport.KAFKA;
  /** Failures decide what is committed, so they come back to us instead of into a log. */
  override propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger('Messaging');
  private readonly groupsByName = new Map<string, ConsumerGroup>();

  constructor(
    private readonly driver: MessagingDriver,
    private readonly deadLetters: DeadLetterWriter,
  ) {
    super();
  }

  get groups(): readonly ConsumerGroup[] {
    return [...this.groupsByName.values()];
  }

  override addHandler(topic: string, callback: MessageHandler, isEventHandler: boolean, extras: ConsumeOptions): void {
    if (!isEventHandler || !extras.group) throw new Error(`${topic}: expected a handler declared with @Consume`);
    const group = this.group(extras);
    if (group.handlers.has(topic)) throw new Error(`${topic}: ${extras.group} has two handlers`);
    const runner = new BatchRunner({
      options: extras,
      handle: this.handleOf(callback),
      deadLetters: this.deadLetters,
      stats: group.stats,
      logger: this.logger,
    });
    group.handlers.set(topic, { options: extras, runner });
    super.addHandler(topic, callback, isEventHandler, extras);
  }

  /** Begins to connect; the callback says that it began. Messages come once it joins its groups. */
  listen(callback: () => void): void {
    this.driver.start(TOPICS_AT_START);
    for (const group of this.groups) if (group.eachInstance) this.enter(group);
    callback();
  }

  /** Takes part in the groups that instances share. */
  join(): void {
    for (const group of this.groups) this.enter(group);
  }

  /** Leaves them once the running batches are done; what every instance reads goes on. */
  async leave(): Promise<void> {
    const shared = this.groups.filter(({ eachInstance }) => !eachInstance);
    const members = shared.map(({ member }) => member);
    for (const group of shared) group.member = undefined;
    await Promise.all(members.map((member) => member?.close()));
  }

  /** Finishes and commits the running batches, sends what waits, and disconnects. */
  async close(): Promise<void> {
    await this.driver.stop(DRAIN_MS_MAX);
  }

  override on(): never {
    throw new Error('this transport has no events; see /v1/messaging/stats');
  }

  override unwrap<T>(): T {
    return this.driver as T;
  }

  private enter(group: ConsumerGroup): void {
    group.member ??= this.driver.subscribe({
      group: group.id,
      topics: [...group.handlers.keys()],
      onBatch: (batch: RecordBatch, control: BatchControl) =>
        group.handlers.get(batch.topic)!.runner.run(batch, control),
    });
  }

  private group({ group: name, eachInstance = false }: ConsumeOptions): ConsumerGroup {
    const known = this.groupsByName.get(name);
    if (known) return known;
    const id = eachInstance ? `${name}.${INSTANCE_ID}` : name;
    const group = { name, id, eachInstance, handlers: new Map(), stats: new GroupStats(), member: undefined };
    this.groupsByName.set(name, group);
    return group;
  }

  private handleOf(callback: MessageHandler): Handle {
    return async (messages: readonly unknown[], context: BatchContext) => {
      const reply = this.transformToObservable(await callback(messages, context));
      return lastValueFrom(reply, { defaultValue: undefined }) as Promise<readonly Refusal[] | undefined>;
    };
  }
}
