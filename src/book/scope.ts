import { bytesOf } from './bytes.js';
import type { Level, TradingState } from './inputs.js';
import type { Limits, SymbolLimits } from './limits.js';
import { SlidingCount } from './sliding-count.js';

export type Latch = 'DAILY_LOSS' | 'DRAWDOWN';

/** Anything that carries limits, a trading state and a rate: a node of the account tree, an instrument, a trader. */
export abstract class Scope {
  limits: Limits = {};
  isLimited = false;
  /** The same text for the same limits. */
  limitsText = '';
  limitsVersion = 0;
  /** As a person set it. */
  state: TradingState = 'ACTIVE';
  /** Losses that hold it at REDUCING until a person clears them. */
  latches: Latch[] = [];
  readonly rate = new SlidingCount();
  private merged = { of: this.limits, bySymbol: new Map<string, SymbolLimits>() };

  constructor(
    public level: Level,
    readonly id: string,
  ) {}

  /** Working orders and such as wait for an approval. */
  abstract get openOrders(): number;

  get tradingState(): TradingState {
    return this.state === 'ACTIVE' && this.latches.length > 0 ? 'REDUCING' : this.state;
  }

  setLimits(limits: Limits, version: number): void {
    this.limits = limits;
    this.limitsVersion = version;
    this.isLimited = Object.keys(limits).length > 0;
    this.limitsText = bytesOf(limits);
  }

  /** Limits on one order or one symbol's position: the symbol's own, else the level's. */
  limitsFor(symbol: string): SymbolLimits {
    const { limits } = this;
    const own = limits.symbols?.[symbol];
    if (!own) return limits;
    if (this.merged.of !== limits) this.merged = { of: limits, bySymbol: new Map() };
    let merged = this.merged.bySymbol.get(symbol);
    if (!merged) {
      const { symbols: _, restrictedSymbols: __, ...level } = limits;
      merged = { ...level, ...own };
      this.merged.bySymbol.set(symbol, merged);
    }
    return merged;
  }
}

const STRICTNESS: Record<TradingState, number> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

export const stricter = (a: TradingState, b: TradingState): boolean => STRICTNESS[a] > STRICTNESS[b];
