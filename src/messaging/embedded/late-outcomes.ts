import type { SendOutcome } from '../driver.js';

/** The outcomes of one call of `send`, some of which come later. */
export class LateOutcomes {
  private missing = 0;
  private resolve: () => void = () => undefined;

  constructor(private readonly outcomes: SendOutcome[]) {}

  settle(index: number): (outcome: SendOutcome) => void {
    this.missing++;
    return (outcome) => {
      this.outcomes[index] = outcome;
      if (--this.missing === 0) this.resolve();
    };
  }

  all(): SendOutcome[] | Promise<SendOutcome[]> {
    if (this.missing === 0) return this.outcomes;
    return new Promise((resolve) => {
      this.resolve = () => resolve(this.outcomes);
    });
  }
}
