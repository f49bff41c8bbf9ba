import { type Money, ONE, type Scaled } from './amount.js';

/** Limits that may also be set for one symbol. Unset: no limit at this level. Quantities, ratios × 10⁸; money × 10²⁴. */
export interface SymbolLimits {
  /** An order above it needs an approval. */
  approvalOrderQuantity?: Scaled;
  maxOrderQuantity?: Scaled;
  maxOrderNotional?: Money;
  priceCollarRatio?: Scaled;
  maxAdvRatio?: Scaled;
  /** Worst long and worst short of a symbol; above the account the sum over its accounts, nothing nets. */
  maxLongQuantity?: Scaled;
  maxShortQuantity?: Scaled;
  /** Of everything at the level; set for a symbol, of that symbol. So are net exposure and open orders. */
  maxGrossExposure?: Money;
  maxNetExposure?: Money;
  maxOpenOrders?: number;
  maxPositionRatio?: Scaled;
  maxPriceAgeMs?: number;
  marketSlippageRatio?: Scaled;
}

export interface Limits extends SymbolLimits {
  maxLeverage?: Scaled;
  maxVarRatio?: Scaled;
  maxDailyLoss?: Money;
  maxDrawdownRatio?: Scaled;
  maxOrdersPerSecond?: number;
  /** Orders of the same content, the first included. */
  maxDuplicatesPerSecond?: number;
  maxHistoryAgeMs?: number;
  symbols?: Readonly<Record<string, SymbolLimits>>;
  restrictedSymbols?: readonly string[];
}

/** What the configuration says for all accounts. */
export interface BookSettings {
  /** Account-level limits where nothing on the path of an account sets one. */
  approvalOrderQuantity: Scaled;
  maxPositionRatio: Scaled;
  maxVarRatio: Scaled;
  /** Tail of the value at risk, in basis points: 500 is 95 % confidence. */
  varTailBasisPoints: number;
  orderAgeMsMax: number;
  approvalTtlMs: number;
  /** Start of the trading session after midnight UTC. */
  sessionStartMs: number;
}

export const DEFAULT_SETTINGS: BookSettings = {
  approvalOrderQuantity: 1000n * ONE,
  maxPositionRatio: ONE / 5n,
  maxVarRatio: ONE / 20n,
  varTailBasisPoints: 500,
  orderAgeMsMax: 300_000,
  approvalTtlMs: 300_000,
  sessionStartMs: 0,
};

export const DAY_MS = 86_400_000;
export const PRICE_AGE_MS_MAX = 60_000;
export const HISTORY_AGE_MS_MAX = 7 * DAY_MS;
