import { RiskError } from '../errors.js';
import type { Instrument } from './instruments.schema.js';

/** An instrument of the store, in another currency than asked for, that some account holds. */
export interface HeldInstrument {
  symbol: string;
  currency: string;
  /** One of its holders. */
  accountId: string;
}

/** An instrument keeps its currency while an account holds it: money of two currencies is never added. */
export function refuseCurrencyChange(
  instruments: readonly Instrument[],
  held: readonly HeldInstrument[],
  pointerTo = (index: number) => `/instruments/${index}/currency`,
): void {
  const heldBySymbol = new Map(held.map((instrument) => [instrument.symbol, instrument]));
  const errors = instruments.flatMap(({ symbol, currency }, index) => {
    const before = heldBySymbol.get(symbol);
    if (!before) return [];
    const detail = `expected ${symbol} in ${before.currency} while ${before.accountId} holds it, got ${currency}`;
    return [{ symbol, pointer: pointerTo(index), code: 'currency_mismatch', detail }];
  });
  if (errors.length === 0) return;
  throw new RiskError('currency_mismatch', errors[0]!.detail, {
    errors: errors.map(({ symbol: _, ...problem }) => problem),
    members: { symbols: errors.map(({ symbol }) => symbol) },
  });
}
