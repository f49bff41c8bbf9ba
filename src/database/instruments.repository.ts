import { Injectable } from '@nestjs/common';
import { asc, gt, sql } from 'drizzle-orm';
import { canonical } from '../decimal/decimal.js';
import type { HeldInstrument } from '../risk/market/instrument-rules.js';
import type { Instrument, InstrumentQuery, InstrumentsStored } from '../risk/market/instruments.schema.js';
import { Instruments } from '../risk/market/ports.js';
import { Database, type Sql } from './database.js';
import { instruments } from './schema.js';

@Injectable()
export class InstrumentsRepository extends Instruments {
  constructor(private readonly database: Database) {
    super();
  }

  async find(symbols: readonly string[]): Promise<ReadonlyMap<string, Instrument>> {
    if (symbols.length === 0) return new Map();
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(instruments)
        .where(sql`${instruments.symbol} = any(${sql.param(symbols)}::text[])`),
    );
    return new Map(rows.map((row) => [row.symbol, instrumentOf(row)]));
  }

  async list({ limit, cursor }: InstrumentQuery): Promise<Instrument[]> {
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(instruments)
        .where(cursor === undefined ? undefined : gt(instruments.symbol, cursor))
        .orderBy(asc(instruments.symbol))
        .limit(limit + 1),
    );
    return rows.map(instrumentOf);
  }

  put(wanted: readonly Instrument[], check: (held: readonly HeldInstrument[]) => void): Promise<InstrumentsStored> {
    const symbols = wanted.map(({ symbol }) => symbol);
    return this.database.transaction(async (db) => {
      const { rows: stored } = await db.execute<{ symbol: string; currency: string }>(sql`
        select symbol, currency from instruments where symbol = any(${sql.param(symbols)}::text[])
        order by symbol for update`);
      check(await heldIn(db, changedCurrencies(stored, wanted)));
      await upsert(db, wanted);
      return { created: wanted.length - stored.length, updated: stored.length };
    });
  }
}

type Currencies = readonly { symbol: string; currency: string }[];

function changedCurrencies(stored: Currencies, wanted: Currencies): Currencies {
  const asked = new Map(wanted.map(({ symbol, currency }) => [symbol, currency]));
  return stored.filter(({ symbol, currency }) => asked.get(symbol) !== currency);
}

/** Asked after the instruments are locked: who writes a position has locked its instrument before. */
async function heldIn(db: Sql, stored: Currencies): Promise<HeldInstrument[]> {
  if (stored.length === 0) return [];
  const { rows } = await db.execute<{ symbol: string; accountId: string }>(sql`
    select symbol, min(account_id) as "accountId" from positions
    where symbol = any(${sql.param(stored.map(({ symbol }) => symbol))}::text[]) group by symbol`);
  const holders = new Map(rows.map(({ symbol, accountId }) => [symbol, accountId]));
  return stored.flatMap(({ symbol, currency }) => {
    const accountId = holders.get(symbol);
    return accountId === undefined ? [] : [{ symbol, currency, accountId }];
  });
}

async function upsert(db: Sql, wanted: readonly Instrument[]): Promise<void> {
  const column = <Field extends keyof Instrument>(field: Field) =>
    sql.param(wanted.map((instrument) => instrument[field]));
  // Ordered, so that two writers of the same new symbols wait for one another instead of deadlocking.
  await db.execute(sql`
    insert into instruments (symbol, asset_class, currency, sector, multiplier, tick_size, lot_size, adv, halted,
      allow_negative_price)
    select * from unnest(
      ${column('symbol')}::text[], ${column('asset_class')}::text[], ${column('currency')}::text[],
      ${column('sector')}::text[], ${column('multiplier')}::numeric[], ${column('tick_size')}::numeric[],
      ${column('lot_size')}::numeric[], ${column('adv')}::numeric[], ${column('halted')}::boolean[],
      ${column('allow_negative_price')}::boolean[]) as wanted (symbol)
    order by wanted.symbol collate "C"
    on conflict (symbol) do update set
      asset_class = excluded.asset_class, currency = excluded.currency, sector = excluded.sector,
      multiplier = excluded.multiplier, tick_size = excluded.tick_size, lot_size = excluded.lot_size,
      adv = excluded.adv, halted = excluded.halted, allow_negative_price = excluded.allow_negative_price,
      updated_at = now()`);
}

function instrumentOf(row: typeof instruments.$inferSelect): Instrument {
  return {
    symbol: row.symbol,
    asset_class: row.assetClass,
    currency: row.currency,
    sector: row.sector,
    multiplier: canonical(row.multiplier),
    tick_size: canonical(row.tickSize!),
    lot_size: canonical(row.lotSize!),
    adv: row.adv === null ? null : canonical(row.adv),
    halted: row.halted,
    allow_negative_price: row.allowNegativePrice,
  };
}
