import { Injectable } from '@nestjs/common';
import { minorUnits } from '../../decimal/decimal.js';
import { Clock } from '../clock.js';
import { RiskError } from '../errors.js';
import { Instruments, Marks } from '../market/ports.js';
import { LiveBook } from '../orders/ports.js';
import { bookSnapshot } from './book-inputs.js';
import { Positions } from './ports.js';
import { valuedPosition } from './position-value.js';
import type { PositionsInput, PositionsReply } from './positions.schema.js';
import {
  type PositionsBefore,
  refuseUnlessAccount,
  replacement,
  type StoredPositions,
  storedPosition,
} from './positions-rules.js';

@Injectable()
export class PositionsService {
  constructor(
    private readonly positions: Positions,
    private readonly instruments: Instruments,
    private readonly marks: Marks,
    private readonly clock: Clock,
    private readonly book: LiveBook,
  ) {}

  async replace(accountId: string, input: PositionsInput, versionSeen: number | undefined): Promise<PositionsReply> {
    const wanted = {
      asOf: input.as_of === undefined ? undefined : new Date(input.as_of),
      positions: input.positions.map(storedPosition),
      versionSeen,
    };
    const symbols = wanted.positions.map(({ symbol }) => symbol);
    const decide = (before: PositionsBefore | undefined) => {
      if (!before) throw notFound(accountId);
      return replacement(wanted, before, this.clock.now());
    };
    const stored = await this.book.change(
      () => this.positions.replace(accountId, symbols, decide),
      // The positions themselves are stored already.
      (book, now, stored) => book.snapshot(bookSnapshot(stored), now).filter(({ kind }) => kind !== 'POSITION'),
    );
    return this.valued(stored);
  }

  async get(accountId: string): Promise<PositionsReply> {
    const stored = await this.positions.find(accountId);
    if (!stored) throw notFound(accountId);
    refuseUnlessAccount(stored);
    return this.valued(stored);
  }

  private async valued(stored: StoredPositions): Promise<PositionsReply> {
    const symbols = stored.positions.map(({ symbol }) => symbol);
    const [instruments, marks] = [await this.instruments.find(symbols), await this.marks.of(symbols)];
    const digits = minorUnits(stored.currency);
    return {
      account_id: stored.accountId,
      currency: stored.currency,
      as_of: stored.asOf?.toISOString() ?? null,
      version: stored.version,
      positions: stored.positions.map((position) =>
        valuedPosition(position, {
          minorUnits: digits,
          multiplier: instruments.get(position.symbol)?.multiplier,
          mark: marks.get(position.symbol),
        }),
      ),
    };
  }
}

function notFound(accountId: string): RiskError {
  return new RiskError('account_not_found', `no account has the id ${accountId}`);
}
