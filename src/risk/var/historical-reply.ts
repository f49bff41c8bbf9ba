import { dateOf } from '../market/price-day.js';
import type { HistoricalVar, TailScenario } from './historical-var.js';
import { horizonWarnings, type VarReplies } from './var-reply.js';
import type { HistoricalVarReply, Warning } from './var-reply.schema.js';
import type { Asked } from './var-run.js';

/** Tail scenarios that a reply lists; the measures always rest on all of them. */
const TAIL_LISTED_MAX = 500;

export function historicalResults(
  computed: HistoricalVar,
  days: Int32Array,
  replies: VarReplies,
  { levels, horizonDays }: Asked,
): Pick<HistoricalVarReply, 'results' | 'warnings'> {
  const scenario = ({ from, to, pnl, weight }: TailScenario) => ({
    date: dateOf(days[to]!),
    ...(from !== to && { start_date: dateOf(days[from]!) }),
    pnl: replies.money(pnl),
    pnl_ratio: replies.ratio(pnl),
    weight,
  });
  return {
    results: computed.results.map((result, index) => ({
      confidence_level: levels[index]!,
      time_horizon: horizonDays,
      ...replies.measures(result),
      confidence_interval: replies.interval(result.interval),
      scenario_count: computed.scenarioCount,
      tail: result.tail.slice(0, TAIL_LISTED_MAX).map(scenario),
      contributions: replies.contributions(result.contributions),
    })),
    warnings: historicalWarnings(computed, horizonDays),
  };
}

function historicalWarnings(computed: HistoricalVar, horizonDays: number): Warning[] {
  const warnings = horizonWarnings(computed.horizon, horizonDays);
  if (computed.warmUpDropped > 0) {
    const message = `the first ${computed.warmUpDropped} returns of the window seeded the volatility; fewer than that are stored before it`;
    warnings.push({ code: 'warm_up_in_window', message });
  }
  if (computed.flat) {
    const message = 'no scenario moves the portfolio: its value at risk is exactly 0 on this data';
    warnings.push({ code: 'zero_variance', message });
  }
  return warnings;
}
