import { z } from 'zod';
import type { ConsumeOptions } from '../../src/messaging/consume.decorator.js';
import type { OutgoingMessage } from '../../src/messaging/ports.js';

const quote = z.object({
  symbol: z.string().min(1).max(32),
  price: z.number().positive(),
  bid: z.number().positive().nullable(),
  ask: z.number().positive().nullable(),
  volume: z.number().min(0),
  timestamp: z.iso.datetime(),
});
export type Quote = z.output<typeof quote>;

const example = quoteOf(0);

/** What the handlers of the benchmark declare. */
export function consumeOptions(group: string): ConsumeOptions<typeof quote> {
  return { group, messageType: 'MARKET_DATA', schema: quote, example, summary: 'A quote' };
}

/** About 110 bytes of JSON; each has a time of its own. */
export function quoteOf(i: number): Quote {
  const cents = 10_000 + (i % 977);
  return {
    symbol: `SYM${i % 500}`,
    price: cents / 100,
    bid: (cents - 1) / 100,
    ask: (cents + 1) / 100,
    volume: 100 * (1 + (i % 50)),
    timestamp: new Date(Date.UTC(2026, 0, 5) + 10 * i).toISOString(),
  };
}

/** About 300 bytes of JSON, as a decision on a quote would have. */
export function replyTo({ symbol, price, bid, ask, volume, timestamp }: Quote) {
  return {
    decision: 'accepted',
    account_id: 'ACC-000123',
    symbol,
    reference_price: price,
    spread: ask! - bid!,
    notional: price * volume,
    limit: { name: 'max_order_notional', value: 5_000_000, used: 1_234_567.5, headroom: 3_765_432.5 },
    reasons: ['within_limits'],
    quoted_at: timestamp,
    policy_version: 'v17',
  };
}

export function replyMessage(value: Quote): OutgoingMessage {
  return { key: value.symbol, value: replyTo(value), messageType: 'ORDER_DECISION' };
}
