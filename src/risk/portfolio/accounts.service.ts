import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { LiveBook } from '../orders/ports.js';
import { pageOf } from '../page.js';
import { deletionProblem, type Family, treeProblems } from './account-tree.js';
import type { Account, AccountInput, AccountList, AccountQuery } from './accounts.schema.js';
import { bookAccount } from './book-inputs.js';
import { Accounts } from './ports.js';

@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: Accounts,
    private readonly book: LiveBook,
  ) {}

  put(accountId: string, input: AccountInput): Promise<Account> {
    const wanted = { accountId, parentId: input.parent_id, kind: input.kind, currency: input.currency };
    const check = (family: Family, workingCount: number) => {
      const errors = treeProblems(wanted, family, workingCount);
      const [first] = errors;
      if (first) throw new RiskError(first.code, `${accountId} cannot be stored: ${first.detail}`, { errors });
    };
    return this.book.change(
      async () => {
        const workingCount = await this.workingCount(accountId);
        return this.accounts.put(accountId, input, (family) => check(family, workingCount));
      },
      (book, now, account) => book.setAccount(bookAccount(account), now),
    );
  }

  async get(accountId: string): Promise<Account> {
    const account = await this.accounts.find(accountId);
    if (!account) throw notFound(accountId);
    return account;
  }

  async list(query: AccountQuery): Promise<AccountList> {
    return pageOf(await this.accounts.list(query), query.limit, (account) => account.account_id);
  }

  async delete(accountId: string): Promise<void> {
    const check = (family: Family, workingCount: number) => {
      if (!family.self) throw notFound(accountId);
      const problem = deletionProblem(accountId, family, workingCount);
      if (problem) throw new RiskError('conflict', problem.detail, { errors: [problem] });
    };
    await this.book.change(
      async () => {
        const workingCount = await this.workingCount(accountId);
        await this.accounts.delete(accountId, (family) => check(family, workingCount));
      },
      (book, now) => book.removeAccount(accountId, now),
    );
  }

  private workingCount(accountId: string): Promise<number> {
    return this.book.look((book) => book.workingOrders(accountId).length);
  }
}

function notFound(accountId: string): RiskError {
  return new RiskError('account_not_found', `no account has the id ${accountId}`);
}
