import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Level, TradingState } from '../book/inputs.js';
import type { Latch } from '../book/scope.js';
import { type Target, targetOf } from '../risk/limits/level.js';
import type { LevelName } from '../risk/limits/level.schema.js';
import type { ChangeQuery } from '../risk/limits/limits.schema.js';
import { type StoredTradingState, type StoredTradingStateChange, TradingStateStore } from '../risk/limits/ports.js';
import type { TradingStateQuery } from '../risk/limits/trading-states.schema.js';
import { Database } from './database.js';
import { tradingStateChanges, tradingStates } from './schema.js';

/** A firm that is halted comes before a single account of it. */
const rankOf = (level: typeof tradingStates.level | string) =>
  sql`array_position(array['FIRM', 'DESK', 'ACCOUNT', 'TRADER', 'INSTRUMENT'], ${level}::text)`;

@Injectable()
export class TradingStatesRepository extends TradingStateStore {
  constructor(private readonly database: Database) {
    super();
  }

  async find(target: Target): Promise<StoredTradingState | undefined> {
    const [row] = await this.database.run((db) => db.select().from(tradingStates).where(isOf(tradingStates, target)));
    return row && storedState(row);
  }

  async restricted({ limit, cursor }: TradingStateQuery): Promise<StoredTradingState[]> {
    const rank = rankOf(tradingStates.level);
    const after = cursor === undefined ? undefined : targetAt(cursor);
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(tradingStates)
        .where(
          and(
            or(sql`${tradingStates.state} <> 'ACTIVE'`, sql`cardinality(${tradingStates.latches}) > 0`),
            after && sql`(${rank}, ${tradingStates.id}) > (${rankOf(after.level)}, ${after.id})`,
          ),
        )
        .orderBy(rank, asc(tradingStates.id))
        .limit(limit + 1),
    );
    return rows.map(storedState);
  }

  async changes(target: Target, { limit, cursor }: ChangeQuery): Promise<StoredTradingStateChange[]> {
    const before = cursor === undefined ? undefined : lt(tradingStateChanges.changeId, Number(cursor));
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(tradingStateChanges)
        .where(and(isOf(tradingStateChanges, target), before))
        .orderBy(desc(tradingStateChanges.changeId))
        .limit(limit + 1),
    );
    return rows.map(({ level: _, id: __, before, latches, ...row }) => ({
      ...row,
      before: before as TradingState | null,
      latches: latches as Latch[],
    }));
  }
}

/** `level/id`; an id may contain slashes. */
function targetAt(cursor: string): Target {
  const slash = cursor.indexOf('/');
  return targetOf(cursor.slice(0, slash) as LevelName, cursor.slice(slash + 1));
}

function isOf(table: typeof tradingStates | typeof tradingStateChanges, { level, id }: Target) {
  return and(eq(table.level, level), eq(table.id, id));
}

function storedState(row: typeof tradingStates.$inferSelect): StoredTradingState {
  return { ...row, level: row.level as Level, latches: row.latches as Latch[] };
}
