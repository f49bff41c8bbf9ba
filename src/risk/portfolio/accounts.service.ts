import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { pageOf } from '../page.js';
import { deletionProblem, treeProblems } from './account-tree.js';
import type { Account, AccountInput, AccountList, AccountQuery } from './accounts.schema.js';
import { Accounts } from './ports.js';

@Injectable()
export class AccountsService {
  constructor(private readonly accounts: Accounts) {}

  put(accountId: string, input: AccountInput): Promise<Account> {
    const wanted = { accountId, parentId: input.parent_id, kind: input.kind, currency: input.currency };
    return this.accounts.put(accountId, input, (family) => {
      const errors = treeProblems(wanted, family);
      const [first] = errors;
      if (first) throw new RiskError(first.code, `${accountId} cannot be stored: ${first.detail}`, { errors });
    });
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
    await this.accounts.delete(accountId, (family) => {
      if (!family.self) throw notFound(accountId);
      const problem = deletionProblem(accountId, family);
      if (problem) throw new RiskError('conflict', problem.detail, { errors: [problem] });
    });
  }
}

function notFound(accountId: string): RiskError {
  return new RiskError('account_not_found', `no account has the id ${accountId}`);
}
