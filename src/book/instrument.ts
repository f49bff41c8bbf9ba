import { Amount, floorDiv, ONE, type Scaled, scaledNumber, share } from './amount.js';
import type { CloseInput, InstrumentInput, QuoteInput, Side } from './inputs.js';
import { Scope } from './scope.js';
import { SymbolTotals } from './totals.js';
import type { ScenarioColumn } from './what-if-var.js';

export type ReferenceSource = 'LAST' | 'MID' | 'ASK' | 'BID' | 'PREVIOUS_CLOSE';

export interface Reference {
  price: Scaled;
  amount: Amount;
  source: ReferenceSource;
  asOf: number;
}

/** A holding, as its instrument sees it. */
export interface Holder {
  joinSums(ofInstrument: SymbolTotals): void;
}

/** The highest price of a buy and the lowest of a sell. */
interface CollarEdges {
  readonly reference: Scaled;
  readonly ratio: Scaled;
  readonly highest: Amount;
  readonly lowest: Amount;
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
  readonly multiplier = new Amount(ONE);
  /** Currency per scaled quantity × scaled price, as a double. */
  moneyPerUnits = 1e-16;
  /** Currency per scaled quantity, at the reference, as a double. */
  exposurePerUnit = 0;
  /** Holdings of it. */
  readonly holders = new Set<Holder>();
  private readonly sums = new SymbolTotals();
  /** Few limits ask for sums per symbol, so there are none until somebody looks. */
  private isSummed = false;
  private edges: CollarEdges | undefined;
  private volume: { adv: Scaled; ratio: Scaled; most: Amount } | undefined;

  constructor(symbol: string) {
    super('INSTRUMENT', symbol);
  }

  get openOrders(): number {
    return this.totals.openOrders;
  }

  /** Over all accounts. */
  get totals(): SymbolTotals {
    this.sumUp();
    return this.sums;
  }

  addHolder(holder: Holder): void {
    this.holders.add(holder);
    if (this.isSummed) holder.joinSums(this.sums);
  }

  /** Sums of the symbol at every level, from now on. */
  sumUp(): void {
    if (this.isSummed) return;
    this.isSummed = true;
    for (const holder of this.holders) holder.joinSums(this.sums);
  }

  forgetSums(): void {
    this.isSummed = false;
    this.sums.clear();
  }

  setSpec(spec: InstrumentInput): void {
    this.spec = spec;
    this.multiplier.set(spec.multiplier);
    this.moneyPerUnits = scaledNumber(spec.multiplier) / 1e16;
    this.refreshReference();
  }

  refreshReference(): void {
    this.reference = referenceOf(this.quote, this.close);
    this.exposurePerUnit = Number(this.reference?.price ?? 0n) * this.moneyPerUnits;
  }

  /** Reference × (1 + c) and × (1 − c), kept until it moves. The band is around its size: a negative price has one too. */
  collar(reference: Scaled, ratio: Scaled): CollarEdges {
    let edges = this.edges;
    if (edges === undefined || edges.reference !== reference || edges.ratio !== ratio) {
      const band = (reference < 0n ? -reference : reference) * ratio;
      const highest = new Amount(floorDiv(reference * ONE + band, ONE));
      const lowest = new Amount(-floorDiv(band - reference * ONE, ONE));
      edges = { reference, ratio, highest, lowest };
      this.edges = edges;
    }
    return edges;
  }

  /** A share of the average daily volume; without a known volume no quantity is a share of it. */
  volumeShare(ratio: Scaled): Amount {
    const adv = this.spec?.adv ?? 0n;
    if (this.volume === undefined || this.volume.adv !== adv || this.volume.ratio !== ratio) {
      this.volume = { adv, ratio, most: new Amount(share(adv, ratio)) };
    }
    return this.volume.most;
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
  if (!quote) return close ? reference(close.price, 'PREVIOUS_CLOSE', close.timestamp) : undefined;
  const { price, bid, ask, timestamp } = quote;
  if ((bid === null || price >= bid) && (ask === null || price <= ask)) return reference(price, 'LAST', timestamp);
  if (bid !== null && ask !== null) return reference((bid + ask) / 2n, 'MID', timestamp);
  return ask === null ? reference(bid!, 'BID', timestamp) : reference(ask, 'ASK', timestamp);
}

const reference = (price: Scaled, source: ReferenceSource, asOf: number): Reference => ({
  price,
  amount: new Amount(price),
  source,
  asOf,
});

/** What a reservation is valued at: the larger size of order price and reference. */
export function lockPrice(price: Amount, reference: Amount): Amount {
  const [size, referenceSize] = [price.absolute(), reference.absolute()];
  return referenceSize.isAbove(size) ? referenceSize : size;
}
