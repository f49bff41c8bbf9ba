import { RiskError } from '../../../../src/risk/errors.js';
import { replacement, storedPosition, type WantedPositions } from '../../../../src/risk/portfolio/positions-rules.js';
import { aPosition, positionsBefore } from '../../../support/builders.js';

const now = new Date('2026-03-02T15:00:00.000Z');
const at = (time: string) => new Date(`2026-03-02T${time}Z`);
const wanted = (fields: Partial<WantedPositions> = {}): WantedPositions => ({
  asOf: undefined,
  positions: [aPosition()],
  versionSeen: undefined,
  ...fields,
});

function refusalOf(action: () => unknown): { code: string; pointers: string[] | undefined; message: string } {
  try {
    action();
  } catch (error) {
    if (!(error instanceof RiskError)) throw error;
    return { code: error.code, pointers: error.details.errors?.map(({ pointer }) => pointer), message: error.message };
  }
  throw new Error('expected a refusal');
}

describe('replacement of positions', () => {
  it('is as of now where it names no time', () => {
    expect(replacement(wanted(), positionsBefore(), now)).toEqual({ asOf: now, positions: [aPosition()] });
  });

  it('is as of the stored time where that was stamped by a clock ahead of ours and none is named', () => {
    const ahead = at('15:00:03');
    expect(replacement(wanted(), positionsBefore({ asOf: ahead }), now).asOf).toEqual(ahead);
  });

  it('takes a list of the very time of the stored one, and a newer one', () => {
    const before = positionsBefore({ asOf: at('14:00:00') });
    expect(replacement(wanted({ asOf: at('14:00:00') }), before, now).asOf).toEqual(at('14:00:00'));
    expect(replacement(wanted({ asOf: at('14:30:00') }), before, now).asOf).toEqual(at('14:30:00'));
  });

  it('refuses a list older than the stored one', () => {
    const before = positionsBefore({ asOf: at('14:00:00') });
    expect(refusalOf(() => replacement(wanted({ asOf: at('13:59:59') }), before, now))).toMatchObject({
      code: 'conflict',
      pointers: ['/as_of'],
    });
  });

  it('takes a time up to 5 s ahead of our clock, and refuses a later one', () => {
    expect(replacement(wanted({ asOf: at('15:00:05') }), positionsBefore(), now).asOf).toEqual(at('15:00:05'));
    expect(refusalOf(() => replacement(wanted({ asOf: at('15:00:05.001') }), positionsBefore(), now))).toMatchObject({
      code: 'validation_failed',
      pointers: ['/as_of'],
    });
  });

  it('replaces only the version the client has seen, where it names one', () => {
    const before = positionsBefore({ version: 7 });
    expect(replacement(wanted({ versionSeen: 7 }), before, now).positions).toHaveLength(1);
    expect(refusalOf(() => replacement(wanted({ versionSeen: 6 }), before, now))).toEqual({
      code: 'version_conflict',
      pointers: ['/if-match'],
      message: 'expected version 7, got 6',
    });
  });

  it('refuses positions of a desk', () => {
    expect(refusalOf(() => replacement(wanted(), positionsBefore({ kind: 'DESK' }), now))).toMatchObject({
      code: 'conflict',
      pointers: ['/account_id'],
      message: 'acc_1 is of kind DESK; only an ACCOUNT holds positions',
    });
  });

  it('names every symbol that is no instrument', () => {
    const positions = ['AAPL', 'NOPE', 'GE', 'NADA'].map((symbol) => aPosition({ symbol }));
    expect(refusalOf(() => replacement(wanted({ positions }), positionsBefore(), now))).toEqual({
      code: 'unknown_symbol',
      pointers: ['/positions/1/symbol', '/positions/3/symbol'],
      message: 'not a stored instrument: NOPE, NADA',
    });
  });

  it('refuses an instrument of another currency than the account', () => {
    const before = positionsBefore({
      instrumentCurrencies: new Map([
        ['AAPL', 'USD'],
        ['SAP', 'EUR'],
      ]),
    });
    const positions = [aPosition(), aPosition({ symbol: 'SAP' })];
    expect(refusalOf(() => replacement(wanted({ positions }), before, now))).toMatchObject({
      code: 'currency_mismatch',
      pointers: ['/positions/1/symbol'],
    });
  });

  it('turns direction and volume into a signed quantity', () => {
    expect(storedPosition({ symbol: 'GE', direction: 'SHORT', volume: '40' }).quantity).toBe('-40');
    expect(storedPosition({ symbol: 'GE', direction: 'LONG', volume: '40' }).quantity).toBe('40');
    expect(storedPosition({ symbol: 'GE', quantity: '-40', average_price: '9.5' })).toEqual({
      symbol: 'GE',
      quantity: '-40',
      averagePrice: '9.5',
    });
  });
});
