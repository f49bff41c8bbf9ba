import { type ApprovalOutcome, approve, refuseApproval } from './approvals.js';
import { exportRecords, restoreState } from './book-records.js';
import { BookState } from './book-state.js';
import type { Detail } from './decision.js';
import type { Effect } from './effects.js';
import type {
  AccountInput,
  ApprovalInput,
  CloseInput,
  InstrumentInput,
  Level,
  LimitsInput,
  OrderRequest,
  OrderUpdate,
  QuoteInput,
  ReleaseInput,
  ScenariosInput,
  Snapshot,
  TradingStateInput,
} from './inputs.js';
import { type BookSettings, DEFAULT_SETTINGS } from './limits.js';
import type { OrderCheck } from './order-check.js';
import { type Outcome, takeOrder } from './order-intake.js';
import { applyUpdate, release, type UpdateOutcome } from './order-updates.js';
import type { BookRecords, WorkingRecord } from './records.js';
import * as data from './reference-data.js';
import { advance, tick, watchLosses } from './sessions.js';
import { type ScopeState, tradingStatesOf } from './trading-states.js';
import { type Utilisation, utilisationOf } from './utilisation.js';
import { pendingApprovals, type WorkingPage, type WorkingView, workingOrders } from './views.js';

export interface DecideInput {
  /** Computes the VaR even where its bound decides. */
  readonly exactVar?: boolean;
  /** `nearest` leaves `checks` null: the decision is the same, and much cheaper. */
  readonly detail?: Detail;
}

/**
 * The one owner of accounts, positions, working orders, limits, trading states, windows and marks: pure and synchronous.
 * Each call is one input with the time of its event; what must be stored or told comes back as effects. The same inputs
 * in the same order give the same decisions to the byte.
 */
export class RiskBook {
  private constructor(
    private readonly state: BookState,
    private readonly orderChecks?: readonly OrderCheck[],
  ) {}

  static empty(settings: Partial<BookSettings> = {}, checks?: readonly OrderCheck[]): RiskBook {
    return new RiskBook(new BookState({ ...DEFAULT_SETTINGS, ...settings }), checks);
  }

  /** From the records of another book; its scenarios are given anew. */
  static restore(records: BookRecords, settings: Partial<BookSettings> = {}): RiskBook {
    return new RiskBook(restoreState({ ...DEFAULT_SETTINGS, ...settings }, records));
  }

  /** Checks and reserves in one step. */
  decide(order: OrderRequest, now: number, { exactVar = false, detail = 'full' }: DecideInput = {}): Outcome {
    return this.bind(now, (effects) => {
      this.watchPath(order.accountId, effects);
      const options = { mode: 'RESERVE', exactVar, detail, checks: this.orderChecks } as const;
      const outcome = takeOrder(this.state, order, this.state.now, options);
      effects.push(...outcome.effects);
      return { decision: outcome.decision, effects };
    });
  }

  /** The same answer with nothing changed: no reservation, no budget, no latch. */
  check(order: OrderRequest, now: number): Outcome {
    this.state.revalue();
    const options = { mode: 'CHECK', exactVar: true, detail: 'full', checks: this.orderChecks } as const;
    return takeOrder(this.state, order, this.state.timeOf(now), options);
  }

  update(update: OrderUpdate, now: number): UpdateOutcome {
    return this.bind(now, (effects) => {
      const outcome = applyUpdate(this.state, update, this.state.now);
      effects.push(...outcome.effects);
      return { status: outcome.status, effects };
    });
  }

  approve(input: ApprovalInput, now: number): ApprovalOutcome {
    return this.bind(now, (effects) => {
      this.watchPath(input.accountId, effects);
      const outcome = approve(this.state, input, this.state.now);
      effects.push(...outcome.effects);
      return { ...outcome, effects };
    });
  }

  refuseApproval(input: ApprovalInput, now: number): ApprovalOutcome {
    return this.bind(now, (effects) => {
      const outcome = refuseApproval(this.state, input, this.state.now);
      effects.push(...outcome.effects);
      return { ...outcome, effects };
    });
  }

  /** Frees a reservation by hand; `released` is false where the order holds nothing. */
  release(input: ReleaseInput, now: number): { released: boolean; effects: Effect[] } {
    return this.bind(now, (effects) => {
      const released = release(this.state, input);
      effects.push(...(released ?? []));
      return { released: released !== null, effects };
    });
  }

  quote(quote: QuoteInput, _now: number): void {
    data.setQuote(this.state, quote);
  }

  close(close: CloseInput, _now: number): void {
    data.setClose(this.state, close);
  }

  snapshot(snapshot: Snapshot, now: number): Effect[] {
    return this.bindEffects(now, (effects) => effects.push(...data.applySnapshot(this.state, snapshot)));
  }

  setAccount(input: AccountInput, now: number): Effect[] {
    return this.bindEffects(now, () => data.setAccount(this.state, input));
  }

  removeAccount(accountId: string, now: number): Effect[] {
    return this.bindEffects(now, () => data.removeAccount(this.state, accountId));
  }

  setInstrument(input: InstrumentInput, now: number): Effect[] {
    return this.bindEffects(now, () => data.setInstrument(this.state, input));
  }

  setScenarios(input: ScenariosInput, now: number): Effect[] {
    return this.bindEffects(now, () => data.setScenarios(this.state, input));
  }

  setLimits(input: LimitsInput, now: number): Effect[] {
    return this.bindEffects(now, () => data.setLimits(this.state, input));
  }

  setTradingState(input: TradingStateInput, now: number): Effect[] {
    return this.bindEffects(now, (effects) => effects.push(...data.setTradingState(this.state, input)));
  }

  /** Each second. */
  tick(now: number): Effect[] {
    return this.bindEffects(now, (effects) => tick(this.state, effects));
  }

  utilisation(accountId: string, now: number): Utilisation[] {
    this.state.revalue();
    return utilisationOf(this.state, accountId, this.state.timeOf(now));
  }

  /** The states that bind a level: its own, then those above it. Empty for what is not there. */
  tradingStates(level: Level, id: string): ScopeState[] {
    return tradingStatesOf(this.state, level, id);
  }

  /** Undefined for an account that is not there. */
  account(accountId: string): AccountInput | undefined {
    return this.state.accounts.get(accountId)?.account;
  }

  workingOrders(accountId: string, page?: WorkingPage): WorkingView[] {
    return workingOrders(this.state, accountId, page);
  }

  pendingApprovals(): WorkingRecord[] {
    return pendingApprovals(this.state);
  }

  /** Latest event time and number of the session. */
  get clock(): { readonly now: number; readonly session: number | null } {
    const { now, session } = this.state;
    return { now, session };
  }

  records(): BookRecords {
    this.state.revalue();
    return exportRecords(this.state);
  }

  /** The largest relative distance of any VaR vector from a rebuild: rounding, unless a change was lost. */
  riskDrift(): number {
    this.state.revalue();
    return this.state.riskDrift();
  }

  private bind<T>(now: number, act: (effects: Effect[]) => T): T {
    const effects: Effect[] = [];
    advance(this.state, now, effects);
    const result = act(effects);
    this.state.flushAccounts(effects);
    return result;
  }

  private bindEffects(now: number, act: (effects: Effect[]) => void): Effect[] {
    return this.bind(now, (effects) => {
      act(effects);
      return effects;
    });
  }

  private watchPath(accountId: string, effects: Effect[]): void {
    const account = this.state.accounts.get(accountId);
    if (account) watchLosses(this.state, account.path, effects);
  }
}
