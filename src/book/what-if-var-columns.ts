import { QuantError, requireFinite, requireSameLength } from '../quant/errors.js';
import { ScenarioMemory, type VectorAddress } from '../quant/scenario-memory.js';

/** The returns of one symbol in the scenario window. */
export interface ScenarioColumn {
  readonly symbol: string;
  readonly owner: ScenarioColumns;
  readonly address: VectorAddress;
  /** max|r|: no scenario moves an exposure by more than this part of it. */
  readonly largestReturn: number;
}

/**
 * The return columns of one scenario window: T daily simple returns of each symbol, the same dates for all. A symbol
 * without history has no column, and its orders have no VaR. A window of other dates is another `ScenarioColumns`: the
 * memory, which also holds the vectors of its nodes, is collected as one.
 */
export class ScenarioColumns {
  readonly memory: ScenarioMemory;
  /** A vector for whoever needs one for a moment. */
  readonly spare: VectorAddress;
  private readonly columns = new Map<string, ScenarioColumn>();
  private replacements = 0;

  constructor(
    readonly count: number,
    basisPoints: number,
  ) {
    this.memory = new ScenarioMemory(count, basisPoints);
    this.spare = this.memory.allocate();
  }

  /** Grows when a column is replaced: nodes hold sums of the old one and refuse to answer until they are rebuilt. */
  get version(): number {
    return this.replacements;
  }

  get(symbol: string): ScenarioColumn | undefined {
    return this.columns.get(symbol);
  }

  /** Throws `not_finite` or `invalid_argument` for a column that does not fit, and then keeps the one it had. */
  set(symbol: string, returns: Float64Array): ScenarioColumn {
    requireSameLength(returns, { length: this.count }, `returns of ${symbol}`);
    requireFinite(returns, `returns of ${symbol}`);
    let largestReturn = 0;
    for (const value of returns) largestReturn = Math.max(largestReturn, Math.abs(value));
    const known = this.columns.get(symbol);
    if (known) this.replacements++;
    const address = known?.address ?? this.memory.allocate();
    this.memory.view(address).set(returns);
    const column = { symbol, owner: this, address, largestReturn };
    this.columns.set(symbol, column);
    return column;
  }
}

/** NaN compares false with every limit, and the limit would be passed. */
export function requireLimit(lossLimit: number): void {
  if (Number.isNaN(lossLimit)) throw new QuantError('invalid_argument', 'the VaR limit is not a number');
}

export function requireExposure(exposure: number): void {
  if (!Number.isFinite(exposure)) throw new QuantError('not_finite', `an exposure is ${exposure}`);
}
