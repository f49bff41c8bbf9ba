import { BASIS_POINTS } from '../../quant/confidence.js';
import { dateOf } from '../market/price-day.js';
import type { HistoricalVar, TailScenario } from './historical-var.js';
import { horizonWarnings, noInterval, thinTailWarnings, type VarReplies } from './var-reply.js';
import type { HistoricalVarReply, Warning } from './var-reply.schema.js';
import type { HistoricalVarRequest } from './var-request.schema.js';
import type { Asked } from './var-run.js';

/** Tail scenarios that a reply lists; the measures always rest on all of them. */
const TAIL_LISTED_MAX = 500;

type Method = HistoricalVarRequest['method'];

/** Yields between contributions. */
export function* historicalResults(
  computed: HistoricalVar,
  days: Int32Array,
  replies: VarReplies,
  question: Asked & { method: Method },
): Generator<void, Pick<HistoricalVarReply, 'results' | 'warnings'>> {
  const scenario = ({ from, to, pnl, weight }: TailScenario) => ({
    date: dateOf(days[to]!),
    ...(from !== to && { start_date: dateOf(days[from]!) }),
    pnl: replies.money(pnl),
    pnl_ratio: replies.ratio(pnl),
    weight,
  });
  const results: HistoricalVarReply['results'] = [];
  for (const [index, result] of computed.results.entries()) {
    results.push({
      confidence_level: question.levels[index]!,
      time_horizon: question.horizonDays,
      ...replies.measures(result),
      confidence_interval: replies.interval(result.interval),
      scenario_count: computed.scenarioCount,
      tail: result.tail.slice(0, TAIL_LISTED_MAX).map(scenario),
      contributions: yield* replies.contributions(result.contributions),
    });
  }
  return { results, warnings: historicalWarnings(computed, question) };
}

function historicalWarnings(computed: HistoricalVar, question: Asked & { method: Method }): Warning[] {
  const warnings = horizonWarnings(computed.horizon, question.horizonDays);
  if (question.method === 'age_weighted' && computed.horizon !== 'overlapping') {
    warnings.push(noInterval('scenarios of unequal weight are no sample that order statistics could bound'));
  }
  warnings.push(...openIntervals(computed, question), ...thinTail(computed, question));
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

/** Where the sample bounds the loss on one side only. */
function openIntervals({ results, scenarioCount }: HistoricalVar, { levels }: Asked): Warning[] {
  const open = levels.filter((_, index) => {
    const interval = results[index]!.interval;
    return interval && (interval.lower === null || interval.upper === null);
  });
  if (open.length === 0) return [];
  const message = `${scenarioCount} scenarios are too few to bound the loss on both sides at confidence ${open.join(', ')}`;
  return [{ code: 'interval_open', message }];
}

function thinTail({ results, scenarioCount }: HistoricalVar, { levels, tails, method }: Asked & { method: Method }) {
  const thin = results.flatMap(({ tail }, index) => {
    if (tail.length > 1) return [];
    const reason =
      method === 'age_weighted'
        ? 'its weight is at least a'
        : `a·T = ${(scenarioCount * tails[index]!) / BASIS_POINTS}`;
    return [`${levels[index]} (${reason})`];
  });
  return thinTailWarnings(thin, `${scenarioCount} scenarios`);
}
