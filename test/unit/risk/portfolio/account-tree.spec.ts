import fc from 'fast-check';
import {
  type AccountNode,
  deletionProblem,
  TREE_DEPTH_MAX,
  treeProblems,
} from '../../../../src/risk/portfolio/account-tree.js';
import { aNode, familyIn } from '../../../support/builders.js';

const firm = aNode({ accountId: 'firm', kind: 'FIRM' });
const desk = aNode({ accountId: 'desk', kind: 'DESK', parentId: 'firm' });
const team = aNode({ accountId: 'team', kind: 'DESK', parentId: 'desk' });
const account = aNode({ accountId: 'acc', parentId: 'team' });
const stored = [firm, desk, team, account];

const problemsOf = (wanted: AccountNode, positionCount = 0, nodes: readonly AccountNode[] = stored) =>
  treeProblems(wanted, familyIn(nodes, wanted, positionCount)).map(({ pointer, code }) => `${pointer} ${code}`);

describe('account tree', () => {
  it('takes a firm below a firm, a desk below a desk or firm, an account below a desk or firm', () => {
    for (const [kind, parentId] of [
      ['FIRM', 'firm'],
      ['DESK', 'firm'],
      ['DESK', 'team'],
      ['ACCOUNT', 'firm'],
      ['ACCOUNT', 'desk'],
    ] as const) {
      expect(problemsOf(aNode({ accountId: 'new', kind, parentId }))).toEqual([]);
    }
  });

  it.each(['FIRM', 'DESK', 'ACCOUNT'] as const)('lets a %s stand alone', (kind) => {
    expect(problemsOf(aNode({ accountId: 'new', kind }))).toEqual([]);
  });

  it.each(['FIRM', 'DESK', 'ACCOUNT'] as const)('puts no %s below an account', (kind) => {
    expect(problemsOf(aNode({ accountId: 'new', kind, parentId: 'acc' }))).toEqual(['/parent_id conflict']);
  });

  it('puts no firm below a desk', () => {
    expect(problemsOf(aNode({ accountId: 'new', kind: 'FIRM', parentId: 'desk' }))).toEqual(['/parent_id conflict']);
  });

  it('asks for a parent that exists', () => {
    expect(problemsOf(aNode({ accountId: 'new', parentId: 'nobody' }))).toEqual(['/parent_id account_not_found']);
  });

  it('refuses an account as its own parent, stored or new', () => {
    expect(problemsOf(aNode({ accountId: 'desk', kind: 'DESK', parentId: 'desk' }))).toEqual(['/parent_id conflict']);
    expect(problemsOf(aNode({ accountId: 'new', kind: 'DESK', parentId: 'new' }))).toEqual(['/parent_id conflict']);
  });

  it('refuses a parent from the own subtree', () => {
    expect(problemsOf({ ...desk, parentId: 'team' })).toEqual(['/parent_id conflict']);
  });

  it('keeps one currency in a tree, seen from below and from above', () => {
    expect(problemsOf(aNode({ accountId: 'new', parentId: 'desk', currency: 'EUR' }))).toEqual([
      '/currency currency_mismatch',
    ]);
    expect(problemsOf({ ...firm, currency: 'EUR' })).toEqual(['/currency currency_mismatch']);
  });

  it('refuses a kind that may not stand above the children', () => {
    expect(problemsOf({ ...team, kind: 'ACCOUNT' })).toEqual(['/kind conflict']);
  });

  it('keeps kind and currency of an account that holds positions', () => {
    const alone = aNode({ accountId: 'alone' });
    expect(problemsOf({ ...alone, kind: 'DESK', currency: 'EUR' }, 3, [alone])).toEqual([
      '/kind conflict',
      '/currency currency_mismatch',
    ]);
    expect(problemsOf({ ...alone, kind: 'DESK', currency: 'EUR' }, 0, [alone])).toEqual([]);
  });

  it('reports all that is wrong at once', () => {
    expect(problemsOf({ ...desk, parentId: 'acc', currency: 'EUR' })).toEqual([
      '/parent_id conflict', // a cycle
      '/currency currency_mismatch', // with `team` below it
    ]);
    expect(problemsOf(aNode({ accountId: 'new', kind: 'FIRM', parentId: 'acc', currency: 'EUR' }))).toEqual([
      '/parent_id conflict',
      '/currency currency_mismatch',
    ]);
  });

  it('has at most 16 levels, also where a whole subtree moves', () => {
    const chain = Array.from({ length: TREE_DEPTH_MAX - 2 }, (_, level) =>
      aNode({ accountId: `d${level}`, kind: 'DESK', parentId: level === 0 ? null : `d${level - 1}` }),
    ); // d0 … d13: 14 levels
    const nodes = [...chain, { ...desk, parentId: null }, team, account]; // desk, team, acc: 3 levels
    expect(problemsOf({ ...desk, parentId: 'd12' }, 0, nodes)).toEqual([]); // 13 + 3
    expect(problemsOf({ ...desk, parentId: 'd13' }, 0, nodes)).toEqual(['/parent_id conflict']); // 14 + 3
  });

  it('deletes an account only when nothing stands below it and none of its orders works', () => {
    expect(deletionProblem('acc', familyIn(stored, account), 0)).toBeUndefined();
    expect(deletionProblem('acc', familyIn(stored, account), 2)).toMatchObject({
      code: 'has_working_orders',
      detail: 'acc cannot be deleted while 2 of its orders work',
    });
    expect(deletionProblem('desk', familyIn(stored, desk), 0)).toEqual({
      pointer: '/account_id',
      in: 'path',
      code: 'has_children',
      detail: 'desk cannot be deleted: 1 below it, such as team',
    });
  });

  it('never holds a cycle, two currencies or anything below an account, whatever is put in whatever order', () => {
    const change = fc.record({
      accountId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      parentId: fc.constantFrom(null, 'a', 'b', 'c', 'd', 'e', 'f'),
      kind: fc.constantFrom('FIRM' as const, 'DESK' as const, 'DESK' as const, 'ACCOUNT' as const),
      currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const tree = new Map<string, AccountNode>();
        for (const wanted of changes) {
          if (treeProblems(wanted, familyIn([...tree.values()], wanted)).length > 0) continue;
          tree.set(wanted.accountId, wanted);
          for (const node of tree.values()) expectSound(node, tree);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function expectSound(node: AccountNode, tree: ReadonlyMap<string, AccountNode>): void {
  const seen = new Set<string>();
  for (let at: AccountNode | undefined = node; at; at = tree.get(at.parentId ?? '')) {
    if (seen.has(at.accountId)) throw new Error(`cycle through ${at.accountId}`);
    seen.add(at.accountId);
    const parent = tree.get(at.parentId ?? '');
    if (at.parentId !== null && !parent) throw new Error(`${at.accountId} has a parent that is not there`);
    if (parent?.kind === 'ACCOUNT') throw new Error(`${at.accountId} stands below an account`);
    if (parent && parent.currency !== at.currency) throw new Error('two currencies in one tree');
  }
}
