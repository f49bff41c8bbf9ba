import type { Level } from '../../book/inputs.js';
import type { FieldProblem } from '../errors.js';
import { nameOf } from './level.js';
import type { Limits, SymbolLimits } from './limits.schema.js';

interface Fields {
  readonly level: readonly (keyof Limits)[];
  readonly perSymbol: readonly (keyof SymbolLimits)[];
}

const SIZES = ['approval_order_quantity', 'max_order_quantity', 'max_order_notional'] as const;

/** What the checks read where not everything is read: a trader holds nothing, an instrument has no equity. */
const READ: Partial<Record<Level, Fields>> = {
  TRADER: { level: [...SIZES, 'max_open_orders', 'max_orders_per_second', 'symbols'], perSymbol: SIZES },
  INSTRUMENT: {
    level: [
      ...SIZES,
      'price_collar_ratio',
      'max_adv_ratio',
      'max_long_quantity',
      'max_short_quantity',
      'max_gross_exposure',
      'max_net_exposure',
      'max_open_orders',
      'max_orders_per_second',
      'max_price_age_seconds',
      'market_slippage_ratio',
    ],
    perSymbol: [],
  },
};

/** Limits that nobody would ever check at this level: set there, they would only look like protection. */
export function ignoredFields(level: Level, limits: Limits): FieldProblem[] {
  const read = READ[level];
  if (!read) return [];
  const ignored = (given: object, fields: readonly string[], base: string): FieldProblem[] =>
    Object.keys(given)
      .filter((field) => !fields.includes(field))
      .map((field) => ({
        pointer: `${base}/${field}`,
        code: 'not_at_this_level',
        detail: `expected one of ${fields.join(', ')} at the level ${nameOf(level)}, got ${field}`,
      }));
  const perSymbol = read.level.includes('symbols') ? Object.entries(limits.symbols ?? {}) : [];
  return [
    ...ignored(limits, read.level, ''),
    ...perSymbol.flatMap(([symbol, own]) => ignored(own, read.perSymbol, `/symbols/${escaped(symbol)}`)),
  ];
}

/** A symbol may contain a slash (RFC 6901). */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
