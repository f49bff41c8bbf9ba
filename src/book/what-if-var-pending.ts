import type { ScenarioColumn } from './what-if-var-columns.js';

/** positions · positions and all working buys · positions and all working sells · positions and all that works */
export const CASE_COUNT = 4;

/** The positions of one account change in as many symbols between two exact evaluations; more are applied early. */
const CAPACITY = 64;

/** Changes of exposure that the vectors do not show yet: one amount per column and case, in the currency. */
export class PendingShifts {
  count = 0;
  private readonly columns: ScenarioColumn[] = [];
  private readonly amounts = new Float64Array(CAPACITY * CASE_COUNT);

  get full(): boolean {
    return this.count === CAPACITY;
  }

  /** The slot of a column, a new one with zeros where it has none. */
  slot(column: ScenarioColumn): number {
    const { columns, count } = this;
    for (let i = 0; i < count; i++) if (columns[i] === column) return i;
    columns[count] = column;
    this.amounts.fill(0, count * CASE_COUNT, (count + 1) * CASE_COUNT);
    this.count++;
    return count;
  }

  column(slot: number): ScenarioColumn {
    return this.columns[slot]!;
  }

  amount(slot: number, which: number): number {
    return this.amounts[slot * CASE_COUNT + which]!;
  }

  put(slot: number, which: number, amount: number): void {
    this.amounts[slot * CASE_COUNT + which] = amount;
  }
}
