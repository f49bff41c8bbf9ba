import type { OrderCheck } from '../order-check.js';

const RESTRICTED = { code: 'RESTRICTED', fixReason: 33, unit: 'none' } as const;

/** A symbol on the restricted list of any level is not traded, in neither direction. */
export const restricted: OrderCheck = {
  name: 'restricted',
  dependsOnQuantity: false,
  run(facts, report) {
    const { restricting } = facts.limits;
    if (!facts.account) return;
    if (restricting) report.state(RESTRICTED, 'BREACH', facts.level(restricting));
    else report.state(RESTRICTED, 'PASS', facts.account);
  },
};
