import { scaled } from '../../book/amount.js';
import { type BookSettings, DEFAULT_SETTINGS } from '../../book/limits.js';

/** What the configuration says of orders. */
export interface OrderSettings {
  readonly maxAgeSeconds: number;
  readonly approvalTtlSeconds: number;
  readonly maxVarRatio: number;
  readonly maxPositionRatio: number;
  /** Time of day in UTC, `21:00Z`. */
  readonly sessionStart: string;
}

/** The same for the book. `confidenceLevel` has at most four decimals, so its tail is whole basis points. */
export function bookSettings(orders: OrderSettings, confidenceLevel: number): BookSettings {
  const [hours, minutes] = orders.sessionStart.split(':');
  return {
    ...DEFAULT_SETTINGS,
    maxVarRatio: scaled(orders.maxVarRatio.toFixed(8)),
    maxPositionRatio: scaled(orders.maxPositionRatio.toFixed(8)),
    varTailBasisPoints: Math.round((1 - confidenceLevel) * 10_000),
    orderAgeMsMax: orders.maxAgeSeconds * 1_000,
    approvalTtlMs: orders.approvalTtlSeconds * 1_000,
    sessionStartMs: (Number(hours) * 60 + Number.parseInt(minutes!, 10)) * 60_000,
  };
}
