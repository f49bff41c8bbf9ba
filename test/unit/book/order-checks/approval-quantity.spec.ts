import { scaled } from '../../../../src/book/amount.js';
import { aBook, NOON, order } from '../a-book.js';

describe('approval quantity', () => {
  it('rejects beyond the hard quantity, and asks for an approval beyond the soft one; hard beats approval', () => {
    const book = aBook({ approvalOrderQuantity: scaled('100'), maxOrderQuantity: scaled('200') });
    expect(book.check(order('BUY', '100'), NOON).decision.decision).toBe('ACCEPT'); // equal passes
    const pending = book.check(order('BUY', '101'), NOON).decision;
    expect(pending).toMatchObject({
      decision: 'PENDING_APPROVAL',
      allowOrder: false,
      controlActions: ['REQUIRE_APPROVAL'],
    });
    expect(book.check(order('BUY', '201'), NOON).decision).toMatchObject({ decision: 'REJECT', controlActions: [] });
  });

  it('asks for an approval above 1000 where the path sets nothing', () => {
    const book = aBook({ approvalOrderQuantity: undefined });
    expect(book.check(order('BUY', '1000'), NOON).decision.decision).toBe('ACCEPT');
    expect(book.check(order('BUY', '1001'), NOON).decision.decision).toBe('PENDING_APPROVAL');
  });
});
