import type { OrderCheck } from '../order-check.js';
import { type Scope, stricter } from '../scope.js';

const TRADING_HALTED = { code: 'TRADING_HALTED', fixReason: 2, unit: 'none' } as const;
const TRADING_REDUCING = { code: 'TRADING_REDUCING', fixReason: 99, unit: 'none' } as const;

/** The strictest state of account, desk, firm, instrument and trader. HALTED lets nothing pass, REDUCING nothing open. */
export const tradingState: OrderCheck = {
  name: 'trading-state',
  dependsOnQuantity: true,
  run(facts, report) {
    const { instrument, opens, path, trader } = facts;
    let strictest: Scope | null = null;
    for (const node of path) strictest = strictestOf(strictest, node);
    strictest = strictestOf(strictest, instrument);
    strictest = strictestOf(strictest, trader);
    if (strictest === null) return;
    const state = strictest.tradingState;
    const cause = strictest.state === state ? null : `latched by ${strictest.latches.join(', ')}`;
    report.state(TRADING_HALTED, state === 'HALTED' ? 'BREACH' : 'PASS', strictest);
    // A flat book may not trade: every order in it opens.
    report.state(TRADING_REDUCING, state === 'REDUCING' && opens ? 'BREACH' : 'PASS', strictest, cause);
  },
};

/** Of equally strict ones the first. */
function strictestOf(strictest: Scope | null, scope: Scope | null | undefined): Scope | null {
  if (!scope) return strictest;
  return strictest === null || stricter(scope.tradingState, strictest.tradingState) ? scope : strictest;
}
