import { Scope } from './scope.js';

/** Who trades: limits on size, rate and open orders, and a trading state. */
export class Trader extends Scope {
  workingCount = 0;

  constructor(id: string) {
    super('TRADER', id);
  }

  get openOrders(): number {
    return this.workingCount;
  }
}
