import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const RESTRICTED = { code: 'RESTRICTED', fixReason: 33, unit: 'none' } as const;

/** A symbol on the restricted list of any level is not traded, in neither direction. */
export const restricted: OrderCheck = {
  name: 'restricted',
  dependsOnQuantity: false,
  run({ scopes, order, account }, results) {
    if (!account) return;
    const listing = scopes.find(({ limits }) => limits.restrictedSymbols?.includes(order.symbol));
    results.push(plainResult(RESTRICTED, listing ? 'BREACH' : 'PASS', listing ?? account));
  },
};
