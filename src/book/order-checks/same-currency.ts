import type { OrderCheck } from '../order-check.js';

const CURRENCY_MISMATCH = { code: 'CURRENCY_MISMATCH', fixReason: 99, unit: 'none' } as const;

/** Money of two currencies is never added. */
export const sameCurrency: OrderCheck = {
  name: 'same-currency',
  dependsOnQuantity: false,
  run({ instrument, account }, report) {
    if (!instrument?.spec || !account) return;
    const { currency } = account.account;
    const fits = instrument.spec.currency === currency;
    const detail = fits ? null : `${instrument.id} is in ${instrument.spec.currency}, the account in ${currency}`;
    report.state(CURRENCY_MISMATCH, fits ? 'PASS' : 'BREACH', account, detail);
  },
};
