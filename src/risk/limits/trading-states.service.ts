import { Injectable } from '@nestjs/common';
import type { RiskBook } from '../../book/risk-book.js';
import type { ScopeState } from '../../book/trading-states.js';
import { refuseOtherVersion } from '../if-match.js';
import { LiveBook } from '../orders/ports.js';
import { pageOf } from '../page.js';
import { nameOf, notFound, type Target } from './level.js';
import { Levels } from './levels.service.js';
import type { ChangeQuery } from './limits.schema.js';
import type { ChangedBy } from './limits.service.js';
import { TradingStateStore } from './ports.js';
import { tradingStateChangeOf, tradingStateReplyOf } from './trading-state-reply.js';
import type {
  TradingStateChanges,
  TradingStateInput,
  TradingStateList,
  TradingStateQuery,
  TradingStateReply,
} from './trading-states.schema.js';

@Injectable()
export class TradingStatesService {
  constructor(
    private readonly states: TradingStateStore,
    private readonly levels: Levels,
    private readonly liveBook: LiveBook,
  ) {}

  /**
   * Without a version to compare it is a kill switch: the book has it before anything waits, and keeps it even where the
   * store is away, which the caller then hears. Throws `account_not_found`, `instrument_not_found`, `version_conflict`.
   */
  async put(
    target: Target,
    { state, reason }: TradingStateInput,
    { actor, versionSeen }: ChangedBy,
  ): Promise<TradingStateReply> {
    const input = { ...target, state, reason, actor };
    if (versionSeen === undefined) {
      const set = (book: RiskBook, now: number) => {
        statesOf(book, target);
        return { effects: book.setTradingState(input, now) };
      };
      await this.liveBook.commit(set, { keep: true });
    } else {
      await this.liveBook.change(
        () => this.requireVersion(target, versionSeen),
        (book, now) => book.setTradingState(input, now),
      );
    }
    return this.get(target);
  }

  async get(target: Target): Promise<TradingStateReply> {
    const stored = await this.states.find(target);
    return this.liveBook.look((book) => tradingStateReplyOf(statesOf(book, target), stored));
  }

  /** Everything that is not ACTIVE or is latched. */
  async restricted(query: TradingStateQuery): Promise<TradingStateList> {
    const rows = await this.states.restricted(query);
    const { data, next_cursor } = pageOf(rows, query.limit, ({ level, id }) => `${nameOf(level)}/${id}`);
    return this.liveBook.look((book) => {
      // What was deleted meanwhile binds nobody.
      const known = data.map((stored) => ({ stored, states: book.tradingStates(stored.level, stored.id) }));
      const shown = known.filter(({ states }) => states.length > 0);
      return { data: shown.map(({ states, stored }) => tradingStateReplyOf(states, stored)), next_cursor };
    });
  }

  async changes(target: Target, query: ChangeQuery): Promise<TradingStateChanges> {
    await this.levels.require(target);
    const rows = await this.states.changes(target, query);
    const { data, next_cursor } = pageOf(rows, query.limit, ({ changeId }) => String(changeId));
    return { data: data.map(tradingStateChangeOf), next_cursor };
  }

  private async requireVersion(target: Target, versionSeen: number): Promise<void> {
    await this.levels.require(target);
    refuseOtherVersion((await this.states.find(target))?.version ?? 0, versionSeen);
  }
}

function statesOf(book: RiskBook, target: Target): ScopeState[] {
  const states = book.tradingStates(target.level, target.id);
  if (states.length === 0) throw notFound(target);
  return states;
}
