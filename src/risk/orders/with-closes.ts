import type { CloseInput } from '../../book/inputs.js';
import type { SymbolRecord } from '../../book/records.js';

/** The symbols with their last closes, and those that have nothing else. */
export function withCloses(symbols: readonly SymbolRecord[], closes: readonly CloseInput[]): SymbolRecord[] {
  const bySymbol = new Map(symbols.map((record) => [record.symbol, record]));
  for (const close of closes) {
    const { symbol } = close;
    const known = bySymbol.get(symbol) ?? { symbol, instrument: null, quote: null, priceVersion: 0 };
    bySymbol.set(symbol, { ...known, close });
  }
  return [...bySymbol.values()];
}
