import { Injectable } from '@nestjs/common';
import { asc, eq, sql } from 'drizzle-orm';
import { canonical } from '../decimal/decimal.js';
import { Positions, type Subtree } from '../risk/portfolio/ports.js';
import type { PositionsBefore, Replacement, StoredPositions } from '../risk/portfolio/positions-rules.js';
import { Database, type Sql } from './database.js';
import { accounts, positions } from './schema.js';

const HEAD = {
  accountId: accounts.accountId,
  kind: accounts.kind,
  currency: accounts.currency,
  version: accounts.positionsVersion,
  asOf: accounts.positionsAsOf,
};

@Injectable()
export class PositionsRepository extends Positions {
  constructor(private readonly database: Database) {
    super();
  }

  async find(accountId: string): Promise<StoredPositions | undefined> {
    // One statement, so that version and positions are of one moment.
    const rows = await this.database.run((db) =>
      db
        .select({ ...HEAD, position: positions })
        .from(accounts)
        .leftJoin(positions, eq(positions.accountId, accounts.accountId))
        .where(eq(accounts.accountId, accountId))
        .orderBy(asc(positions.symbol)),
    );
    if (!rows[0]) return undefined;
    const { position: _, ...head } = rows[0];
    return {
      ...head,
      positions: rows.flatMap(({ position }) =>
        position
          ? [
              {
                symbol: position.symbol,
                quantity: canonical(position.quantity),
                averagePrice: position.averagePrice === null ? null : canonical(position.averagePrice),
              },
            ]
          : [],
      ),
    };
  }

  replace(
    accountId: string,
    symbols: readonly string[],
    decide: (before: PositionsBefore | undefined) => Replacement,
  ): Promise<StoredPositions> {
    return this.database.transaction(async (db) => {
      const [head] = await db.select(HEAD).from(accounts).where(eq(accounts.accountId, accountId)).for('update');
      const decided = decide(head && { ...head, instrumentCurrencies: await lockedCurrencies(db, symbols) });
      await writePositions(db, accountId, decided);
      const [written] = await db
        .update(accounts)
        .set({ positionsVersion: sql`${accounts.positionsVersion} + 1`, positionsAsOf: decided.asOf })
        .where(eq(accounts.accountId, accountId))
        .returning(HEAD);
      const ascending = [...decided.positions].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
      return { ...written!, positions: ascending };
    });
  }

  async subtrees(accountIds: readonly string[]): Promise<ReadonlyMap<string, Subtree>> {
    const { rows } = await this.database.run((db) =>
      db.execute<Record<string, unknown>>(sql`
        with recursive tree as (
          select account_id as root, accounts.* from accounts where account_id = any(${sql.param(accountIds)}::text[])
          union all
          select tree.root, child.* from accounts child join tree on child.parent_id = tree.account_id
        ),
        net as (
          select root, symbol, sum(quantity) as quantity from positions join tree using (account_id)
          group by root, symbol having sum(quantity) <> 0
        ),
        accounts_of as (
          select root, json_agg(json_build_object(
            'accountId', account_id, 'parentId', parent_id, 'currency', currency, 'equity', equity::text,
            'positionsVersion', positions_version, 'createdAt', extract(epoch from created_at)::text
          ) order by account_id) as accounts
          from tree group by root
        ),
        positions_of as (
          select root, json_agg(json_build_object(
            'symbol', symbol, 'quantity', net.quantity::text, 'multiplier', multiplier::text,
            'quote', case when price is null then null else json_build_object('price', price::text,
              'timestamp', to_char(quoted_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end
          ) order by symbol) as positions
          from net left join instruments using (symbol) left join quotes using (symbol) group by root
        )
        select root, accounts, coalesce(positions, '[]') as positions
        from accounts_of left join positions_of using (root)`),
    );
    return new Map(rows.map(({ root, ...subtree }) => [root as string, subtree as unknown as Subtree]));
  }
}

/** Currencies of the symbols that are instruments; shared locks keep them as they are until the transaction ends. */
async function lockedCurrencies(db: Sql, symbols: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ symbol: string; currency: string }>(sql`
    select symbol, currency from instruments where symbol = any(${sql.param(symbols)}::text[]) order by symbol for share`);
  return new Map(rows.map(({ symbol, currency }) => [symbol, currency]));
}

/** Touches only the rows that differ: most replacements change a few of many positions. */
async function writePositions(db: Sql, accountId: string, { positions: wanted }: Replacement): Promise<void> {
  const symbols = sql.param(wanted.map(({ symbol }) => symbol));
  await db.execute(sql`delete from positions where account_id = ${accountId} and symbol <> all(${symbols}::text[])`);
  if (wanted.length === 0) return;
  await db.execute(sql`
    insert into positions as held (account_id, symbol, quantity, average_price)
    select ${accountId}, * from unnest(
      ${symbols}::text[],
      ${sql.param(wanted.map(({ quantity }) => quantity))}::numeric[],
      ${sql.param(wanted.map(({ averagePrice }) => averagePrice))}::numeric[])
    on conflict (account_id, symbol) do update set quantity = excluded.quantity, average_price = excluded.average_price
    where (held.quantity, held.average_price) is distinct from (excluded.quantity, excluded.average_price)`);
}
