import { Body, Controller, Delete, Get, Headers, Param, Put, Query } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { versionSeen } from '../if-match.js';
import { accountId } from '../wire.schema.js';
import {
  type Account,
  type AccountInput,
  type AccountList,
  type AccountQuery,
  accountInput,
  accountList,
  accountQuery,
  accountSchema,
} from './accounts.schema.js';
import { AccountsService } from './accounts.service.js';
import { type PositionsInput, type PositionsReply, positionsInput, positionsSchema } from './positions.schema.js';
import { PositionsService } from './positions.service.js';

const EXAMPLE_INPUT = {
  kind: 'ACCOUNT',
  parent_id: 'desk_us',
  account_type: 'MARGIN',
  currency: 'USD',
  equity: '1000000',
  cash: '250000',
};
const EXAMPLE = {
  account_id: 'acc_example',
  ...EXAMPLE_INPUT,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
const EXAMPLE_POSITIONS = {
  account_id: 'acc_example',
  currency: 'USD',
  as_of: '2022-12-28T21:00:00.000Z',
  version: 1,
  positions: [
    {
      symbol: 'AAPL',
      direction: 'LONG',
      volume: '100',
      quantity: '100',
      average_price: '120.5',
      market_value: '12567.40',
      mark: '125.674',
      mark_as_of: '2022-12-28T00:00:00.000Z',
      unrealized_pnl: '517.40',
    },
    {
      symbol: 'XOM',
      direction: 'SHORT',
      volume: '40',
      quantity: '-40',
      average_price: null,
      market_value: '-4265.08',
      mark: '106.627',
      mark_as_of: '2022-12-28T00:00:00.000Z',
      unrealized_pnl: null,
    },
  ],
};
const OF_EXAMPLE = { account_id: 'acc_example' };

/** Accounts and what they hold. */
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly positions: PositionsService,
  ) {}

  @Put(':account_id')
  @Operation({
    summary: 'Creates or replaces an account of the tree.',
    description:
      'A firm stands below a firm, a desk below a desk or firm, an account below a desk or firm; each may stand alone. ' +
      'A tree has one currency. `equity` of a desk or firm is the sum of its children where it is not set.',
    reply: accountSchema,
    errors: ['account_not_found', 'conflict', 'currency_mismatch'],
    example: { params: OF_EXAMPLE, body: EXAMPLE_INPUT, reply: EXAMPLE },
  })
  putAccount(
    @Param('account_id', { schema: accountId }) id: string,
    @Body({ schema: accountInput }) body: AccountInput,
  ): Promise<Account> {
    return this.accounts.put(id, body);
  }

  @Get(':account_id')
  @Operation({
    summary: 'Shows an account.',
    reply: accountSchema,
    errors: ['account_not_found'],
    example: { params: OF_EXAMPLE, reply: EXAMPLE },
  })
  getAccount(@Param('account_id', { schema: accountId }) id: string): Promise<Account> {
    return this.accounts.get(id);
  }

  @Get()
  @Operation({
    summary: 'Lists accounts by id.',
    reply: accountList,
    example: {
      query: { kind: 'ACCOUNT', parent_id: 'desk_us', limit: 1 },
      reply: { data: [EXAMPLE], next_cursor: 'acc_example' },
    },
  })
  listAccounts(@Query({ schema: accountQuery }) query: AccountQuery): Promise<AccountList> {
    return this.accounts.list(query);
  }

  @Put(':account_id/positions')
  @ApiHeader({ name: 'if-match', required: false, description: 'Version that is to be replaced', example: '7' })
  @Operation({
    summary: 'Replaces all positions of an account.',
    description:
      'All or nothing. `as_of` may not be older than that of the stored positions (409 `conflict`); a list without it is ' +
      'the newest. With `If-Match: <version>` only that version is replaced (409 `version_conflict`).',
    reply: positionsSchema,
    errors: ['account_not_found', 'conflict', 'version_conflict', 'currency_mismatch', 'unknown_symbol'],
    example: {
      params: OF_EXAMPLE,
      body: {
        as_of: '2022-12-28T21:00:00Z',
        positions: [
          { symbol: 'AAPL', direction: 'LONG', volume: '100', average_price: '120.50' },
          { symbol: 'XOM', quantity: '-40' },
        ],
      },
      reply: EXAMPLE_POSITIONS,
    },
  })
  putPositions(
    @Param('account_id', { schema: accountId }) id: string,
    @Body({ schema: positionsInput }) body: PositionsInput,
    @Headers('if-match') ifMatch?: string,
  ): Promise<PositionsReply> {
    return this.positions.replace(id, body, versionSeen(ifMatch));
  }

  @Get(':account_id/positions')
  @Operation({
    summary: 'Shows the positions of an account at their marks.',
    description:
      'The mark is the price of the latest quote, else the last stored close as of that day at 00:00 UTC. ' +
      '`market_value` and `unrealized_pnl` are null where there is no mark, or no average price.',
    reply: positionsSchema,
    errors: ['account_not_found', 'conflict'],
    example: { params: OF_EXAMPLE, reply: EXAMPLE_POSITIONS },
  })
  getPositions(@Param('account_id', { schema: accountId }) id: string): Promise<PositionsReply> {
    return this.positions.get(id);
  }

  @Delete(':account_id')
  @Operation({
    summary: 'Deletes an account with its positions.',
    description: 'An account with others below it stays (409 `conflict`).',
    errors: ['account_not_found', 'conflict'],
    example: { params: OF_EXAMPLE },
  })
  deleteAccount(@Param('account_id', { schema: accountId }) id: string): Promise<void> {
    return this.accounts.delete(id);
  }
}
