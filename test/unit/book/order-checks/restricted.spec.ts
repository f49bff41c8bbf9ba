import { aBook, NOON, order, resultOf } from '../a-book.js';

describe('restricted', () => {
  it('rejects a symbol on the restricted list of any level', () => {
    const book = aBook();
    book.setLimits({ level: 'FIRM', id: 'firm', limits: { restrictedSymbols: ['AAPL'] }, version: 1 }, NOON);
    expect(resultOf(book.decide(order('BUY', '1'), NOON), 'RESTRICTED')).toMatchObject({
      status: 'BREACH',
      level: 'FIRM',
    });
  });
});
