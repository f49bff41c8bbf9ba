import { Injectable } from '@nestjs/common';
import { asc, eq, sql } from 'drizzle-orm';
import type { AlertMessage } from '../risk/orders/alert.schema.js';
import type { BookWrite } from '../risk/orders/book-write.js';
import type { KnownDecision } from '../risk/orders/decision-record.js';
import {
  type BookStamp,
  BookStore,
  type FillKey,
  fillKeyText,
  type Sent,
  type StoredBook,
  type Unpublished,
} from '../risk/orders/ports.js';
import { appendStatement } from './book-append.js';
import { loadBook } from './book-load.js';
import { Database } from './database.js';
import { replyOf } from './decision-rows.js';
import { alerts, decisions } from './schema.js';

/** A transaction that its client leaves standing is ended: whoever takes the book over must not wait for its locks. */
const IDLE_MS_MAX = 2_000;

/**
 * Any of many ids, each looked up in the index: of an array that it sees the server thinks that it is found in so many
 * rows that the whole table is read sooner.
 */
const anyOf = (ids: readonly string[]) => sql`any (array (select unnest(${sql.param(ids)}::text[])))`;

@Injectable()
export class BookRepository extends BookStore {
  constructor(private readonly database: Database) {
    super();
  }

  load(): Promise<StoredBook> {
    return this.database.transaction(async (db) => {
      await db.execute(sql`set transaction isolation level repeatable read`);
      return loadBook(db);
    });
  }

  async append(write: BookWrite, stamp: BookStamp): Promise<boolean> {
    const { rows } = await this.database.run((db) => db.execute<{ owned: boolean }>(appendStatement(write, stamp)));
    return rows[0]!.owned;
  }

  async known(decisionIds: readonly string[]): Promise<ReadonlyMap<string, KnownDecision>> {
    const rows = await this.database.run(async (db) => {
      const ofThese = sql`decision_id = ${anyOf(decisionIds)}`;
      // Hardly ever is one of them: a look into the index says so.
      const { rows: found } = await db.execute(sql`select from ${decisions} where ${ofThese} limit 1`);
      return found.length === 0 ? [] : db.select().from(decisions).where(ofThese);
    });
    return new Map(rows.map((row) => [row.decisionId, { reply: replyOf(row), contentHash: row.contentHash }]));
  }

  async booked(fills: readonly FillKey[]): Promise<ReadonlySet<string>> {
    const column = (of: keyof FillKey) => sql`${sql.param(fills.map((fill) => fill[of]))}::text[]`;
    const { rows } = await this.database.run((db) =>
      db.execute<{ accountId: string; orderId: string; execId: string }>(sql`
        select account_id as "accountId", order_id as "orderId", exec_id as "execId" from executions
        join unnest(${column('accountId')}, ${column('orderId')}, ${column('execId')})
          as fill (account_id, order_id, exec_id) using (account_id, order_id, exec_id)`),
    );
    return new Set(rows.map(fillKeyText));
  }

  async unpublished(limit: number): Promise<Unpublished> {
    return this.database.run(async (db) => {
      const untold = await db
        .select()
        .from(decisions)
        .where(eq(decisions.published, false))
        .orderBy(asc(decisions.seq))
        .limit(limit);
      const unheard = await db
        .select({ message: alerts.message })
        .from(alerts)
        .where(eq(alerts.published, false))
        .orderBy(asc(alerts.seq))
        .limit(limit);
      return { decisions: untold.map(replyOf), alerts: unheard.map(({ message }) => message as AlertMessage) };
    });
  }

  async markPublished({ decisions: sent, alertIds }: Sent): Promise<void> {
    const ids = sql.param(sent.map(({ decision_id }) => decision_id));
    const revisions = sql.param(sent.map(({ revision }) => revision));
    await this.database.run(async (db) => {
      if (sent.length > 0) {
        // A revision that came meanwhile is still untold.
        await db.execute(sql`
          update decisions set published = true where seq = any (array (
            select told.seq from unnest(${ids}::text[], ${revisions}::int[]) as sent (id, revision)
            cross join lateral (
              select seq from decisions where decision_id = sent.id and revision = sent.revision limit 1) as told))`);
      }
      if (alertIds.length > 0) {
        await db.execute(sql`update alerts set published = true where alert_id = ${anyOf(alertIds)}`);
      }
    });
  }

  together<T>(work: () => Promise<T>): Promise<T> {
    return this.database.together(async () => {
      await this.database.run((db) =>
        db.execute(sql`select set_config('idle_in_transaction_session_timeout', ${String(IDLE_MS_MAX)}, true)`),
      );
      return work();
    });
  }
}
