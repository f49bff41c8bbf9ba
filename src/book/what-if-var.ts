import { QuantError } from '../quant/errors.js';
import { VarCases } from './what-if-var-cases.js';
import { requireExposure, requireLimit, type ScenarioColumn, type ScenarioColumns } from './what-if-var-columns.js';
import { CASE_COUNT, PendingShifts } from './what-if-var-pending.js';

export { type ScenarioColumn, ScenarioColumns } from './what-if-var-columns.js';

/** Exposures of one symbol at its mark, signed, in the currency of the node: those of sells are negative. */
export interface ColumnExposure {
  readonly column: ScenarioColumn;
  readonly position: number;
  readonly buys: number;
  readonly sells: number;
}

/**
 * The largest VaR over the four cases without and with the order, positive = loss, never floored. Where `exact` is
 * false, both are proven upper bounds.
 */
export interface WhatIfVar {
  readonly before: number;
  readonly after: number;
  readonly exact: boolean;
}

export interface WhatIfOptions {
  /** The VaR that is allowed, in the currency. */
  readonly lossLimit: number;
  /** Computes both numbers even where a bound has decided. */
  readonly exact: boolean;
}

/** Parts of `atMost` that `largestExposure` tells apart unless it is given a step: one in 10¹². */
const FINEST = 2 ** -40;

/**
 * Historical VaR of an account, desk or firm with and without one more order, over {positions, + all working buys, + all
 * working sells, + all working}: k-th worst scenario, lower choice, as `tailRisk` has it. Changes are noted when they
 * happen and reach the vectors when an answer needs them, O(T) each. A node answers for the columns it was built with:
 * where one was replaced it throws until it is rebuilt, and so it does for a number that is none.
 */
export class VarNode {
  private readonly cases: VarCases;
  private readonly pending = new PendingShifts();
  private version: number;

  constructor(private readonly columns: ScenarioColumns) {
    this.cases = new VarCases(columns);
    this.version = columns.version;
  }

  /** Exposures of a symbol change by these amounts: a fill, a reservation, its release, a mark that moves. */
  shift(column: ScenarioColumn, dPosition: number, dBuys: number, dSells: number): void {
    this.requireCurrent(column);
    this.note(column, dPosition, dBuys, dSells);
  }

  /** The VaR check of an order. A bound may prove that it passes; what it cannot prove is computed, so a reject is exact. */
  whatIf(column: ScenarioColumn, orderExposure: number, { lossLimit, exact }: WhatIfOptions): WhatIfVar {
    this.requireCurrent(column);
    requireExposure(orderExposure);
    requireLimit(lossLimit);
    if (!exact) {
      const before = this.cases.upperBound();
      const after = before + Math.abs(orderExposure) * column.largestReturn;
      if (after <= lossLimit) return { before, after, exact: false };
    }
    this.settle();
    return { before: this.cases.worst(), after: this.cases.worstWith(column, orderExposure), exact: true };
  }

  /**
   * The largest |exposure| of that sign, up to `atMost`, that does not breach: after ≤ max(lossLimit, before). Found by
   * bisection over whole multiples of `step` (the exposure of a lot). Guaranteed: the answer passes exactly, and it is
   * the last multiple up to `atMost` or one more step breaches. VaR is not monotone in an exposure, so a smaller one may
   * breach and a much larger one pass again; it is continuous, moving by at most max|r| for each unit of exposure.
   */
  largestExposure(column: ScenarioColumn, sign: 1 | -1, lossLimit: number, atMost: number, step = 0): number {
    this.requireCurrent(column);
    requireLimit(lossLimit);
    requireExposure(atMost);
    const unit = Math.max(step, atMost * FINEST);
    if (!(unit > 0 && atMost > 0)) return 0;
    this.settle();
    const allowed = Math.max(lossLimit, this.cases.worst());
    const breaches = (steps: number) => this.cases.exceedsWith(column, sign * steps * unit, allowed);
    // No order always passes.
    let passing = 0;
    let breaching = Math.floor(atMost / unit);
    if (!breaches(breaching)) return breaching * unit;
    while (breaching - passing > 1) {
      const middle = Math.floor((passing + breaching) / 2);
      if (breaches(middle)) breaching = middle;
      else passing = middle;
    }
    return passing * unit;
  }

  /** Starts again from these exposures: after a restore, or to be rid of rounding. One entry per symbol. */
  rebuild(exposures: Iterable<ColumnExposure>): void {
    // No version: what throws in between leaves a node that refuses.
    this.version = -1;
    this.pending.count = 0;
    this.cases.clear();
    for (const { column, position, buys, sells } of exposures) {
      this.requireOwn(column);
      this.note(column, position, buys, sells);
    }
    this.settle();
    this.cases.refresh();
    this.version = this.columns.version;
  }

  /**
   * How far the vectors are from those of a rebuild: the largest difference of a scenario, relative to the largest
   * change of one since the last rebuild. Rounding stays far below 1e-9; more is a change that was lost.
   */
  driftFromRebuild(exposures: readonly ColumnExposure[]): number {
    const columns = exposures.map(({ column }) => column);
    for (const column of columns) this.requireCurrent(column);
    this.settle();
    const gross = exposures.map(
      ({ column, position, buys, sells }) =>
        column.largestReturn * Math.max(Math.abs(position), Math.abs(buys), Math.abs(sells)),
    );
    const scale = gross.reduce((a, b) => Math.max(a, b), this.cases.largestChange);
    const held = [
      exposures.map(({ position }) => position),
      exposures.map(({ position, buys }) => position + buys),
      exposures.map(({ position, sells }) => position + sells),
      exposures.map(({ position, buys, sells }) => position + buys + sells),
    ];
    const distance = Math.max(...held.map((amounts, which) => this.cases.distance(which, columns, amounts)));
    return distance === 0 ? 0 : distance / scale;
  }

  private note(column: ScenarioColumn, dPosition: number, dBuys: number, dSells: number): void {
    requireExposure(dPosition + dBuys + dSells);
    if (this.pending.full) {
      this.settle();
      this.cases.refresh();
    }
    const slot = this.pending.slot(column);
    this.shiftCase(slot, 0, dPosition);
    this.shiftCase(slot, 1, dPosition + dBuys);
    this.shiftCase(slot, 2, dPosition + dSells);
    this.shiftCase(slot, 3, dPosition + dBuys + dSells);
  }

  private shiftCase(slot: number, which: number, amount: number): void {
    if (amount === 0) return;
    const from = this.pending.amount(slot, which);
    const to = from + amount;
    this.pending.put(slot, which, to);
    this.cases.move(which, from, to, this.pending.column(slot).largestReturn);
  }

  /** Makes the changes that are pending; the bounds of drift stay until a VaR is computed. */
  private settle(): void {
    const { pending, cases } = this;
    for (let slot = 0; slot < pending.count; slot++) {
      for (let which = 0; which < CASE_COUNT; which++) {
        const amount = pending.amount(slot, which);
        if (amount !== 0) cases.add(which, pending.column(slot), amount);
      }
    }
    pending.count = 0;
  }

  private requireCurrent(column: ScenarioColumn): void {
    this.requireOwn(column);
    if (this.version !== this.columns.version) {
      throw new QuantError('invalid_argument', 'a column was replaced since this VaR was built');
    }
  }

  private requireOwn({ owner, symbol }: ScenarioColumn): void {
    if (owner !== this.columns)
      throw new QuantError('invalid_argument', `the column of ${symbol} is of another window`);
  }
}
