import { aBook, codesOf, NOON, order } from '../a-book.js';

describe('known account', () => {
  it('rejects an unknown account, and a desk, which does not trade', () => {
    expect(codesOf(aBook().decide(order('BUY', '1', { accountId: 'nobody' }), NOON))).toEqual(['UNKNOWN_ACCOUNT']);
    expect(codesOf(aBook().decide(order('BUY', '1', { accountId: 'desk' }), NOON))).toContain('UNKNOWN_ACCOUNT');
  });
});
