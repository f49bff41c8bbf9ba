import { Amount, larger, ONE, type Scaled } from './amount.js';
import type { BookNode, Losses } from './book-node.js';
import type { Latch } from './scope.js';

/** Null without equity. */
export function lossesOf(node: BookNode): Losses | null {
  if (node.losses !== null) return node.losses;
  const { equity, dayStartEquity, peakEquity } = node;
  if (equity === null) return null;
  const day = dayStartEquity === null ? null : new Amount(dayStartEquity - equity);
  const peak = peakEquity === null ? null : larger(peakEquity, equity);
  const fall = peak === null ? null : { loss: new Amount(peak - equity), peak: new Amount(peak) };
  node.losses = { day, fall };
  return node.losses;
}

/** Of a peak that is not positive no ratio is a small one: any loss exceeds it. */
function drawdownExceeds({ loss, peak }: NonNullable<Losses['fall']>, limit: Scaled): boolean {
  return peak.exact > 0n ? loss.exact * ONE > limit * peak.exact : loss.exact > 0n;
}

/** Losses over their limit that have not latched yet. */
export function latchesDue(node: BookNode): Latch[] {
  const { maxDailyLoss, maxDrawdownRatio } = node.limits;
  const losses = lossesOf(node);
  const due: Latch[] = [];
  if (losses === null) return due;
  const { day, fall } = losses;
  const overDay = maxDailyLoss !== undefined && day !== null && day.exact > maxDailyLoss;
  if (overDay && !node.latches.includes('DAILY_LOSS')) due.push('DAILY_LOSS');
  const overFall = maxDrawdownRatio !== undefined && fall !== null && drawdownExceeds(fall, maxDrawdownRatio);
  if (overFall && !node.latches.includes('DRAWDOWN')) due.push('DRAWDOWN');
  return due;
}
