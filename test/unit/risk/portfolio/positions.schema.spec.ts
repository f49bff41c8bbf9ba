import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { accountInput } from '../../../../src/risk/portfolio/accounts.schema.js';
import { POSITIONS_MAX, positionsInput } from '../../../../src/risk/portfolio/positions.schema.js';

function problemsOf(body: unknown): string[] {
  const parsed = positionsInput.safeParse(body);
  return parsed.success ? [] : fieldProblems(parsed.error, body).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}
const withPosition = (fields: object) => ({ positions: [{ symbol: 'GE', ...fields }] });

describe('positions on the wire', () => {
  it('have a signed quantity, or direction and volume', () => {
    expect(problemsOf(withPosition({ quantity: -5 }))).toEqual([]);
    expect(problemsOf(withPosition({ direction: 'SHORT', volume: '5' }))).toEqual([]);
  });

  it('have exactly one of the two forms', () => {
    const problem = '/positions/0/quantity: expected either quantity, or direction and volume, got 5';
    expect(problemsOf(withPosition({ quantity: 5, direction: 'LONG', volume: 5 }))).toEqual([problem]);
    expect(problemsOf(withPosition({ quantity: 5, direction: 'LONG' }))).toEqual([problem]);
    expect(problemsOf(withPosition({}))).toEqual([
      '/positions/0/quantity: expected a signed quantity, or direction and volume, got nothing',
    ]);
  });

  it('have both direction and volume in the second form', () => {
    expect(problemsOf(withPosition({ direction: 'LONG' }))).toEqual([
      '/positions/0/volume: expected a volume beside the direction, got nothing',
    ]);
    expect(problemsOf(withPosition({ volume: 5 }))).toEqual([
      '/positions/0/direction: expected "LONG" or "SHORT" beside the volume, got nothing',
    ]);
  });

  it('are never flat', () => {
    expect(problemsOf(withPosition({ quantity: '0.00' }))).toEqual([
      '/positions/0/quantity: expected a number other than 0, got "0.00"',
    ]);
    expect(problemsOf(withPosition({ direction: 'LONG', volume: 0 }))).toEqual([
      '/positions/0/volume: expected a number > 0, got 0',
    ]);
  });

  it('name each symbol once, and the problem names the second', () => {
    const positions = ['GE', 'AAPL', 'GE'].map((symbol) => ({ symbol, quantity: 1 }));
    expect(problemsOf({ positions })).toEqual([
      '/positions/2/symbol: expected each symbol once, /positions/0 has it already, got "GE"',
    ]);
  });

  it('report everything that is wrong at once', () => {
    const body = {
      as_of: 'yesterday',
      colour: 'red',
      positions: [{ symbol: 'GE', quantity: 'many' }, { symbol: 'GE', direction: 'UP' }, null, { quantity: 1 }],
    };
    expect(problemsOf(body).map((problem) => problem.split(':')[0]!)).toEqual(
      expect.arrayContaining([
        '/as_of',
        '/colour',
        '/positions/0/quantity',
        '/positions/1/direction',
        '/positions/1/volume',
        '/positions/1/symbol',
        '/positions/2',
        '/positions/3/symbol',
      ]),
    );
  });

  it('are at most 10,000', () => {
    const positions = (count: number) => Array.from({ length: count }, (_, at) => ({ symbol: `S${at}`, quantity: 1 }));
    expect(problemsOf({ positions: positions(POSITIONS_MAX) })).toEqual([]);
    expect(problemsOf({ positions: positions(POSITIONS_MAX + 1) })).toEqual([
      '/positions: expected at most 10000 items, got an array of 10001',
    ]);
  });

  it('may be none, which closes all', () => {
    expect(problemsOf({ positions: [] })).toEqual([]);
  });
});

describe('an account on the wire', () => {
  it('stands alone as a cash account without equity where nothing else is said', () => {
    expect(accountInput.parse({ kind: 'ACCOUNT', currency: 'USD' })).toEqual({
      kind: 'ACCOUNT',
      parent_id: null,
      account_type: 'CASH',
      currency: 'USD',
      equity: null,
      cash: null,
    });
  });

  it('may have negative equity', () => {
    expect(accountInput.parse({ kind: 'ACCOUNT', currency: 'USD', equity: -12.5 }).equity).toBe('-12.5');
  });
});
