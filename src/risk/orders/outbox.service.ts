import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type BatchOutcome, Messaging, type OutgoingMessage } from '../../messaging/ports.js';
import { Publishes } from '../../messaging/publishes.decorator.js';
import { alertExample } from './alert.examples.js';
import { alertMessage } from './alert.schema.js';
import type { BookWrite } from './book-write.js';
import { decisionSchema } from './decision.schema.js';
import { orderDecisionExample } from './decisions.examples.js';
import { BookStore, LiveBook, Ownership } from './ports.js';

const BATCH = 500;
/** Between two looks into the store: at full speed each finds hundreds, and nobody waits for what is told here. */
const PACE_MS = 25;
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
  private running: Promise<void> | null = null;
  private again = false;
  private stopping = false;

  constructor(
    private readonly store: BookStore,
    private readonly messaging: Messaging,
    private readonly ownership: Ownership,
    book: LiveBook,
  ) {
    book.onWritten((write) => {
      if (hasNews(write)) this.wake();
    });
  }

  /** There may be something to tell. */
  wake(): void {
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
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
        this.logger.debug(`what is to be told waits: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** True where there may be more. */
  private async sendSome(): Promise<boolean> {
    const { decisions, alerts } = await this.store.unpublished(BATCH);
    if (decisions.length + alerts.length === 0 || this.ownership.epoch === null) return false;
    const decided = await this.send(
      'order_decisions',
      decisions.map((value) => ({ key: value.order_id, value, messageType: 'ORDER_DECISION' })),
    );
    const alerted = await this.send(
      'risk_alerts',
      alerts.map((value) => ({ key: value.alert_id, value, messageType: 'RISK_ALERT' })),
    );
    await this.store.markPublished({
      decisions: decisions.filter((_, index) => !decided.has(index)),
      alertIds: alerts.filter((_, index) => !alerted.has(index)).map(({ alert_id }) => alert_id),
    });
    const failed = decided.size + alerted.size;
    if (failed > 0) throw new Error(`${failed} messages were not acknowledged`);
    return true;
  }

  /** Places of the messages that were not acknowledged. */
  private async send(topic: string, messages: readonly OutgoingMessage[]): Promise<ReadonlySet<number>> {
    if (messages.length === 0) return new Set();
    const { failures }: BatchOutcome = await this.messaging.sendBatch(topic, messages);
    return new Set(failures.map(({ index }) => index));
  }
}

const hasNews = ({ alerts, decisions, revisions }: BookWrite): boolean =>
  alerts.length > 0 || revisions.length > 0 || decisions.some(({ record }) => !record.published);
