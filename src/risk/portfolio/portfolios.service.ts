import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonical } from '../../decimal/decimal.js';
import { Batched } from '../batched.js';
import { RiskError } from '../errors.js';
import { markOf } from '../market/mark.js';
import { Prices } from '../market/ports.js';
import type { PriceBook } from '../market/price-book.js';
import { type Holding, type Holdings, Portfolios, Positions, type Subtree, type SubtreeAccount } from './ports.js';
import { subtreeEquity } from './subtree-equity.js';

/** What was found of each account; an account that cannot be valued is no matter of those asked for with it. */
type Found = ReadonlyMap<string, Holdings | RiskError>;

@Injectable()
export class PortfoliosService extends Portfolios {
  private readonly found = new Batched<string, Found>((accountIds) => this.ask(accountIds));

  constructor(
    private readonly positions: Positions,
    private readonly prices: Prices,
  ) {
    super();
  }

  async holdings(accountId: string): Promise<Holdings> {
    const found = (await this.found.ask([accountId])).get(accountId);
    if (!found) throw new RiskError('account_not_found', `no account has the id ${accountId}`);
    if (found instanceof RiskError) throw found;
    return found;
  }

  private async ask(accountIds: readonly string[]): Promise<Found> {
    const [subtrees, book] = await Promise.all([this.positions.subtrees(accountIds), this.prices.current()]);
    return new Map(
      Array.from(subtrees, ([accountId, subtree]) => [accountId, holdingsOf(accountId, subtree, book)] as const),
    );
  }
}

function holdingsOf(accountId: string, { accounts, positions }: Subtree, book: PriceBook): Holdings | RiskError {
  const held: Holding[] = [];
  for (const { symbol, quantity, multiplier, quote } of positions) {
    // A position is stored only with its instrument, and instruments are never deleted.
    if (multiplier === null) return new RiskError('unknown_symbol', `the held symbol ${symbol} is no instrument`);
    const quoted = quote === null ? undefined : { ...quote, price: canonical(quote.price) };
    const mark = markOf(quoted, book.lastClose(symbol)) ?? null;
    held.push({ symbol, quantity: canonical(quantity), multiplier: canonical(multiplier), mark });
  }
  return {
    accountId,
    currency: accounts.find((account) => account.accountId === accountId)!.currency,
    equity: subtreeEquity(accountId, accounts),
    positions: held,
    positionsVersion: versionOf(accounts),
  };
}

function versionOf(accounts: readonly SubtreeAccount[]): string {
  const parts = accounts.map(({ accountId, positionsVersion, createdAt }) => [accountId, positionsVersion, createdAt]);
  return createHash('sha256').update(JSON.stringify(parts.sort())).digest('base64url').slice(0, 22);
}
