import type { CheckResult } from './check-result.js';
import type { OrderFacts } from './order-facts.js';

/** One check: adds its results, one for each level that limits it; nothing where it has no inputs. */
export interface OrderCheck {
  readonly name: string;
  /** Whether another quantity could change the answer. */
  readonly dependsOnQuantity: boolean;
  run(facts: OrderFacts, results: CheckResult[]): void;
}
