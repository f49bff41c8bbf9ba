import { ONE, scaled } from '../../../../src/book/amount.js';
import { DAY_MS } from '../../../../src/book/limits.js';
import { type RiskBook } from '../../../../src/book/risk-book.js';
import { aBook, codesOf, holds, instrument, NOON, order } from '../a-book.js';

const source = (book: RiskBook) => book.check(order('BUY', '1'), NOON).decision.inputs;
const quote = (price: string, bid: string | null, ask: string | null) => {
  const book = aBook();
  const at = (value: string | null) => (value === null ? null : scaled(value));
  book.quote({ symbol: 'AAPL', price: scaled(price), bid: at(bid), ask: at(ask), timestamp: NOON }, NOON);
  return source(book);
};

describe('reference price', () => {
  it.each([
    ['the last trade inside bid and ask', '100', '99', '101', 'LAST', '100'],
    ['the last trade at the bid', '99', '99', '101', 'LAST', '99'],
    ['the last trade where nothing else is quoted', '100', null, null, 'LAST', '100'],
    ['the middle where the last trade lies outside', '102', '99', '101', 'MID', '100'],
    ['the ask where there is no bid', '102', null, '101', 'ASK', '101'],
    ['the bid where there is no ask', '98', '99', null, 'BID', '99'],
  ])('is %s', (_, price, bid, ask, referenceSource, reference) => {
    expect(quote(price, bid, ask)).toMatchObject({ referenceSource, referencePrice: scaled(reference) });
  });

  it('is missing: rejected; the previous close serves reductions only, with a warning', () => {
    const book = aBook();
    book.setInstrument(instrument('IBM'), NOON);
    const ibm = { symbol: 'IBM' };
    expect(codesOf(book.decide(order('BUY', '1', ibm), NOON))[0]).toBe('NO_REFERENCE_PRICE');
    book.close({ symbol: 'IBM', price: scaled('100'), timestamp: NOON - DAY_MS }, NOON);
    holds(book, '10', ibm);
    expect(codesOf(book.check(order('BUY', '1', ibm), NOON))[0]).toBe('NO_REFERENCE_PRICE');
    const { decision } = book.check(order('SELL', '10', ibm), NOON);
    expect(decision).toMatchObject({ decision: 'ACCEPT_WITH_WARNING', allowOrder: true });
    expect(decision.warnings).toContain('NO_REFERENCE_PRICE');
  });

  it('is stale after 60 s: nothing opens, a reduction passes with a warning', () => {
    const book = aBook();
    holds(book, '10');
    expect(codesOf(book.check(order('BUY', '1'), NOON + 60_000))).toEqual([]);
    expect(codesOf(book.check(order('BUY', '1'), NOON + 60_001))).toEqual(['STALE_PRICE']);
    expect(book.check(order('SELL', '10'), NOON + 60_001).decision).toMatchObject({
      decision: 'ACCEPT_WITH_WARNING',
      warnings: ['STALE_PRICE'],
    });
  });

  it('opens nothing while the account holds something without any price', () => {
    const book = aBook();
    book.snapshot(
      { accountId: 'acc', asOf: NOON, positions: [{ symbol: 'GHOST', quantity: ONE, averagePrice: null }] },
      NOON,
    );
    expect(codesOf(book.check(order('BUY', '1'), NOON))[0]).toBe('NO_REFERENCE_PRICE');
  });
});
