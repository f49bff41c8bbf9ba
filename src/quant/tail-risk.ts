import { BASIS_POINTS, tailCount } from './confidence.js';
import { requireCount } from './errors.js';
import { TailSelection } from './tail-selection.js';

/** Value-at-risk and expected shortfall, positive = loss, in the unit of the P&L. Never floored, never capped. */
export interface TailRisk {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

const selection = new TailSelection();

/**
 * Historical VaR and ES of a P&L vector. VaR is the k-th worst loss, k = ceil(aT): a real scenario (Rockafellar &
 * Uryasev, lower choice). ES = [Σ_{i<k} L(i) + (aT − k + 1)·L(k)]/(aT) (Acerbi & Tasche 2002). `lossHint`, such as 97 %
 * of the last VaR, only makes it faster: the answer is the same to the bit. One observation is its own VaR and ES.
 * Throws `insufficient_data` for an empty vector and `not_finite` for NaN or an infinite loss.
 */
export function tailRisk(pnl: Float64Array, basisPoints: number, lossHint = Number.NaN): TailRisk {
  const count = pnl.length;
  requireCount(count, 1, 'tail risk');
  const k = tailCount(count, basisPoints);
  selection.select(pnl, k, -lossHint);
  const { kth, excess } = selection;
  // The same mean as an excess over L(k): exact for a flat tail, never below VaR. The fraction of the k-th keeps ES
  // continuous as aT crosses an integer.
  const weight = (count * basisPoints) / BASIS_POINTS;
  return { valueAtRisk: -kth + 0, expectedShortfall: excess / weight - kth + 0 };
}

/** The `count` smallest values, in no order: the worst P&L. */
export function worstValues(pnl: Float64Array, count: number): Float64Array {
  selection.select(pnl, count, Number.NaN);
  return selection.smallest(count);
}
