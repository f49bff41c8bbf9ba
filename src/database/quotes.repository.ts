import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { PRICE_AGE_MS_MAX } from '../book/limits.js';
import { canonical } from '../decimal/decimal.js';
import { Quotes } from '../risk/market/ports.js';
import type { OfferedQuote } from '../risk/market/quote-rules.js';
import type { Quote } from '../risk/market/quotes.schema.js';
import { Database } from './database.js';
import { quotes } from './schema.js';

@Injectable()
export class QuotesRepository extends Quotes {
  constructor(private readonly database: Database) {
    super();
  }

  async find(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>> {
    if (symbols.length === 0) return new Map();
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(quotes)
        .where(sql`${quotes.symbol} = any(${sql.param(symbols)}::text[])`),
    );
    return new Map(rows.map((row) => [row.symbol, quoteOf(row)]));
  }

  async offer(offered: readonly Quote[]): Promise<OfferedQuote[]> {
    if (offered.length === 0) return [];
    const column = (field: keyof Quote) => sql.param(offered.map((quote) => quote[field]));
    // `stored` sees the table as it was before `written`. Ordered, so that two writers never deadlock. A made-up quote
    // replaces a real one only once that is too old for an order to rely on.
    const { rows } = await this.database.run((db) =>
      db.execute(sql`
        with offered as (
          select * from unnest(
            ${column('symbol')}::text[], ${column('price')}::numeric[], ${column('bid')}::numeric[],
            ${column('ask')}::numeric[], ${column('volume')}::numeric[], ${column('timestamp')}::timestamptz[],
            ${column('source')}::text[]
          ) as quote (symbol, price, bid, ask, volume, quoted_at, source)
        ),
        stored as (
          select quotes.symbol, quotes.quoted_at from quotes join offered using (symbol)
        ),
        written as (
          insert into quotes (symbol, price, bid, ask, volume, quoted_at, source)
          select * from offered order by symbol collate "C"
          on conflict (symbol) do update set
            price = excluded.price, bid = excluded.bid, ask = excluded.ask, volume = excluded.volume,
            quoted_at = excluded.quoted_at, received_at = now(), source = excluded.source
          where excluded.quoted_at > quotes.quoted_at and (
            excluded.source is distinct from 'demo' or quotes.source is not distinct from 'demo'
            or quotes.quoted_at < excluded.quoted_at - ${PRICE_AGE_MS_MAX} * interval '1 ms')
          returning symbol
        )
        select symbol, written.symbol is not null as written,
          to_char(stored.quoted_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as before
        from offered left join stored using (symbol) left join written using (symbol)`),
    );
    return rows as unknown as OfferedQuote[];
  }
}

function quoteOf(row: typeof quotes.$inferSelect): Quote {
  const text = (value: string | null) => (value === null ? null : canonical(value));
  return {
    symbol: row.symbol,
    price: canonical(row.price),
    bid: text(row.bid),
    ask: text(row.ask),
    volume: text(row.volume),
    timestamp: row.quotedAt.toISOString(),
    source: row.source,
  };
}
