import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { LIMITED_SYMBOLS_MAX, limitsInput } from '../../../../src/risk/limits/limits.schema.js';

function problemsOf(body: unknown): string[] {
  const parsed = limitsInput.safeParse(body);
  return parsed.success ? [] : fieldProblems(parsed.error, body).map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

describe('limits on the wire', () => {
  it('may all be left out', () => {
    expect(limitsInput.parse({})).toEqual({});
  });

  it('take decimals as number or text and keep them as canonical text', () => {
    expect(limitsInput.parse({ max_order_notional: 250_000.5, max_var_ratio: '0.050', max_open_orders: 5 })).toEqual({
      max_order_notional: '250000.5',
      max_var_ratio: '0.05',
      max_open_orders: 5,
    });
  });

  it('may be zero: nothing of it is allowed', () => {
    const nothing = { max_short_quantity: 0, max_gross_exposure: '0', max_open_orders: 0, max_var_ratio: 0 };
    expect(problemsOf(nothing)).toEqual([]);
  });

  it('are never negative', () => {
    expect(problemsOf({ max_order_quantity: -1 })).toEqual(['/max_order_quantity: expected a number >= 0, got -1']);
  });

  it.each([
    ['price_collar_ratio', 10],
    ['max_adv_ratio', 10],
    ['market_slippage_ratio', 1],
    ['max_drawdown_ratio', 1],
    ['max_position_ratio', 1_000],
    ['max_leverage', 1_000],
    ['max_var_ratio', 1_000],
  ])('bound %s by %d', (field, max) => {
    expect(problemsOf({ [field]: String(max) })).toEqual([]);
    expect(problemsOf({ [field]: `${max}.1` })).toEqual([`/${field}: expected a number <= ${max}, got "${max}.1"`]);
  });

  it.each([
    ['max_open_orders', 0, 1_000_000],
    ['max_orders_per_second', 0, 1_000_000],
    ['max_duplicates_per_second', 1, 1_000_000], // the first counts, so 0 would forbid every order
    ['max_price_age_seconds', 1, 31_536_000],
    ['max_history_age_days', 0, 36_500],
  ])('take whole numbers for %s, from %d to %d', (field, min, max) => {
    expect(problemsOf({ [field]: min })).toEqual([]);
    expect(problemsOf({ [field]: max })).toEqual([]);
    for (const wrong of [min - 1, max + 1, min + 0.5]) expect(problemsOf({ [field]: wrong })).toHaveLength(1);
  });

  it('of a symbol take the same fields, but not those of the whole level', () => {
    expect(problemsOf({ symbols: { AAPL: { max_order_quantity: 5, max_position_ratio: '0.1' } } })).toEqual([]);
    expect(problemsOf({ symbols: { AAPL: { max_leverage: 2 } } })).toEqual([
      '/symbols/AAPL/max_leverage: expected no field of this name, got 2',
    ]);
  });

  it('know a symbol by its name', () => {
    const [problem] = problemsOf({ symbols: { 'no symbol': {} } });
    expect(problem).toMatch(/^\/symbols\/no symbol: expected a symbol .* got "no symbol"$/);
  });

  it('name a restricted symbol once', () => {
    expect(problemsOf({ restricted_symbols: ['GE', 'AAPL', 'GE'] })).toEqual([
      '/restricted_symbols/2: expected each symbol once, /restricted_symbols/0 has it already, got "GE"',
    ]);
  });

  it('speak of so many symbols at most', () => {
    const names = Array.from({ length: LIMITED_SYMBOLS_MAX + 1 }, (_, n) => `S${n}`);
    const symbols = Object.fromEntries(names.map((name) => [name, {}]));
    expect(problemsOf({ symbols })).toEqual([
      `/symbols: expected at most ${LIMITED_SYMBOLS_MAX} symbols, got an object`,
    ]);
    expect(problemsOf({ restricted_symbols: names })).toEqual([
      `/restricted_symbols: expected at most ${LIMITED_SYMBOLS_MAX} items, got an array of ${names.length}`,
    ]);
  });

  it('report everything that is wrong at once', () => {
    const body = {
      max_levrage: 2,
      max_var_ratio: 'much',
      max_open_orders: 1.5,
      symbols: { GE: { max_short_quantity: -1 }, '': {} },
    };
    const pointers = problemsOf(body).map((problem) => problem.split(':')[0]!);
    expect(pointers.sort()).toEqual(
      ['/max_levrage', '/max_open_orders', '/max_var_ratio', '/symbols/', '/symbols/GE/max_short_quantity'].sort(),
    );
  });
});
