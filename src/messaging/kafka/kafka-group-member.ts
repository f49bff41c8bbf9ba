import type { GroupMember, MemberStatus, Subscription } from '../driver.js';
import type { TopicPartition } from '../record.js';
import type { ClusterLink } from './cluster-link.js';
import { ConsumerLife, type MemberContext } from './consumer-life.js';
import { BackOff, Pause, settledWithin } from './deadline.js';
import { wordsOf } from './failure.js';
import type { KafkaSettings } from './options.js';
import { partitionKey } from './partition-run.js';

const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 5_000;
/** A consumer that gives no sign of life for so long while the cluster is there hangs, and is replaced. */
const SILENCE_MS_MAX = 90_000;
const LOOK_EVERY_MS = 10_000;
const CLOSE_MS_MAX = 30_000;
/** Failures in a row that nobody needs to hear of. */
const FAILURES_USUAL = 4;

/** A member of a group that comes back by itself: a new consumer of kafkajs for each that ended. */
export class KafkaGroupMember implements GroupMember {
  private partitions: readonly TopicPartition[] = [];
  private reason: string | null = null;
  private life: ConsumerLife | undefined;
  private closing: Promise<void> | undefined;
  private closed = false;
  private lastSaid = '';
  private failures = 0;
  private readonly inHand = new Map<string, Promise<unknown>>();
  private readonly backOff = new BackOff(RETRY_FIRST_MS, RETRY_LAST_MS);
  private readonly pause = new Pause();
  private readonly context: MemberContext;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly subscription: Subscription,
    private readonly link: ClusterLink,
    private readonly onClosed: (member: KafkaGroupMember) => void,
  ) {
    this.context = {
      settings,
      subscription,
      inHand: this.inHand,
      isClosing: () => this.closing !== undefined,
      onThrow: (error, { topic, partition }) =>
        settings.logger.error(
          { err: error, group: subscription.group, topic, partition },
          'A batch failed and comes again',
        ),
      onJoin: (partitions) => this.onJoin(partitions),
      onLost: link.suspect,
    };
    void this.live();
  }

  get status(): MemberStatus {
    if (this.closed) return { state: 'CLOSED', reason: null, partitions: [] };
    const { state, reason } = this.link.status;
    if (state !== 'UP') return { state: this.link.wasTried ? 'DOWN' : 'JOINING', reason, partitions: [] };
    if (this.life?.joined) return { state: 'RUNNING', reason: null, partitions: this.partitions };
    return { state: 'JOINING', reason: this.reason ?? 'Waiting for its partitions', partitions: [] };
  }

  close(timeoutMs = CLOSE_MS_MAX): Promise<void> {
    this.closing ??= this.leave(timeoutMs);
    return this.closing;
  }

  private async leave(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    this.pause.wake();
    await settledWithin(timeoutMs, Promise.allSettled(this.inHand.values()));
    await this.life?.leave(Math.max(100, until - Date.now()));
    this.closed = true;
    this.life = undefined;
    this.onClosed(this);
  }

  private async live(): Promise<void> {
    // Whoever subscribes has the member first.
    await Promise.resolve();
    while (!this.closing) {
      if (!(await this.link.whenUp(Date.now() + LOOK_EVERY_MS))) {
        // After a stop of the driver it would be asked for ever.
        if (!this.closing) await this.pause.rest(RETRY_FIRST_MS);
        continue;
      }
      if (this.closing) return;
      const life = new ConsumerLife(this.context);
      this.life = life;
      const failure = await this.through(life);
      if (this.closing) return;
      this.life = undefined;
      this.partitions = [];
      this.say(failure);
      void life.leave(1_000);
      await this.pause.rest(this.backOff.take());
    }
  }

  /** One life; why it ended, in words. */
  private async through(life: ConsumerLife): Promise<string> {
    const { topics } = this.subscription;
    const missing = topics.filter((topic) => this.link.knownPartitions(topic) === undefined);
    if (missing.length > 0) return `There is no topic ${missing.join(', ')}`;
    try {
      await life.open();
    } catch (error) {
      this.link.suspect();
      return wordsOf(error);
    }
    let crash: Error | undefined;
    void life.crashed.then((error) => {
      crash = error;
      this.pause.wake();
    });
    while (!this.closing) {
      await this.pause.rest(crash ? 0 : LOOK_EVERY_MS);
      if (crash) {
        this.link.suspect();
        return wordsOf(crash);
      }
      const silentMs = Date.now() - life.lastSign;
      if (silentMs > SILENCE_MS_MAX && this.link.status.state === 'UP') {
        return `No sign of life for ${Math.round(silentMs / 1_000)} s`;
      }
    }
    return 'It was closed';
  }

  private onJoin(partitions: readonly TopicPartition[]): void {
    const changed = keysOf(partitions) !== keysOf(this.partitions) || this.lastSaid !== '';
    this.partitions = partitions;
    this.reason = null;
    this.lastSaid = '';
    this.failures = 0;
    this.backOff.reset();
    if (!changed) return;
    const { group, topics } = this.subscription;
    const all = topics.reduce((sum, topic) => sum + (this.link.knownPartitions(topic) ?? 0), 0);
    // Fewer than all: somebody else reads the rest.
    this.settings.logger.info({ group, partitions: partitions.length, all_partitions: all }, 'Joined the group');
  }

  /** Once per change, and only of what lasts: a broker that just started first loads what it knows of its groups. */
  private say(failure: string): void {
    this.reason = failure;
    if (++this.failures < FAILURES_USUAL || failure === this.lastSaid) return;
    this.lastSaid = failure;
    const { group } = this.subscription;
    this.settings.logger.warn({ group, reason: failure }, 'Out of the group, trying to join again');
  }
}

function keysOf(partitions: readonly TopicPartition[]): string {
  return partitions.map(partitionKey).sort().join();
}
