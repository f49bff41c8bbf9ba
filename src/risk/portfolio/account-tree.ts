import type { FieldProblem } from '../errors.js';
import type { AccountKind } from './accounts.schema.js';

/** Accounts below one another, the root included. */
export const TREE_DEPTH_MAX = 16;

export interface AccountNode {
  accountId: string;
  parentId: string | null;
  kind: AccountKind;
  currency: string;
}

/** All the tree rules need to know of what is stored, for one account that is about to change. */
export interface Family {
  /** The account as it is stored; absent for a new one. */
  self: AccountNode | undefined;
  /** The parent it asks for and that one's ancestors, nearest first; empty without a parent or for an unknown one. */
  ancestors: readonly AccountNode[];
  /** Everything below the account as it is stored. */
  descendants: readonly AccountNode[];
  /** Number of positions the account holds. */
  positionCount: number;
}

export interface TreeProblem extends FieldProblem {
  code: 'account_not_found' | 'conflict' | 'currency_mismatch';
}

/** From the firm down; a parent never ranks below its child. */
const RANK: Record<AccountKind, number> = { FIRM: 0, DESK: 1, ACCOUNT: 2 };

/**
 * Everything that speaks against storing `wanted`, in the order of weight: the parent must exist; nothing is its own
 * ancestor; a FIRM stands below a FIRM, a DESK below a DESK or FIRM, an ACCOUNT below a DESK or FIRM, and each may stand
 * alone; nothing stands below an ACCOUNT; a tree has one currency and at most {@link TREE_DEPTH_MAX} levels; only an
 * ACCOUNT holds positions, and while it does, or while orders of it work, its currency stays.
 */
export function treeProblems(wanted: AccountNode, family: Family, workingCount = 0): TreeProblem[] {
  const problems = [...parentProblems(wanted, family), ...childProblems(wanted, family)];
  return [...problems, ...positionProblems(wanted, family, workingCount)];
}

/** Why an account may not be deleted, if it may not: others stand below it, or orders work. Its positions go with it. */
export function deletionProblem(
  accountId: string,
  { descendants }: Family,
  workingCount: number,
): FieldProblem | undefined {
  const children = descendants.filter((node) => node.parentId === accountId);
  const [first] = children;
  if (!first && workingCount > 0) {
    const detail = `${accountId} cannot be deleted while ${workingCount} of its orders work`;
    return accountProblem('has_working_orders', detail);
  }
  if (!first) return undefined;
  const detail = `${accountId} cannot be deleted: ${children.length} below it, such as ${first.accountId}`;
  return accountProblem('has_children', detail);
}

/** What is wrong with the account that the address names. */
export function accountProblem(code: string, detail: string): FieldProblem {
  return { pointer: '/account_id', in: 'path', code, detail };
}

function parentProblems(wanted: AccountNode, { ancestors, descendants }: Family): TreeProblem[] {
  if (wanted.parentId === null) return [];
  const problem = (code: TreeProblem['code'], detail: string) => ({ pointer: '/parent_id', code, detail });
  const isItself = (node: { accountId: string }) => node.accountId === wanted.accountId;
  if (wanted.parentId === wanted.accountId || ancestors.some(isItself)) {
    return [problem('conflict', `expected an account outside its own subtree, got ${shown(wanted.parentId)}`)];
  }
  const parent = ancestors[0];
  if (!parent) return [problem('account_not_found', `expected a stored account, got ${shown(wanted.parentId)}`)];
  const problems: TreeProblem[] = [];
  if (!mayStandBelow(wanted.kind, parent.kind)) {
    const kinds = (['FIRM', 'DESK'] as const).filter((kind) => mayStandBelow(wanted.kind, kind)).join(' or ');
    problems.push(problem('conflict', `expected a ${kinds} as parent of a ${wanted.kind}, got a ${parent.kind}`));
  }
  const levels = ancestors.length + height(wanted.accountId, descendants);
  if (levels > TREE_DEPTH_MAX) {
    problems.push(problem('conflict', `expected a tree of at most ${TREE_DEPTH_MAX} levels, got ${levels}`));
  }
  if (parent.currency !== wanted.currency) {
    const detail = `expected the currency of its tree, ${parent.currency}, got ${wanted.currency}`;
    problems.push({ pointer: '/currency', code: 'currency_mismatch', detail });
  }
  return problems;
}

function childProblems(wanted: AccountNode, { descendants }: Family): TreeProblem[] {
  const children = descendants.filter((node) => node.parentId === wanted.accountId);
  const problems: TreeProblem[] = [];
  const misplaced = children.find((child) => !mayStandBelow(child.kind, wanted.kind));
  if (misplaced) {
    const detail = `expected a kind that may stand above ${misplaced.accountId}, a ${misplaced.kind}, got ${wanted.kind}`;
    problems.push({ pointer: '/kind', code: 'conflict', detail });
  }
  const foreign = children.find((child) => child.currency !== wanted.currency);
  if (foreign) {
    const detail = `expected the currency of ${foreign.accountId} below it, ${foreign.currency}, got ${wanted.currency}`;
    problems.push({ pointer: '/currency', code: 'currency_mismatch', detail });
  }
  return problems;
}

function positionProblems(wanted: AccountNode, { self, positionCount }: Family, workingCount: number): TreeProblem[] {
  if (!self || positionCount + workingCount === 0) return [];
  const what = positionCount > 0 ? `it holds ${positionCount} positions` : `${workingCount} of its orders work`;
  const problems: TreeProblem[] = [];
  if (wanted.kind !== 'ACCOUNT') {
    const detail = `expected ACCOUNT while ${what}, got ${wanted.kind}`;
    problems.push({ pointer: '/kind', code: 'conflict', detail });
  }
  if (wanted.currency !== self.currency) {
    const detail = `expected ${self.currency} while ${what}, got ${wanted.currency}`;
    problems.push({ pointer: '/currency', code: 'currency_mismatch', detail });
  }
  return problems;
}

function mayStandBelow(child: AccountKind, parent: AccountKind): boolean {
  return parent !== 'ACCOUNT' && RANK[parent] <= RANK[child];
}

/** Levels of the subtree of an account, itself included. */
function height(accountId: string, descendants: readonly AccountNode[]): number {
  let levels = 0;
  for (let level = [accountId]; level.length > 0; levels++) {
    const parents = new Set(level);
    level = descendants.filter((node) => parents.has(node.parentId ?? '')).map((node) => node.accountId);
  }
  return levels;
}

function shown(accountId: string): string {
  return JSON.stringify(accountId);
}
