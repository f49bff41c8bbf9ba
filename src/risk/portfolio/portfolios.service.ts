import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonical } from '../../decimal/decimal.js';
import { RiskError } from '../errors.js';
import { Instruments, Marks } from '../market/ports.js';
import { type Holdings, Portfolios, Positions, type SubtreeAccount } from './ports.js';
import { subtreeEquity } from './subtree-equity.js';

@Injectable()
export class PortfoliosService extends Portfolios {
  constructor(
    private readonly positions: Positions,
    private readonly instruments: Instruments,
    private readonly marks: Marks,
  ) {
    super();
  }

  async holdings(accountId: string): Promise<Holdings> {
    const { accounts, positions } = await this.positions.subtree(accountId);
    const root = accounts.find((account) => account.accountId === accountId);
    if (!root) throw new RiskError('account_not_found', `no account has the id ${accountId}`);
    const symbols = positions.map(({ symbol }) => symbol);
    const [instruments, marks] = await Promise.all([this.instruments.find(symbols), this.marks.of(symbols)]);
    return {
      accountId,
      currency: root.currency,
      equity: subtreeEquity(accountId, accounts),
      positions: positions.map(({ symbol, quantity }) => ({
        symbol,
        quantity: canonical(quantity),
        multiplier: multiplierOf(symbol, instruments),
        mark: marks.get(symbol) ?? null,
      })),
      positionsVersion: versionOf(accounts),
    };
  }
}

/** A position is stored only with its instrument, and instruments are never deleted. */
function multiplierOf(symbol: string, instruments: ReadonlyMap<string, { multiplier: string }>): string {
  const instrument = instruments.get(symbol);
  if (!instrument) throw new RiskError('unknown_symbol', `the held symbol ${symbol} is no instrument`);
  return instrument.multiplier;
}

function versionOf(accounts: readonly SubtreeAccount[]): string {
  const parts = accounts.map(({ accountId, positionsVersion, createdAt }) => [accountId, positionsVersion, createdAt]);
  return createHash('sha256').update(JSON.stringify(parts.sort())).digest('base64url').slice(0, 22);
}
