import { Amount, absolute, larger, type Money } from './amount.js';

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
  net(buys: Money = 0n, sells: Money = 0n): Money {
    const value = this.value.exact;
    return larger(absolute(value + this.buys.exact + buys), absolute(value - this.sells.exact - sells));
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
    for (const figure of [this.value, this.held, this.gross, this.buys, this.sells]) figure.set(0n);
    this.openOrders = 0;
  }
}

/** Sums in one symbol: over the accounts of a level, or over all. */
export class SymbolTotals extends Totals {
  /** Σ max(P + B, 0) and Σ max(S − P, 0). */
  readonly worstLong = new Amount();
  readonly worstShort = new Amount();

  /** Contains the sums of one holding anew; null where it did not contain them. */
  replace(before: SymbolTotals | null, after: SymbolTotals): void {
    change(this.value, before?.value, after.value);
    change(this.held, before?.held, after.held);
    change(this.gross, before?.gross, after.gross);
    change(this.buys, before?.buys, after.buys);
    change(this.sells, before?.sells, after.sells);
    change(this.worstLong, before?.worstLong, after.worstLong);
    change(this.worstShort, before?.worstShort, after.worstShort);
    this.openOrders += after.openOrders - (before === null ? 0 : before.openOrders);
  }

  override clear(): void {
    super.clear();
    this.worstLong.set(0n);
    this.worstShort.set(0n);
  }
}

function change(figure: Amount, before: Amount | undefined, after: Amount): void {
  const from = before === undefined ? 0n : before.exact;
  if (from !== after.exact) figure.add(after.exact - from);
}
