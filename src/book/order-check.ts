import type { OrderFacts } from './order-facts.js';
import type { Report } from './report.js';

/** One check: reports on each level that limits it; nothing where it has no inputs. */
export interface OrderCheck {
  readonly name: string;
  /** Whether another quantity could change the answer. */
  readonly dependsOnQuantity: boolean;
  run(facts: OrderFacts, report: Report): void;
}
