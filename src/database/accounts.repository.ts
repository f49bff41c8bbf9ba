import { Injectable } from '@nestjs/common';
import { and, asc, count, eq, gt, inArray, sql } from 'drizzle-orm';
import { canonical } from '../decimal/decimal.js';
import type { AccountNode, Family } from '../risk/portfolio/account-tree.js';
import type { Account, AccountInput, AccountQuery } from '../risk/portfolio/accounts.schema.js';
import { Accounts } from '../risk/portfolio/ports.js';
import { Database, type Sql } from './database.js';
import { accounts, limits, positions, tradingStates } from './schema.js';

const TREE_LEVELS = ['FIRM', 'DESK', 'ACCOUNT'];
const NODE = sql.raw('account_id as "accountId", parent_id as "parentId", kind, currency');

@Injectable()
export class AccountsRepository extends Accounts {
  constructor(private readonly database: Database) {
    super();
  }

  async find(accountId: string): Promise<Account | undefined> {
    const rows = await this.database.run((db) => db.select().from(accounts).where(eq(accounts.accountId, accountId)));
    return rows[0] && accountOf(rows[0]);
  }

  async list({ limit, cursor, kind, parent_id }: AccountQuery): Promise<Account[]> {
    const wanted = and(
      cursor === undefined ? undefined : gt(accounts.accountId, cursor),
      kind && eq(accounts.kind, kind),
      parent_id === undefined ? undefined : eq(accounts.parentId, parent_id),
    );
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(accounts)
        .where(wanted)
        .orderBy(asc(accounts.accountId))
        .limit(limit + 1),
    );
    return rows.map(accountOf);
  }

  put(accountId: string, input: AccountInput, check: (family: Family) => void): Promise<Account> {
    return this.database.transaction(async (db) => {
      await lockTree(db);
      check(await familyOf(db, { accountId, parentId: input.parent_id }));
      const fields = {
        parentId: input.parent_id,
        kind: input.kind,
        accountType: input.account_type,
        currency: input.currency,
        equity: input.equity,
        cash: input.cash,
      };
      const [row] = await db
        .insert(accounts)
        .values({ accountId, ...fields })
        .onConflictDoUpdate({ target: accounts.accountId, set: { ...fields, updatedAt: sql`now()` } })
        .returning();
      return accountOf(row!);
    });
  }

  delete(accountId: string, check: (family: Family) => void): Promise<void> {
    return this.database.transaction(async (db) => {
      await lockTree(db);
      check(await familyOf(db, { accountId, parentId: null }));
      await db.delete(accounts).where(eq(accounts.accountId, accountId));
      // Another account of this id is not to find them.
      for (const table of [limits, tradingStates]) {
        await db.delete(table).where(and(eq(table.id, accountId), inArray(table.level, TREE_LEVELS)));
      }
    });
  }
}

/**
 * Lets one transaction at a time change the tree: the rules span several rows, so that two changes, each right by itself,
 * could close a cycle. A row lock works on the embedded database too, where advisory locks are always granted; a lock on
 * the table would deadlock with a writer of positions that has locked its account.
 */
async function lockTree(db: Sql): Promise<void> {
  await db.execute(sql`
    insert into settings as tree (key, value) values ('account_tree_version', '1')
    on conflict (key) do update set value = to_jsonb((tree.value #>> '{}')::bigint + 1), updated_at = now()`);
}

async function familyOf(
  db: Sql,
  { accountId, parentId }: { accountId: string; parentId: string | null },
): Promise<Family> {
  // Locked before its positions are counted: a replacement of them under way is waited for.
  const self = await nodes(db, sql`select ${NODE} from accounts where account_id = ${accountId} for update`);
  const ancestors = await nodes(
    db,
    sql`with recursive up as (
      select accounts.*, 1 as distance from accounts where account_id = ${parentId}
      union all
      select parent.*, up.distance + 1 from accounts parent join up on parent.account_id = up.parent_id
    ) select ${NODE} from up order by distance`,
  );
  const descendants = await nodes(
    db,
    sql`with recursive down as (
      select * from accounts where parent_id = ${accountId}
      union all
      select child.* from accounts child join down on child.parent_id = down.account_id
    ) select ${NODE} from down order by account_id`,
  );
  const [held] = await db.select({ count: count() }).from(positions).where(eq(positions.accountId, accountId));
  return { self: self[0], ancestors, descendants, positionCount: held!.count };
}

async function nodes(db: Sql, query: ReturnType<typeof sql>): Promise<AccountNode[]> {
  return (await db.execute(query)).rows as unknown as AccountNode[];
}

function accountOf(row: typeof accounts.$inferSelect): Account {
  return {
    account_id: row.accountId,
    kind: row.kind,
    parent_id: row.parentId,
    account_type: row.accountType,
    currency: row.currency,
    equity: row.equity === null ? null : canonical(row.equity),
    cash: row.cash === null ? null : canonical(row.cash),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
