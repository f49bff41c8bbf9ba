import type { ScopeState } from '../../book/trading-states.js';
import { effectiveState } from './effective-state.js';
import { nameOf } from './level.js';
import type { StoredTradingState, StoredTradingStateChange } from './ports.js';
import type { TradingStateChange, TradingStateReply } from './trading-states.schema.js';

/**
 * State and latches as the book has them, who set them and why as it is stored. `states` are those that bind the level,
 * its own first; they are not empty.
 */
export function tradingStateReplyOf(
  states: readonly ScopeState[],
  stored: StoredTradingState | undefined,
): TradingStateReply {
  const { level, id, state, latches } = states[0]!;
  const source = effectiveState(states);
  return {
    level: nameOf(level),
    id,
    state,
    reason: stored?.reason ?? null,
    latches: [...latches],
    version: stored?.version ?? 0,
    updated_at: stored?.updatedAt.toISOString() ?? null,
    updated_by: stored?.updatedBy ?? null,
    effective: { state: source.tradingState, source: { level: nameOf(source.level), id: source.id } },
  };
}

export function tradingStateChangeOf(change: StoredTradingStateChange): TradingStateChange {
  const { version, changedAt, actor, before, state, latches, reason } = change;
  return {
    version,
    updated_at: changedAt.toISOString(),
    updated_by: actor,
    before,
    state,
    latches: [...latches],
    reason,
  };
}
