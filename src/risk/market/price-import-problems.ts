import type { CellProblem } from './price-import-cells.js';

/** How many of a kind are told; all are counted. */
export const PROBLEMS_KEPT_MAX = 1000;

/** A problem with its place: the line as a text editor counts, the column by its name in the header. */
export interface PriceProblem extends CellProblem {
  readonly line: number;
  readonly column: string | null;
}

export class ProblemList {
  count = 0;
  /** Set where the file cannot be read on, so that not even its good rows may be taken. */
  fatal = false;
  private readonly kept: PriceProblem[] = [];

  /** Of the very many nobody will read, not even the words are made. */
  add(problem: PriceProblem | (() => PriceProblem)): void {
    this.count++;
    if (this.kept.length < PROBLEMS_KEPT_MAX) this.kept.push(typeof problem === 'function' ? problem() : problem);
  }

  addFatal(problem: PriceProblem): void {
    this.fatal = true;
    this.add(problem);
  }

  /** In the order of the file. */
  list(): PriceProblem[] {
    return this.kept.toSorted((a, b) => a.line - b.line);
  }
}
