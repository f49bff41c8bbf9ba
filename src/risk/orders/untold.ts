import type { AlertMessage } from './alert.schema.js';
import type { BookWrite } from './book-write.js';
import type { DecisionReply } from './decision.schema.js';
import type { Unpublished } from './ports.js';

/** What is longer waits in the store alone. */
const UNTOLD_MAX = 10_000;

/**
 * What was stored and nobody was told yet, in the order of the writes. Memory has it while all goes well; at the start,
 * after a failure and where it grows too long only the store knows (`isComplete` is false), and is asked.
 */
export class Untold {
  private decisions: DecisionReply[] = [];
  private alerts: AlertMessage[] = [];
  /** What the store named last: memory may hear of it later. */
  private named: ReadonlySet<string> = new Set();
  private complete = false;

  get isComplete(): boolean {
    return this.complete;
  }

  /** True where there is anything to tell. */
  add({ decisions, revisions, alerts }: BookWrite): boolean {
    const untold = decisions.filter(({ record }) => !record.published).map(({ record }) => record.reply);
    if (untold.length + revisions.length + alerts.length === 0) return false;
    if (!this.complete) return true;
    this.decisions.push(...[...untold, ...revisions].filter(this.isNews));
    this.alerts.push(...alerts.filter(this.isNewAlert));
    if (this.decisions.length + this.alerts.length > UNTOLD_MAX) this.forget();
    return true;
  }

  /** The oldest, up to `limit` of each. */
  take(limit: number): Unpublished {
    return { decisions: this.decisions.splice(0, limit), alerts: this.alerts.splice(0, limit) };
  }

  /** Only the store knows. */
  forget(): void {
    this.complete = false;
    this.decisions = [];
    this.alerts = [];
  }

  /** Before the store is asked: what is written from now on is known here. */
  begin(): void {
    this.forget();
    this.complete = true;
  }

  /** After: this is what the store knew, and all of it. */
  leaveOut({ decisions, alerts }: Unpublished): void {
    this.named = new Set([...decisions.map(keyOf), ...alerts.map(({ alert_id }) => alert_id)]);
    this.decisions = this.decisions.filter(this.isNews);
    this.alerts = this.alerts.filter(this.isNewAlert);
  }

  private readonly isNews = (decision: DecisionReply) => !this.named.has(keyOf(decision));
  private readonly isNewAlert = ({ alert_id }: AlertMessage) => !this.named.has(alert_id);
}

const keyOf = ({ decision_id, revision }: DecisionReply): string => `${decision_id} ${revision}`;
