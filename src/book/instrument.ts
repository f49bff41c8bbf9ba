import { larger, ONE, type Scaled, scaledNumber } from './amount.js';
import type { CloseInput, InstrumentInput, QuoteInput, Side } from './inputs.js';
import { Scope } from './scope.js';
import { Totals } from './totals.js';
import type { ScenarioColumn } from './what-if-var.js';

export type ReferenceSource = 'LAST' | 'MID' | 'ASK' | 'BID' | 'PREVIOUS_CLOSE';

export interface Reference {
  price: Scaled;
  source: ReferenceSource;
  asOf: number;
}

/** A symbol: what is known of it, its prices, and the sums over everybody who holds it. */
export class Instrument extends Scope {
  /** Null for a symbol that is held or quoted but not known as an instrument; orders in it are refused. */
  spec: InstrumentInput | null = null;
  quote: QuoteInput | null = null;
  close: CloseInput | null = null;
  /** Latest price used, and whence. */
  reference: Reference | undefined;
  /** Quotes and closes taken since it is known. */
  priceVersion = 0;
  column: ScenarioColumn | undefined;
  multiplier: Scaled = ONE;
  /** Currency per scaled quantity × scaled price, as a double. */
  moneyPerUnits = 1e-16;
  readonly totals = new Totals();

  constructor(symbol: string) {
    super('INSTRUMENT', symbol);
  }

  get openOrders(): number {
    return this.totals.openOrders;
  }

  setSpec(spec: InstrumentInput): void {
    this.spec = spec;
    this.multiplier = spec.multiplier;
    this.moneyPerUnits = scaledNumber(spec.multiplier) / 1e16;
  }

  refreshReference(): void {
    this.reference = referenceOf(this.quote, this.close);
  }

  /**
   * Price of an order: its limit; of a market order the ask × (1 + slippage) for a buy, the bid for a sell, the
   * reference where that side is not quoted.
   */
  orderPrice(side: Side, limit: Scaled | null, slippage: Scaled): Scaled | undefined {
    if (limit !== null) return limit;
    const reference = this.reference?.price;
    if (side === 'SELL') return this.quote?.bid ?? reference;
    const ask = this.quote?.ask ?? reference;
    return ask === undefined ? undefined : roundedUp(ask * (ONE + slippage));
  }
}

/** Back from the scale of a product; upwards, so that a reservation is never too small. */
const roundedUp = (product: bigint): Scaled => -(-product / ONE) + (product > 0n && product % ONE !== 0n ? 1n : 0n);

/** Last trade if inside bid and ask → mid → ask → bid → previous close. */
function referenceOf(quote: QuoteInput | null, close: CloseInput | null): Reference | undefined {
  if (!quote) return close ? { price: close.price, source: 'PREVIOUS_CLOSE', asOf: close.timestamp } : undefined;
  const { price, bid, ask, timestamp: asOf } = quote;
  if ((bid === null || price >= bid) && (ask === null || price <= ask)) return { price, source: 'LAST', asOf };
  if (bid !== null && ask !== null) return { price: (bid + ask) / 2n, source: 'MID', asOf };
  if (ask !== null) return { price: ask, source: 'ASK', asOf };
  return { price: bid!, source: 'BID', asOf };
}

/** What a reservation is valued at: the larger size of order price and reference. */
export function lockPrice(price: Scaled, reference: Scaled): Scaled {
  return larger(price < 0n ? -price : price, reference < 0n ? -reference : reference);
}
