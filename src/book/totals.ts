import { Amount, NOTHING } from './amount.js';

/** Running sums over holdings: of an account, desk or firm, or of one symbol there. Money at marks and lock prices. */
export class Totals {
  /** Σ P·mark, signed. */
  readonly value = new Amount();
  /** Σ |P·mark|. */
  readonly held = new Amount();
  /** Σ of the symbol exposures with working orders: nothing nets. */
  readonly gross = new Amount();
  /** ΣB·lock and ΣS·lock. */
  readonly buys = new Amount();
  readonly sells = new Amount();
  openOrders = 0;

  /** The larger absolute value of "all buys filled" and "all sells filled", with `buys` and `sells` more working. */
  net(buys = NOTHING, sells = NOTHING): Amount {
    const long = new Amount().setTo(this.value).add(this.buys).add(buys).toAbsolute();
    const short = new Amount().setTo(this.value).subtract(this.sells).subtract(sells).toAbsolute();
    return short.isAbove(long) ? short : long;
  }

  /** The same in doubles. */
  nearNet(buys = 0, sells = 0): number {
    const value = this.value.near;
    return Math.max(Math.abs(value + this.buys.near + buys), Math.abs(value - this.sells.near - sells));
  }

  /** What the rounding of `nearNet` is measured by. */
  get nearSize(): number {
    return Math.abs(this.value.near) + this.buys.near + this.sells.near;
  }

  clear(): void {
    for (const figure of [this.value, this.held, this.gross, this.buys, this.sells]) figure.setTo(NOTHING);
    this.openOrders = 0;
  }
}

/** Sums in one symbol: over the accounts of a level, or over all. */
export class SymbolTotals extends Totals {
  /** Σ max(P + B, 0) and Σ max(S − P, 0). */
  readonly worstLong = new Amount();
  readonly worstShort = new Amount();

  /** Those of one holding come to it. */
  include(holding: SymbolTotals): void {
    this.value.add(holding.value);
    this.held.add(holding.held);
    this.gross.add(holding.gross);
    this.buys.add(holding.buys);
    this.sells.add(holding.sells);
    this.worstLong.add(holding.worstLong);
    this.worstShort.add(holding.worstShort);
    this.openOrders += holding.openOrders;
  }

  override clear(): void {
    super.clear();
    this.worstLong.setTo(NOTHING);
    this.worstShort.setTo(NOTHING);
  }
}
