import { DAY_MS } from '../../../../src/book/limits.js';
import { aBook, codesOf, instrument, limited, NOON, order, quoted } from '../a-book.js';

describe('risk data', () => {
  it('opens nothing on history that is missing or older than 7 days', () => {
    const book = aBook();
    book.setInstrument(instrument('IBM'), NOON);
    quoted(book, 'IBM', '100');
    expect(codesOf(book.check(order('BUY', '1', { symbol: 'IBM' }), NOON))).toEqual(['RISK_DATA_STALE']);
    const later = NOON + 6 * DAY_MS + 1;
    quoted(book, 'AAPL', '100', later);
    expect(codesOf(book.check(order('BUY', '1'), later))).toEqual(['RISK_DATA_STALE']);
    limited(book, 'acc', { maxHistoryAgeMs: 36500 * DAY_MS });
    const { decision } = book.check(order('BUY', '1'), later);
    expect(decision).toMatchObject({ decision: 'ACCEPT_WITH_WARNING', warnings: ['RISK_DATA_OLD'] });
  });
});
