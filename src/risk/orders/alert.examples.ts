import type { AlertMessage } from './alert.schema.js';

/** As it goes to `risk_alerts`. */
export const alertExample: AlertMessage = {
  alert_id: 'alt_8mQ0yJp3v2K5bXc1RtZw7A',
  rule_id: null,
  account_id: 'acc_growth',
  order_id: 'ORDER_123',
  severity: 'MEDIUM',
  message:
    'order ORDER_123 of account acc_growth was rejected: gross exposure of account acc_growth would be 395584.40 USD, limit 300000.00',
  state: 'FIRING',
  created_at: '2026-01-05T14:30:00.000Z',
  code: 'LIMIT_BREACH',
  details: {
    level: 'ACCOUNT',
    level_id: 'acc_growth',
    reason: 'GROSS_EXPOSURE',
    before: '206959.40',
    after: '395584.40',
    limit: '300000.00',
    headroom: '-95584.40',
    unit: 'USD',
  },
};
