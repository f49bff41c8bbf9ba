import type { ScenarioMemory, VectorAddress } from '../quant/scenario-memory.js';
import type { ScenarioColumn, ScenarioColumns } from './what-if-var-columns.js';
import { CASE_COUNT } from './what-if-var-pending.js';

/** Rounding of one change, many times over: of the bound, of the vector, and of the sum of the two. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * The P&L vectors of the four cases at marks, in the currency, and what is known of the VaR of each: its value when it
 * was last computed and a bound of its drift since. Adding x to every scenario moves every order statistic by x, so a
 * change q of an exposure moves VaR by at most |q|·max|r|. Rounding is monotone, so the computed bound holds to the bit.
 */
export class VarCases {
  private readonly memory: ScenarioMemory;
  private readonly vectors: VectorAddress[];
  /** The last VaR of each case, then its drift: 0 exactly where it is exact. One array is one line of the cache. */
  private readonly bounds = new Float64Array(2 * CASE_COUNT);
  /** The largest change of a scenario that was added since the last `clear`: what rounding is measured by. */
  private largest = 0;

  constructor(private readonly columns: ScenarioColumns) {
    this.memory = columns.memory;
    this.vectors = Array.from({ length: CASE_COUNT }, () => columns.memory.allocate());
  }

  get largestChange(): number {
    return this.largest;
  }

  clear(): void {
    for (const vector of this.vectors) this.memory.view(vector).fill(0);
    this.bounds.fill(0);
    this.largest = 0;
  }

  /** A pending exposure of a case goes from one amount to another. */
  move(which: number, from: number, to: number, largestReturn: number): void {
    const { bounds } = this;
    const before = Math.abs(from) * largestReturn;
    const after = Math.abs(to) * largestReturn;
    const drift = bounds[CASE_COUNT + which]! + (after - before);
    bounds[CASE_COUNT + which] = drift + ROUNDING * (Math.abs(bounds[which]!) + drift + after + before);
  }

  /** Makes a change that `move` has announced. */
  add(which: number, column: ScenarioColumn, exposure: number): void {
    this.memory.add(this.vectors[which]!, column.address, exposure);
    this.largest = Math.max(this.largest, Math.abs(exposure) * column.largestReturn);
  }

  /** No VaR of a case is above this, changes included that are still pending. */
  upperBound(): number {
    return this.upper(this.widest());
  }

  /** All four exact, when nothing is pending. */
  refresh(): void {
    for (let i = 0; i < CASE_COUNT; i++) this.exact(i);
  }

  /** The largest VaR of the four, exact, when nothing is pending. Cases that are proven smaller are left as they are. */
  worst(): number {
    const first = this.widest();
    let worst = this.exact(first);
    for (let i = 0; i < CASE_COUNT; i++)
      if (i !== first && this.upper(i) > worst) worst = Math.max(worst, this.exact(i));
    return worst;
  }

  /** The same with an order added to each. */
  worstWith(column: ScenarioColumn, exposure: number): number {
    const reach = Math.abs(exposure) * column.largestReturn;
    const first = this.widest();
    let worst = this.exactWith(first, column, exposure);
    // The order moves the others about as much as it has moved this one.
    const moved = worst - this.bounds[first]!;
    for (let i = 0; i < CASE_COUNT; i++) {
      if (i !== first && this.upper(i) + reach > worst) {
        worst = Math.max(worst, this.exactWith(i, column, exposure, moved));
      }
    }
    return worst;
  }

  /** Whether `worstWith` is above a limit: the first case that is decides. */
  exceedsWith(column: ScenarioColumn, exposure: number, lossLimit: number): boolean {
    const reach = Math.abs(exposure) * column.largestReturn;
    for (let i = 0; i < CASE_COUNT; i++) {
      if (this.upper(i) + reach > lossLimit && this.exactWith(i, column, exposure) > lossLimit) return true;
    }
    return false;
  }

  /** Largest absolute difference of a scenario P&L from Σ exposureᵢ·columnᵢ. */
  distance(which: number, columns: readonly ScenarioColumn[], exposures: readonly number[]): number {
    const { spare } = this.columns;
    const rebuilt = this.memory.view(spare).fill(0);
    for (const [i, { address }] of columns.entries()) this.memory.add(spare, address, exposures[i]!);
    let distance = 0;
    this.memory.view(this.vectors[which]!).forEach((value, t) => {
      distance = Math.max(distance, Math.abs(value - rebuilt[t]!));
    });
    return distance;
  }

  private upper(which: number): number {
    return this.bounds[which]! + this.bounds[CASE_COUNT + which]!;
  }

  private widest(): number {
    let widest = 0;
    for (let i = 1; i < CASE_COUNT; i++) if (this.upper(i) > this.upper(widest)) widest = i;
    return widest;
  }

  private exact(which: number): number {
    const { bounds } = this;
    if (bounds[CASE_COUNT + which] === 0) return bounds[which]!;
    // Adding nothing of itself leaves a vector as it is.
    const vector = this.vectors[which]!;
    const valueAtRisk = this.memory.valueAtRisk(vector, vector, 0, bounds[which]!);
    bounds[which] = valueAtRisk;
    bounds[CASE_COUNT + which] = 0;
    return valueAtRisk;
  }

  /** With a guess of how far the order moves it, which only makes it faster. */
  private exactWith(which: number, column: ScenarioColumn, exposure: number, moved = 0): number {
    return this.memory.valueAtRisk(this.vectors[which]!, column.address, exposure, this.bounds[which]! + moved);
  }
}
