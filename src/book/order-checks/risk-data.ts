import type { CheckKind, CheckStatus } from '../check-result.js';
import { DAY_MS, HISTORY_AGE_MS_MAX } from '../limits.js';
import type { OrderCheck } from '../order-check.js';
import { missingHistory } from '../var-limits.js';

const RISK_DATA_STALE = { code: 'RISK_DATA_STALE', fixReason: 21, unit: 'seconds' } as const;
const RISK_DATA_OLD = { code: 'RISK_DATA_OLD', fixReason: 21, unit: 'seconds' } as const;

/** History missing or too old: nothing opens. Older than a week where that is allowed: a warning. */
export const riskData: OrderCheck = {
  name: 'risk-data',
  dependsOnQuantity: true,
  run(facts, report) {
    const { account, instrument, limits, now } = facts;
    if (!account || !instrument) return;
    const { scenariosAsOf } = facts.context;
    const refused = facts.opens ? 'BREACH' : 'WARN';
    const limitMs = limits.historyAgeMs?.limit ?? HISTORY_AGE_MS_MAX;
    const level = limits.historyAgeMs ? facts.level(limits.historyAgeMs) : account;
    const ageMs = scenariosAsOf === null ? null : Math.max(now - scenariosAsOf, 0);
    const missing = missingHistory(facts);
    const fits = ageMs !== null && missing === null && ageMs <= limitMs;
    say(RISK_DATA_STALE, fits ? 'PASS' : refused, limitMs, missing);
    if (!fits || ageMs <= HISTORY_AGE_MS_MAX) return;
    // Against the limit in force: what is allowed is no breach, and not the nearest to one.
    say(RISK_DATA_OLD, 'WARN', limitMs, `the history ends ${Math.floor(ageMs / DAY_MS)} days ago`);

    function say(kind: CheckKind, status: CheckStatus, mostMs: number, detail: string | null): void {
      // Where a history is missing, how old the others are is not what is wrong.
      const after = ageMs === null || missing !== null ? null : ageMs / 1000;
      const figures = { before: null, after, limit: mostMs / 1000 };
      report.number(kind, status, level, figures, { detail });
    }
  },
};
