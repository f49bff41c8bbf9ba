import type { BookState } from './book-state.js';
import type { Level, TradingState } from './inputs.js';
import type { Latch } from './scope.js';

export interface ScopeState {
  readonly level: Level;
  readonly id: string;
  /** As a person set it. */
  readonly state: TradingState;
  readonly latches: readonly Latch[];
  /** With its latches. */
  readonly tradingState: TradingState;
}

/** The states that bind a level: its own, then those above it. Empty for what is not there; any trader is. */
export function tradingStatesOf(state: BookState, level: Level, id: string): ScopeState[] {
  if (level === 'TRADER') return [stateOf(state.traders.get(id) ?? untouched(id))];
  if (level === 'INSTRUMENT') {
    const instrument = state.instruments.get(id);
    return instrument?.spec ? [stateOf(instrument)] : [];
  }
  const node = state.accounts.get(id);
  return node?.kind === level ? node.path.map(stateOf) : [];
}

const stateOf = ({ level, id, state, latches, tradingState }: ScopeState): ScopeState => ({
  level,
  id,
  state,
  latches,
  tradingState,
});

/** A trader of whom nobody has heard yet; looking must not make him. */
const untouched = (id: string): ScopeState => ({
  level: 'TRADER',
  id,
  state: 'ACTIVE',
  latches: [],
  tradingState: 'ACTIVE',
});
