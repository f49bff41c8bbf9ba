import { Injectable } from '@nestjs/common';
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { DecisionReply } from '../risk/orders/decision.schema.js';
import type { DecisionsQuery } from '../risk/orders/decisions-query.schema.js';
import { DecisionLog } from '../risk/orders/ports.js';
import { Database } from './database.js';
import { replyOf } from './decision-rows.js';
import { decisions } from './schema.js';

/** Rows that one statement of the clean-up removes: it never holds the others up. */
const PRUNED_AT_ONCE = 5_000;

const TOLD = sql.raw('select told from book_lease');

@Injectable()
export class DecisionsRepository extends DecisionLog {
  constructor(private readonly database: Database) {
    super();
  }

  ofOrder(accountId: string, orderId: string): Promise<DecisionReply | undefined> {
    return this.first(
      and(eq(decisions.accountId, accountId), eq(decisions.orderId, orderId), eq(decisions.ofOrder, true)),
    );
  }

  find(decisionId: string): Promise<DecisionReply | undefined> {
    return this.first(eq(decisions.decisionId, decisionId));
  }

  async list({ limit, cursor, account_id, decision, code }: DecisionsQuery) {
    const wanted = and(
      cursor === undefined ? undefined : lt(decisions.seq, Number(cursor)),
      account_id === undefined ? undefined : eq(decisions.accountId, account_id),
      decision && eq(decisions.decision, decision),
      code === undefined ? undefined : sql`reasons::jsonb @> ${JSON.stringify([{ code }])}::jsonb`,
    );
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(decisions)
        .where(wanted)
        .orderBy(desc(decisions.seq))
        .limit(limit + 1),
    );
    return rows.map((row) => ({ place: String(row.seq), decision: replyOf(row) }));
  }

  async prune(before: Date): Promise<number> {
    let pruned = 0;
    for (;;) {
      const { rowCount } = await this.database.run((db) =>
        db.execute(sql`
          delete from decisions where seq in (
            select seq from decisions where event_time < ${before} and not is_working
              and coalesce(outbox_write, 0) <= (${TOLD})
            order by seq limit ${PRUNED_AT_ONCE})`),
      );
      pruned += rowCount ?? 0;
      if ((rowCount ?? 0) < PRUNED_AT_ONCE) break;
    }
    await this.database.run(async (db) => {
      await db.execute(sql`
        delete from executions where booked_at < ${before} and not exists (
          select from decisions where decisions.account_id = executions.account_id
            and decisions.order_id = executions.order_id)`);
      await db.execute(sql`delete from alerts where created_at < ${before} and outbox_write <= (${TOLD})`);
    });
    return pruned;
  }

  private async first(wanted: SQL | undefined): Promise<DecisionReply | undefined> {
    const [row] = await this.database.run((db) =>
      db.select().from(decisions).where(wanted).orderBy(desc(decisions.seq)).limit(1),
    );
    return row && replyOf(row);
  }
}
