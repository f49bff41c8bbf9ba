import { stricter } from '../../book/scope.js';
import type { ScopeState } from '../../book/trading-states.js';

/** The strictest of the states that bind a level, latches included; of several the nearest. `states` is not empty. */
export function effectiveState(states: readonly ScopeState[]): ScopeState {
  return states.reduce((strictest, state) =>
    stricter(state.tradingState, strictest.tradingState) ? state : strictest,
  );
}
