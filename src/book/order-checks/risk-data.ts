import type { BookNode } from '../book-node.js';
import { type CheckKind, CheckResult, type CheckStatus } from '../check-result.js';
import { DAY_MS, HISTORY_AGE_MS_MAX } from '../limits.js';
import type { OrderCheck } from '../order-check.js';
import { missingHistory } from '../var-limits.js';

const RISK_DATA_STALE = { code: 'RISK_DATA_STALE', fixReason: 21, unit: 'seconds' } as const;
const RISK_DATA_OLD = { code: 'RISK_DATA_OLD', fixReason: 21, unit: 'seconds' } as const;

/** History missing or too old: nothing opens. Older than a week where that is allowed: a warning. */
export const riskData: OrderCheck = {
  name: 'risk-data',
  dependsOnQuantity: true,
  run(facts, results) {
    const { account, instrument, now, path } = facts;
    if (!account || !instrument) return;
    const { scenariosAsOf } = facts.context;
    const refused = facts.opens ? 'BREACH' : 'WARN';
    let limitMs: number | undefined;
    let level: BookNode = account;
    for (const node of path) {
      const own = node.limits.maxHistoryAgeMs;
      if (own === undefined || (limitMs !== undefined && own >= limitMs)) continue;
      limitMs = own;
      level = node;
    }
    limitMs ??= HISTORY_AGE_MS_MAX;
    const ageMs = scenariosAsOf === null ? null : Math.max(now - scenariosAsOf, 0);
    const missing = missingHistory(facts);
    if (ageMs === null || missing !== null) {
      results.push(result(RISK_DATA_STALE, refused, level, { ageMs, limitMs, detail: missing }));
      return;
    }
    const status = ageMs > limitMs ? refused : 'PASS';
    results.push(result(RISK_DATA_STALE, status, level, { ageMs, limitMs, detail: null }));
    if (ageMs <= HISTORY_AGE_MS_MAX || ageMs > limitMs) return;
    const detail = `the history ends ${Math.floor(ageMs / DAY_MS)} days ago`;
    results.push(result(RISK_DATA_OLD, 'WARN', level, { ageMs, limitMs: HISTORY_AGE_MS_MAX, detail }));
  },
};

interface Age {
  ageMs: number | null;
  limitMs: number;
  detail: string | null;
}

function result(kind: CheckKind, status: CheckStatus, { level, id }: BookNode, { ageMs, limitMs, detail }: Age) {
  const age = ageMs === null ? null : ageMs / 1000;
  return new CheckResult(kind, status, level, id, null, age, limitMs / 1000, null, detail);
}
