import { type EquityNode, subtreeEquity } from '../../../../src/risk/portfolio/subtree-equity.js';

const node = (accountId: string, parentId: string | null, equity: string | null): EquityNode => ({
  accountId,
  parentId,
  equity,
});

describe('equity of a subtree', () => {
  it('is the own equity where it is set, whatever the children have', () => {
    expect(subtreeEquity('desk', [node('desk', 'firm', '500'), node('a', 'desk', '900')])).toBe('500');
  });

  it('is else the exact sum over the children, level by level', () => {
    const tree = [
      node('firm', null, null),
      node('desk', 'firm', null),
      node('a', 'desk', '0.1'),
      node('b', 'desk', '0.2'),
      node('other', 'firm', '100'),
      node('c', 'other', '7'), // counted in the equity of `other`
    ];
    expect(subtreeEquity('firm', tree)).toBe('100.3');
  });

  it('is unknown where one of the children has none', () => {
    expect(
      subtreeEquity('desk', [node('desk', null, null), node('a', 'desk', '1'), node('b', 'desk', null)]),
    ).toBeNull();
  });

  it('is unknown for an account or an empty desk without equity, never zero', () => {
    expect(subtreeEquity('a', [node('a', 'desk', null)])).toBeNull();
  });
});
