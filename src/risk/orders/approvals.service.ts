import { Injectable } from '@nestjs/common';
import type { ApprovalOutcome, ApprovalRefusal } from '../../book/approvals.js';
import type { ApprovalInput } from '../../book/inputs.js';
import type { RiskBook } from '../../book/risk-book.js';
import { RiskError } from '../errors.js';
import type { ApprovalList, Pending } from './approvals.schema.js';
import { revisionOf } from './book-changes.js';
import type { DecisionReply } from './decision.schema.js';
import { pendingRows } from './pending-approvals.js';
import { DecisionLog, LiveBook } from './ports.js';

/** Who decides about an approval, and why. */
export interface Verdict {
  readonly actor: string;
  readonly reason: string;
}

type Act = (book: RiskBook, input: ApprovalInput, now: number) => ApprovalOutcome;

/** Orders that a person must let pass. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly book: LiveBook,
    private readonly log: DecisionLog,
  ) {}

  async list(): Promise<ApprovalList> {
    const data = await this.book.look((book): Pending[] => pendingRows(book.pendingApprovals()));
    return { data, next_cursor: null };
  }

  /** Checks the order again; throws `decision_not_found`, `conflict` where nothing waits, `forbidden` for the submitter. */
  approve(decisionId: string, verdict: Verdict): Promise<DecisionReply> {
    return this.end(decisionId, verdict, (book, input, now) => book.approve(input, now));
  }

  reject(decisionId: string, verdict: Verdict): Promise<DecisionReply> {
    return this.end(decisionId, verdict, (book, input, now) => book.refuseApproval(input, now));
  }

  private async end(decisionId: string, { actor, reason }: Verdict, act: Act): Promise<DecisionReply> {
    const decision = await this.log.find(decisionId);
    if (!decision) throw new RiskError('decision_not_found', `there is no decision ${decisionId}`);
    const { account_id: accountId, order_id: orderId, amend_id: amendId } = decision;
    const outcome = await this.book.commit((book, now) => {
      const ended = act(book, { accountId, orderId, amendId, actor, reason }, now);
      if (ended.refused) return { refused: ended.refused, effects: ended.effects };
      return { refused: null, effects: ended.effects, revisions: [revisionOf(book, ended.decision)] };
    });
    if (outcome.refused) throw refusal(outcome.refused, decisionId, actor);
    return outcome.revisions![0]!;
  }
}

function refusal(refused: ApprovalRefusal, decisionId: string, actor: string): RiskError {
  if (refused === 'SUBMITTER') {
    return new RiskError('forbidden', `${actor} submitted the order, and so cannot approve it`);
  }
  return new RiskError('conflict', `decision ${decisionId} does not wait for an approval (any more)`);
}
