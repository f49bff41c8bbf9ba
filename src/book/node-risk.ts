import type { BookNode } from './book-node.js';

/** VaR of an order at one level, as ratios of equity; `after` is a proven upper bound where it is not exact. */
export interface NodeRisk {
  readonly node: BookNode;
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  readonly exact: boolean;
  readonly breaches: boolean;
}
