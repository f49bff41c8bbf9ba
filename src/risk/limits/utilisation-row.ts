import { moneyText, scaledText } from '../../book/amount.js';
import type { Figure, Unit } from '../../book/check-result.js';
import type { Utilisation } from '../../book/utilisation.js';
import { rounded } from '../../decimal/arithmetic.js';
import { FRACTION_DIGITS_MAX, minorUnits } from '../../decimal/decimal.js';
import { unitOf } from '../orders/figures.js';
import type { UtilisationRow } from './utilisation.schema.js';

/** One limit as it is answered; money is of the account's `currency`. */
export function utilisationRowOf(row: Utilisation, currency: string): UtilisationRow {
  const { code, level, levelId, symbol, unit, utilisation } = row;
  const text = (figure: Figure) => figureText(figure, unit, minorUnits(currency));
  return {
    code,
    level,
    level_id: levelId,
    symbol,
    limit: text(row.limit)!,
    used: text(row.used),
    reserved: text(row.reserved),
    headroom: text(row.headroom),
    utilisation: Number.isFinite(utilisation) ? utilisation : null,
    unit: unitOf(unit, currency)!,
  };
}

/** Null where a ratio has no end. */
function figureText(figure: Figure, unit: Unit, digits: number): string | null {
  if (typeof figure === 'bigint') return unit === 'money' ? moneyText(figure, digits) : scaledText(figure);
  return Number.isFinite(figure) ? rounded(String(figure), FRACTION_DIGITS_MAX) : null;
}
