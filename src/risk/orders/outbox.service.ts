import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type BatchOutcome, Messaging, type OutgoingMessage } from '../../messaging/ports.js';
import { Publishes } from '../../messaging/publishes.decorator.js';
import { alertExample } from './alert.examples.js';
import { alertMessage } from './alert.schema.js';
import { decisionSchema } from './decision.schema.js';
import { orderDecisionExample } from './decisions.examples.js';
import { BookStore, LiveBook, Ownership, type Untold } from './ports.js';
import { UntoldInMemory } from './untold-in-memory.js';

const BATCH = 1_000;
/** Between two batches: at full speed each has hundreds, and nobody waits for what is told here. */
const PACE_MS = 50;
/** How often the store is asked whatever memory knows: a write whose answer was lost is stored all the same. */
const LOOK_MS = 5_000;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 5_000;

/**
 * Tells the world what was stored and not told yet: decisions that no record of `trade_orders` waits for, outcomes of
 * approvals, alerts. What was sent and not marked before a crash is sent again.
 */
@Publishes('order_decisions', {
  summary:
    'Every binding decision, keyed by `order_id`; the outcome of an approval is `revision` 2 of the same `decision_id`.',
  schema: decisionSchema,
  example: orderDecisionExample.reply,
})
@Publishes('risk_alerts', {
  summary: 'What somebody should know at once: a hard limit breached, a latch, a kill switch, an unexpected fill.',
  schema: alertMessage,
  example: alertExample,
})
@Injectable()
export class Outbox implements OnApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly memory = new UntoldInMemory();
  /** What is being sent, without what was acknowledged. */
  private inHand: Untold | null = null;
  private readonly looks = setInterval(() => this.wake(), LOOK_MS).unref();
  private running: Promise<void> | null = null;
  private again = false;
  private stopping = false;

  constructor(
    private readonly store: BookStore,
    private readonly messaging: Messaging,
    private readonly ownership: Ownership,
    book: LiveBook,
  ) {
    book.onWritten((write, number) => {
      if (this.memory.add(write, number)) this.tell();
    });
  }

  /** There may be something to tell that only the store knows of. */
  wake(): void {
    this.memory.forget();
    this.tell();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.looks);
    this.stopping = true;
    await this.running;
  }

  private tell(): void {
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  private async run(): Promise<void> {
    let pauseMs = RETRY_MS_MIN;
    while (this.again && !this.stopping && this.ownership.epoch !== null) {
      this.again = false;
      try {
        if (await this.sendSome()) this.again = true;
        pauseMs = RETRY_MS_MIN;
        if (this.again) await sleep(PACE_MS);
      } catch (error) {
        this.again = true;
        this.memory.forget();
        this.logger.debug(`what is to be told waits: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** True where there may be more. */
  private async sendSome(): Promise<boolean> {
    this.inHand ??= this.memory.isComplete ? this.memory.take(BATCH) : await this.lookUp();
    if (this.ownership.epoch === null) {
      // Whoever has the next one finds it in the store.
      this.inHand = null;
      this.memory.forget();
      return false;
    }
    const { last, isAll } = this.inHand;
    if (!isAll || !isEmpty(this.inHand)) {
      await this.sendInHand(this.inHand);
      await this.store.markTold(last);
    }
    this.inHand = null;
    return !isAll;
  }

  /** Throws where any of it was not acknowledged; that remains in hand. Nothing counts as told before all of it is. */
  private async sendInHand({ decisions, alerts, last }: Untold): Promise<void> {
    const decided = await this.send(
      'order_decisions',
      decisions.map((value) => ({ key: value.order_id, value, messageType: 'ORDER_DECISION' })),
    );
    const alerted = await this.send(
      'risk_alerts',
      alerts.map((value) => ({ key: value.alert_id, value, messageType: 'RISK_ALERT' })),
    );
    const failed = decided.size + alerted.size;
    this.inHand = {
      decisions: decisions.filter((_, index) => decided.has(index)),
      alerts: alerts.filter((_, index) => alerted.has(index)),
      last,
      // Whether or not there is more, these come first.
      isAll: false,
    };
    if (failed > 0) throw new Error(`${failed} messages were not acknowledged`);
  }

  private async lookUp(): Promise<Untold> {
    this.memory.begin();
    const found = await this.store.untold(BATCH);
    if (found.isAll) this.memory.leaveOut(found.last);
    else this.memory.forget();
    return found;
  }

  /** Places of the messages that were not acknowledged. */
  private async send(topic: string, messages: readonly OutgoingMessage[]): Promise<ReadonlySet<number>> {
    if (messages.length === 0) return new Set();
    const { failures }: BatchOutcome = await this.messaging.sendBatch(topic, messages);
    return new Set(failures.map(({ index }) => index));
  }
}

const isEmpty = ({ decisions, alerts }: Untold): boolean => decisions.length + alerts.length === 0;
