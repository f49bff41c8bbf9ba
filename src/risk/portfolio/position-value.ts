import { difference, product, rounded } from '../../decimal/arithmetic.js';
import { FRACTION_DIGITS_MAX, formatMoney } from '../../decimal/decimal.js';
import type { Mark } from '../market/mark.js';
import type { Position } from './positions.schema.js';
import type { StoredPosition } from './positions-rules.js';

export interface Pricing {
  /** Digits of the currency's minor unit. */
  minorUnits: number;
  multiplier: string | undefined;
  mark: Mark | undefined;
}

/**
 * A position as it is answered. `market_value` = quantity × mark × multiplier and `unrealized_pnl` = quantity × (mark −
 * average price) × multiplier, rounded half even to the currency's minor unit; null where a part is missing.
 */
export function valuedPosition(position: StoredPosition, { minorUnits, multiplier, mark }: Pricing): Position {
  const { symbol, quantity, averagePrice } = position;
  const isShort = quantity.startsWith('-');
  const valueAt = (price: string) =>
    multiplier === undefined ? null : formatMoney(product([quantity, multiplier, price]), minorUnits);
  return {
    symbol,
    direction: isShort ? 'SHORT' : 'LONG',
    volume: isShort ? quantity.slice(1) : quantity,
    quantity,
    average_price: averagePrice,
    market_value: mark ? valueAt(mark.price) : null,
    mark: mark ? rounded(mark.price, FRACTION_DIGITS_MAX) : null,
    mark_as_of: mark?.asOf ?? null,
    unrealized_pnl: mark && averagePrice !== null ? valueAt(difference(mark.price, averagePrice)) : null,
  };
}
