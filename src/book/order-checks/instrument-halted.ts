import type { OrderCheck } from '../order-check.js';

const INSTRUMENT_HALTED = { code: 'INSTRUMENT_HALTED', fixReason: 2, unit: 'none' } as const;

/** The exchange has halted it: nothing passes, a reduction neither. */
export const instrumentHalted: OrderCheck = {
  name: 'instrument-halted',
  dependsOnQuantity: false,
  run({ instrument }, report) {
    if (!instrument?.spec) return;
    report.state(INSTRUMENT_HALTED, instrument.spec.halted ? 'BREACH' : 'PASS', instrument);
  },
};
