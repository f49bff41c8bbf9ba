import { plainResult } from '../check-result.js';
import type { OrderCheck } from '../order-check.js';

const INSTRUMENT_HALTED = { code: 'INSTRUMENT_HALTED', fixReason: 2, unit: 'none' } as const;

/** The exchange has halted it: nothing passes, a reduction neither. */
export const instrumentHalted: OrderCheck = {
  name: 'instrument-halted',
  dependsOnQuantity: false,
  run({ instrument }, results) {
    if (!instrument?.spec) return;
    results.push(plainResult(INSTRUMENT_HALTED, instrument.spec.halted ? 'BREACH' : 'PASS', instrument));
  },
};
