import { larger, type Money, ONE, type Scaled } from './amount.js';
import type { BookNode } from './book-node.js';
import type { Latch } from './scope.js';

/** Equity at the start of the session − equity; negative is a profit. Null without equity. */
export function dayLoss(node: BookNode): Money | null {
  const { equity, dayStartEquity } = node;
  return equity === null || dayStartEquity === null ? null : dayStartEquity - equity;
}

/** How far equity stands below its peak. Null without equity. */
export function drawdown(node: BookNode): { loss: Money; peak: Money } | null {
  const { equity, peakEquity } = node;
  if (equity === null || peakEquity === null) return null;
  const peak = larger(peakEquity, equity);
  return { loss: peak - equity, peak };
}

/** Of a peak that is not positive no ratio is a small one: any loss exceeds it. */
export function drawdownExceeds({ loss, peak }: { loss: Money; peak: Money }, limit: Scaled): boolean {
  return peak > 0n ? loss * ONE > limit * peak : loss > 0n;
}

/** Losses over their limit that have not latched yet. */
export function latchesDue(node: BookNode): Latch[] {
  const { maxDailyLoss, maxDrawdownRatio } = node.limits;
  const due: Latch[] = [];
  if (maxDailyLoss !== undefined && !node.latches.includes('DAILY_LOSS')) {
    const loss = dayLoss(node);
    if (loss !== null && loss > maxDailyLoss) due.push('DAILY_LOSS');
  }
  if (maxDrawdownRatio !== undefined && !node.latches.includes('DRAWDOWN')) {
    const fall = drawdown(node);
    if (fall !== null && drawdownExceeds(fall, maxDrawdownRatio)) due.push('DRAWDOWN');
  }
  return due;
}
