import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';
import { type Scope, stricter } from '../scope.js';

const TRADING_HALTED = { code: 'TRADING_HALTED', fixReason: 2, unit: 'none' } as const;
const TRADING_REDUCING = { code: 'TRADING_REDUCING', fixReason: 99, unit: 'none' } as const;

/** The strictest state of account, desk, firm, instrument and trader. HALTED lets nothing pass, REDUCING nothing open. */
export const tradingState: OrderCheck = {
  name: 'trading-state',
  dependsOnQuantity: true,
  run(facts, results) {
    let strictest: Scope | undefined;
    for (const scope of facts.scopes) {
      if (!strictest || stricter(scope.tradingState, strictest.tradingState)) strictest = scope;
    }
    if (!strictest) return;
    const state = strictest.tradingState;
    const cause = strictest.state === state ? null : `latched by ${strictest.latches.join(', ')}`;
    results.push(plainResult(TRADING_HALTED, state === 'HALTED' ? 'BREACH' : 'PASS', strictest));
    // A flat book may not trade: every order in it opens.
    const reduces = state === 'ACTIVE' || !facts.opens;
    results.push(plainResult(TRADING_REDUCING, reduces ? 'PASS' : 'BREACH', strictest, cause));
  },
};
