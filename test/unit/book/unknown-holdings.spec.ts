import { scaled } from '../../../src/book/amount.js';
import { RiskBook } from '../../../src/book/risk-book.js';
import { aBook, account, instrument, NOON, order } from './a-book.js';

const reasonsOf = (book: RiskBook) =>
  book.check(order('BUY', '1'), NOON).decision.reasons.map(({ code, levelId, detail }) => [code, levelId, detail]);

describe('holdings that something is not known of', () => {
  /** `acc2` holds two symbols that have neither a price nor a history. */
  function book(): RiskBook {
    const book = aBook();
    book.setAccount(account('acc2'), NOON);
    for (const symbol of ['NEW', 'ODD']) book.setInstrument({ ...instrument(symbol) }, NOON);
    const positions = ['ODD', 'NEW'].map((symbol) => ({ symbol, quantity: scaled('5'), averagePrice: null }));
    book.snapshot({ accountId: 'acc2', asOf: NOON, positions }, NOON);
    return book;
  }

  it('are named, the first of them and how many more: the symbol and whose it is', () => {
    const reasons = reasonsOf(book());
    expect(reasons).toContainEqual([
      'NO_REFERENCE_PRICE',
      'firm',
      'there is none at all of NEW in account acc2 and 1 more',
    ]);
    expect(reasons).toContainEqual([
      'NO_REFERENCE_PRICE',
      'desk',
      'there is none at all of NEW in account acc2 and 1 more',
    ]);
  });

  it('are missed only where the value at risk is limited', () => {
    const own = book();
    expect(reasonsOf(own).map(([code]) => code)).not.toContain('RISK_DATA_STALE');
    own.setLimits({ level: 'FIRM', id: 'firm', limits: { maxVarRatio: scaled('0.5') }, version: 1 }, NOON);
    expect(reasonsOf(own)).toContainEqual([
      'RISK_DATA_STALE',
      'acc',
      'there is no history of NEW in account acc2 and 1 more',
    ]);
    expect(reasonsOf(RiskBook.restore(own.records())).filter(([code]) => code === 'NO_REFERENCE_PRICE')).toEqual(
      reasonsOf(own).filter(([code]) => code === 'NO_REFERENCE_PRICE'),
    );
  });
});
