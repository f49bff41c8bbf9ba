import { Injectable } from '@nestjs/common';
import type { Detail } from '../../book/decision.js';
import type { Effect } from '../../book/effects.js';
import type { OrderRequest } from '../../book/inputs.js';
import type { RiskBook } from '../../book/risk-book.js';
import { RiskError } from '../errors.js';
import { currencyOf } from './book-changes.js';
import type { BookWrite } from './book-write.js';
import type { DecisionReply } from './decision.schema.js';
import type { KnownDecision, StoredDecision } from './decision-record.js';
import { type Answer, decisionReply, replayed } from './decision-reply.js';
import { KnownDecisions } from './known-decisions.js';
import { contentHashOf, decisionIdOf, duplicateIdOf, identityOf } from './order-identity.js';
import { BookStore, LiveBook } from './ports.js';
import { duplicateIdReply } from './refusal-reply.js';

export interface DecideOptions {
  /** Computes every VaR exactly and lists every check. */
  readonly detail: Detail;
  /** True where the order's record comes again until its decision was sent. */
  readonly published: boolean;
}

/** An order with what tells whether it came before. */
interface Identified {
  readonly request: OrderRequest;
  readonly id: string;
  readonly contentHash: string;
}

/** Decides orders once each, whichever door they come through and however often. */
@Injectable()
export class OrdersService {
  private readonly known: KnownDecisions;

  constructor(
    private readonly book: LiveBook,
    store: BookStore,
  ) {
    this.known = new KnownDecisions(store);
    book.onWritten((write) => this.revise(write));
  }

  /** Answers everything and changes nothing; each order as if it were alone. */
  check(requests: readonly OrderRequest[]): Promise<Answer[]> {
    return this.book.look((book, now) =>
      requests.map((request) => {
        const { decision } = book.check(request, now);
        const currency = currencyOf(book, request.accountId);
        const reply = decisionReply(decision, { decisionId: checkIdOf(request), currency });
        return { reply, checks: decision.checks, currency };
      }),
    );
  }

  /**
   * Binds: `answers[i]` is of `requests[i]`, decided in their order. One that came before gets its decision again; a
   * used id with other content is refused by a rejection of its own.
   */
  async decide(requests: readonly OrderRequest[], options: DecideOptions): Promise<Answer[]> {
    const identified = requests.map(identify);
    await this.recall(identified);
    try {
      const { answers } = await this.book.commit((book, now) => this.decideAll(book, now, identified, options));
      return answers;
    } catch (error) {
      // What was decided may not be stored; the store knows.
      this.known.clear();
      throw error;
    }
  }

  /** As `decide`, of one order: throws `duplicate_id`. */
  async decideOne(request: OrderRequest, options: DecideOptions): Promise<Answer> {
    const [answer] = await this.decide([request], options);
    const id = decisionIdOf(identityOf(request));
    if (answer!.reply.decision_id === id) return answer!;
    const message = answer!.reply.reasons[0]?.message ?? '';
    throw new RiskError('duplicate_id', message, {
      errors: [
        { pointer: request.action === 'AMEND' ? '/amend_id' : '/order_id', code: 'duplicate_id', detail: message },
      ],
      members: { decision_id: id },
    });
  }

  /** Looks up in the store what memory does not know: all of them in one query, and refused duplicates in another. */
  private async recall(identified: readonly Identified[]): Promise<void> {
    await this.known.recall(identified.map(({ id }) => id));
    const duplicates = identified.filter(({ id, contentHash }) => {
      const before = this.known.get(id);
      return before !== undefined && before.contentHash !== contentHash;
    });
    await this.known.recall(duplicates.map(duplicateId));
  }

  /** An approval has another outcome for its retries than the order had. */
  private revise({ decisions, revisions }: BookWrite): void {
    for (const reply of [...decisions.map(({ record }) => record.reply), ...revisions]) {
      const before = reply.revision > 1 ? this.known.get(reply.decision_id) : undefined;
      if (before) this.known.set(reply.decision_id, { ...before, reply });
    }
  }

  private decideAll(book: RiskBook, now: number, identified: readonly Identified[], options: DecideOptions) {
    const effects: Effect[] = [];
    const decisions: StoredDecision[] = [];
    const answers = identified.map((order): Answer => {
      const currency = currencyOf(book, order.request.accountId);
      const before = this.known.get(order.id);
      if (before) return { reply: this.again(order, before, now, decisions), checks: null, currency };
      const outcome = book.decide(order.request, now, { exactVar: options.detail === 'full', detail: options.detail });
      const reply = decisionReply(outcome.decision, { decisionId: order.id, currency });
      effects.push(...outcome.effects);
      decisions.push(this.remember(order, reply, { id: order.id, ofOrder: true, published: options.published }));
      return { reply, checks: outcome.decision.checks, currency };
    });
    return { answers, effects, decisions };
  }

  private again(order: Identified, before: KnownDecision, now: number, decisions: StoredDecision[]): DecisionReply {
    if (before.contentHash === order.contentHash) return replayed(before.reply);
    const id = duplicateId(order);
    const refusedBefore = this.known.get(id);
    if (refusedBefore) return replayed(refusedBefore.reply);
    const identity = identityOf(order.request);
    const reply = duplicateIdReply({ identity, decisionId: id, firstDecisionId: order.id, mode: 'RESERVE', now });
    decisions.push(this.remember(order, reply, { id, ofOrder: false, published: true }));
    return reply;
  }

  private remember(
    { request, contentHash }: Identified,
    reply: DecisionReply,
    { id, ofOrder, published }: { id: string; ofOrder: boolean; published: boolean },
  ): StoredDecision {
    this.known.set(id, { reply, contentHash });
    return { reply, contentHash, request, ofOrder, published };
  }
}

const identify = (request: OrderRequest): Identified => ({
  request,
  id: decisionIdOf(identityOf(request)),
  contentHash: contentHashOf(request),
});

/** Id of the refusal, where the order's id was used with other content. */
const duplicateId = ({ request, contentHash }: Identified): string => duplicateIdOf(identityOf(request), contentHash);

/** A check has no identity: its id says what was asked. */
const checkIdOf = (request: OrderRequest): string => `chk_${contentHashOf(request).slice(0, 22)}`;
