import type { Money, Scaled } from './amount.js';
import { absolute, larger } from './amount.js';

/** Running sums over holdings: of an account, desk or firm, or of one symbol there. Money at marks and lock prices. */
export class Totals {
  /** Σ P·mark, signed. */
  value: Money = 0n;
  /** Σ |P·mark|. */
  held: Money = 0n;
  /** Σ of the symbol exposures with working orders: nothing nets. */
  gross: Money = 0n;
  /** ΣB·lock and ΣS·lock. */
  buys: Money = 0n;
  sells: Money = 0n;
  /** Σ max(P + B, 0) and Σ max(S − P, 0); only meant for one symbol. */
  worstLong: Scaled = 0n;
  worstShort: Scaled = 0n;
  openOrders = 0;

  /** The larger absolute value of "all buys filled" and "all sells filled", with `buys` and `sells` more working. */
  net(buys: Money = 0n, sells: Money = 0n): Money {
    return larger(absolute(this.value + this.buys + buys), absolute(this.value - this.sells - sells));
  }

  /** Only what differs is added: most changes touch two or three of the sums. */
  add(difference: Totals): void {
    if (difference.value) this.value += difference.value;
    if (difference.held) this.held += difference.held;
    if (difference.gross) this.gross += difference.gross;
    if (difference.buys) this.buys += difference.buys;
    if (difference.sells) this.sells += difference.sells;
    if (difference.worstLong) this.worstLong += difference.worstLong;
    if (difference.worstShort) this.worstShort += difference.worstShort;
    this.openOrders += difference.openOrders;
  }

  /** What to add to sums that contain `counted` so that they contain this instead; null where nothing changed. */
  minus(counted: Totals): Totals | null {
    const difference = new Totals();
    let differs = false;
    for (const figure of FIGURES) {
      if (this[figure] === counted[figure]) continue;
      difference[figure] = this[figure] - counted[figure];
      differs = true;
    }
    difference.openOrders = this.openOrders - counted.openOrders;
    return differs || difference.openOrders !== 0 ? difference : null;
  }
}

const FIGURES = ['value', 'held', 'gross', 'buys', 'sells', 'worstLong', 'worstShort'] as const;
