import { Injectable } from '@nestjs/common';
import { placeOf } from '../../book/reservations.js';
import { RiskError } from '../errors.js';
import { pageOf } from '../page.js';
import type { DecisionReply } from './decision.schema.js';
import type { DecisionList, DecisionsQuery } from './decisions-query.schema.js';
import { DecisionLog, LiveBook } from './ports.js';
import type { ReleaseReply, WorkingList, WorkingQuery } from './working.schema.js';
import { workingRow } from './working-row.js';

/** What was decided, and what is held because of it. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly log: DecisionLog,
    private readonly book: LiveBook,
  ) {}

  async ofOrder(accountId: string, orderId: string): Promise<DecisionReply> {
    const decision = await this.log.ofOrder(accountId, orderId);
    if (!decision)
      throw new RiskError('decision_not_found', `account ${accountId} has no decision on order ${orderId}`);
    return decision;
  }

  async list(query: DecisionsQuery): Promise<DecisionList> {
    const { data, next_cursor } = pageOf(await this.log.list(query), query.limit, ({ place }) => place);
    return { data: data.map(({ decision }) => decision), next_cursor };
  }

  /** Of an account, or of everybody below a desk or firm. Throws `account_not_found`. */
  async working({ account_id, cursor, limit }: WorkingQuery): Promise<WorkingList> {
    return this.book.look((book) => {
      const account = book.account(account_id);
      if (!account) throw new RiskError('account_not_found', `no account has the id ${account_id}`);
      const orders = book.workingOrders(account_id, { after: cursor, limit: limit + 1 });
      const { data, next_cursor } = pageOf(orders, limit, ({ order }) => placeOf(order));
      return { data: data.map((order) => workingRow(order, account.currency)), next_cursor };
    });
  }

  /** Frees by hand what an order holds. Throws `order_not_found` where it holds nothing. */
  async release(
    orderId: string,
    { accountId, reason, actor }: { accountId: string; reason: string; actor: string },
  ): Promise<ReleaseReply> {
    const { released } = await this.book.commit((book, now) =>
      book.release({ accountId, orderId, actor, reason }, now),
    );
    if (!released) throw new RiskError('order_not_found', `order ${orderId} of account ${accountId} holds nothing`);
    return { order_id: orderId, account_id: accountId, released: true };
  }
}
