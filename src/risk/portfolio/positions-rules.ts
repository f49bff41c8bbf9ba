import { type FieldProblem, RiskError } from '../errors.js';
import { refuseOtherVersion } from '../if-match.js';
import { accountProblem } from './account-tree.js';
import type { AccountKind } from './accounts.schema.js';
import type { PositionsInput } from './positions.schema.js';

/** An announced time may be this far ahead of our clock: clocks differ. */
export const CLOCK_SKEW_MS_MAX = 5_000;

export interface StoredPosition {
  symbol: string;
  /** Signed, never zero, canonical. */
  quantity: string;
  averagePrice: string | null;
}

export interface StoredPositions {
  accountId: string;
  kind: AccountKind;
  currency: string;
  /** Number of replacements so far. */
  version: number;
  asOf: Date | null;
  /** Ascending by symbol. */
  positions: readonly StoredPosition[];
}

/** What is stored when positions are about to be replaced. */
export interface PositionsBefore {
  accountId: string;
  kind: AccountKind;
  currency: string;
  version: number;
  asOf: Date | null;
  /** Currency of each named symbol that is an instrument. */
  instrumentCurrencies: ReadonlyMap<string, string>;
}

export interface Replacement {
  asOf: Date;
  positions: readonly StoredPosition[];
}

/** Positions as a client wants them. */
export interface WantedPositions {
  /** Absent: they are of now. */
  asOf: Date | undefined;
  positions: readonly StoredPosition[];
  /** The version the client has seen, if it names one. */
  versionSeen: number | undefined;
}

/** A position as it is stored: direction and volume become the sign and size of its quantity. */
export function storedPosition(input: PositionsInput['positions'][number]): StoredPosition {
  const quantity = input.quantity ?? (input.direction === 'SHORT' ? `-${input.volume}` : input.volume);
  if (quantity === undefined) throw new TypeError('a position without quantity passed its schema');
  return { symbol: input.symbol, quantity, averagePrice: input.average_price ?? null };
}

/** The positions to store, or the reason against it as a RiskError. A list of the same time as the stored one replaces it. */
export function replacement(wanted: WantedPositions, before: PositionsBefore, now: Date): Replacement {
  refuseUnlessAccount(before);
  refuseOtherVersion(before.version, wanted.versionSeen);
  refuseUnknownSymbols(wanted.positions, before);
  refuseForeignCurrencies(wanted.positions, before);
  return { asOf: timeOf(wanted, before, now), positions: wanted.positions };
}

/** Desks and firms hold what their accounts hold. */
export function refuseUnlessAccount({ accountId, kind }: Pick<PositionsBefore, 'accountId' | 'kind'>): void {
  if (kind === 'ACCOUNT') return;
  const detail = `${accountId} is of kind ${kind}; only an ACCOUNT holds positions`;
  throw new RiskError('conflict', detail, { errors: [accountProblem('holds_no_positions', detail)] });
}

function timeOf({ asOf }: WantedPositions, before: PositionsBefore, now: Date): Date {
  // Without a time of its own a list is the newest there is, also where the one before was stamped by a clock ahead of ours.
  if (asOf === undefined) return before.asOf && before.asOf > now ? before.asOf : now;
  const problem = (detail: string): FieldProblem => ({ pointer: '/as_of', code: 'stale', detail });
  if (before.asOf && asOf < before.asOf) {
    const detail = `expected a time not before the stored ${before.asOf.toISOString()}, got ${asOf.toISOString()}`;
    throw new RiskError('conflict', `the positions are older than the stored ones: ${detail}`, {
      errors: [problem(detail)],
    });
  }
  if (asOf.getTime() - now.getTime() > CLOCK_SKEW_MS_MAX) {
    const detail = `expected a time not after ${now.toISOString()}, got ${asOf.toISOString()}`;
    throw new RiskError('validation_failed', detail, { errors: [{ ...problem(detail), code: 'in_the_future' }] });
  }
  return asOf;
}

function refuseUnknownSymbols(positions: readonly StoredPosition[], { instrumentCurrencies }: PositionsBefore): void {
  const unknown = positions
    .map(({ symbol }, index) => ({ symbol, index }))
    .filter(({ symbol }) => !instrumentCurrencies.has(symbol));
  if (unknown.length === 0) return;
  const symbols = unknown.map(({ symbol }) => symbol);
  throw new RiskError('unknown_symbol', `not a stored instrument: ${listed(symbols)}`, {
    errors: unknown.map(({ symbol, index }) => ({
      pointer: `/positions/${index}/symbol`,
      code: 'unknown_symbol',
      detail: `expected a stored instrument, got ${JSON.stringify(symbol)}`,
    })),
    members: { symbols },
  });
}

function refuseForeignCurrencies(positions: readonly StoredPosition[], before: PositionsBefore): void {
  const { accountId, currency, instrumentCurrencies } = before;
  const foreign = positions
    .map(({ symbol }, index) => ({ symbol, index, got: instrumentCurrencies.get(symbol) }))
    .filter(({ got }) => got !== currency);
  if (foreign.length === 0) return;
  const symbols = foreign.map(({ symbol }) => symbol);
  throw new RiskError('currency_mismatch', `${accountId} is in ${currency}, but not ${listed(symbols)}`, {
    errors: foreign.map(({ symbol, index, got }) => ({
      pointer: `/positions/${index}/symbol`,
      code: 'currency_mismatch',
      detail: `expected an instrument in ${currency}, got ${symbol} in ${got}`,
    })),
    members: { symbols },
  });
}

const LISTED_MAX = 10;

function listed(symbols: readonly string[]): string {
  const rest = symbols.length - LISTED_MAX;
  return symbols.slice(0, LISTED_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
