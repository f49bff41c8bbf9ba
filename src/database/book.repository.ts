import { Injectable } from '@nestjs/common';
import { and, asc, gt, lte, type Query, sql } from 'drizzle-orm';
import type { AlertMessage } from '../risk/orders/alert.schema.js';
import type { BookWrite } from '../risk/orders/book-write.js';
import type { KnownDecision } from '../risk/orders/decision-record.js';
import {
  type BookStamp,
  BookStore,
  type FillKey,
  fillKeyText,
  type StoredBook,
  type Untold,
} from '../risk/orders/ports.js';
import { appendStatement, insertedValues, onlyInserts } from './book-append.js';
import { loadBook, type StoredFill, storedFillContent } from './book-load.js';
import { Database, queryOf } from './database.js';
import { replyOf } from './decision-rows.js';
import { alerts, decisions } from './schema.js';

/** A transaction that its client leaves standing is ended: whoever takes the book over must not wait for its locks. */
const IDLE_MS_MAX = 2_000;

/**
 * Any of many ids, each looked up in the index: of an array that it sees the server thinks that it is found in so many
 * rows that the whole table is read sooner.
 */
const anyOf = (ids: string) => sql`decision_id = any (array (select unnest(${ids}::text[])))`;
const { sql: LOOK } = queryOf(sql`select from ${decisions} where ${anyOf('{}')} limit 1`);

/** Shapes of writes whose text is kept; a firm sends orders of a few. */
const SHAPES_MAX = 64;

type Numbered = { number: string | null };

type BookedFill = StoredFill & { accountId: string; orderId: string; execId: string };

@Injectable()
export class BookRepository extends BookStore {
  /** Texts of the statements that only insert, by the shapes of their writes. */
  private readonly insertTexts = new Map<string, string>();

  constructor(private readonly database: Database) {
    super();
  }

  load(): Promise<StoredBook> {
    return this.database.transaction(async (db) => {
      await db.execute(sql`set transaction isolation level repeatable read`);
      return loadBook(db);
    });
  }

  async append(write: BookWrite, stamp: BookStamp): Promise<number | null> {
    const rows = onlyInserts(write)
      ? await this.database.runPrepared<Numbered>(this.insertQuery(write, stamp))
      : (await this.database.run((db) => db.execute<Numbered>(appendStatement(write, stamp)))).rows;
    const { number } = rows[0]!;
    return number === null ? null : Number(number);
  }

  async known(decisionIds: readonly string[]): Promise<ReadonlyMap<string, KnownDecision>> {
    // They hold nothing that an array would have to quote.
    const ids = `{${decisionIds.join()}}`;
    // Hardly ever is one of them: a look into the index says so.
    const found = await this.database.runWritten({ sql: LOOK, params: [ids] });
    if (found.length === 0) return new Map();
    const rows = await this.database.run((db) => db.select().from(decisions).where(anyOf(ids)));
    return new Map(rows.map((row) => [row.decisionId, { reply: replyOf(row), contentHash: row.contentHash }]));
  }

  async booked(fills: readonly FillKey[]): Promise<ReadonlyMap<string, string>> {
    const column = (of: keyof FillKey) => sql`${sql.param(fills.map((fill) => fill[of]))}::text[]`;
    const { rows } = await this.database.run((db) =>
      db.execute<BookedFill>(sql`
        select account_id as "accountId", order_id as "orderId", exec_id as "execId", symbol, side,
          quantity::text, price::text from executions
        join unnest(${column('accountId')}, ${column('orderId')}, ${column('execId')})
          as fill (account_id, order_id, exec_id) using (account_id, order_id, exec_id)`),
    );
    return new Map(rows.map((row) => [fillKeyText(row), storedFillContent(row)]));
  }

  async untold(limit: number): Promise<Untold> {
    return this.database.run(async (db) => {
      const { rows } = await db.execute<{ told: string; writes: string }>(sql`select told, writes from book_lease`);
      const { told, writes } = rows[0] ?? { told: 0, writes: 0 };
      // Numbers that the server sees: it would read the whole table for one that it does not know yet.
      const oldest = (table: typeof decisions | typeof alerts) => sql`
        (select outbox_write from ${table} where outbox_write > ${told} and outbox_write <= ${writes}
        order by outbox_write limit ${limit})`;
      const { rows: full } = await db.execute<{ outbox_write: string }>(sql`
        select outbox_write from (${oldest(decisions)} union all ${oldest(alerts)}) as untold
        order by outbox_write offset ${limit - 1} limit 1`);
      const last = Number(full[0]?.outbox_write ?? writes);
      // Writes are seen in the order of their numbers, so that nothing can still come to these.
      const ofThese = (table: typeof decisions | typeof alerts) =>
        and(gt(table.outboxWrite, Number(told)), lte(table.outboxWrite, last));
      const decided = await db
        .select()
        .from(decisions)
        .where(ofThese(decisions))
        .orderBy(asc(decisions.outboxWrite), asc(decisions.seq));
      const raised = await db
        .select({ message: alerts.message })
        .from(alerts)
        .where(ofThese(alerts))
        .orderBy(asc(alerts.seq));
      return {
        decisions: decided.map(replyOf),
        alerts: raised.map(({ message }) => message as AlertMessage),
        last,
        isAll: last === Number(writes),
      };
    });
  }

  async markTold(last: number): Promise<void> {
    await this.database.run((db) => db.execute(sql`update book_lease set told = ${last} where told < ${last}`));
  }

  together<T>(work: () => Promise<T>): Promise<T> {
    return this.database.together(async () => {
      await this.database.run((db) =>
        db.execute(sql`select set_config('idle_in_transaction_session_timeout', ${String(IDLE_MS_MAX)}, true)`),
      );
      return work();
    });
  }

  private insertQuery(write: BookWrite, stamp: BookStamp): Query {
    const { shape, values } = insertedValues(write, stamp);
    let text = this.insertTexts.get(shape);
    if (text === undefined) {
      text = queryOf(appendStatement(write, stamp)).sql;
      if (this.insertTexts.size < SHAPES_MAX) this.insertTexts.set(shape, text);
    }
    return { sql: text, params: values };
  }
}
