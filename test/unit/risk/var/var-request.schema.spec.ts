import type { z } from 'zod';
import { fieldProblems } from '../../../../src/risk/field-problems.js';
import {
  historicalVarRequest,
  monteCarloVarRequest,
  parametricVarRequest,
} from '../../../../src/risk/var/var-request.schema.js';

const position = { symbol: 'AAPL', market_value: '125000' };
const good = { positions: [position] };
const { historical, parametric, monteCarlo } = {
  historical: historicalVarRequest,
  parametric: parametricVarRequest,
  monteCarlo: monteCarloVarRequest,
};

/** `pointer code` of each problem. */
function problems(schema: z.ZodType, request: unknown): string[] {
  const parsed = schema.safeParse(request);
  return parsed.success ? [] : fieldProblems(parsed.error, request).map(({ pointer, code }) => `${pointer} ${code}`);
}

function details(schema: z.ZodType, request: unknown): string[] {
  const parsed = schema.safeParse(request);
  return parsed.success ? [] : fieldProblems(parsed.error, request).map(({ detail }) => detail);
}

describe('a value-at-risk request that names only its positions', () => {
  it('is historical, plain, one day, at the configured level, on the default window', () => {
    expect(historical.parse(good)).toEqual({
      positions: [position],
      time_horizon: 1,
      contributions: true,
      method: 'plain',
      quantile: 'lower',
    });
  });

  it('is parametric, normal, sample volatility, without mean', () => {
    expect(parametric.parse(good)).toEqual({
      positions: [position],
      time_horizon: 1,
      contributions: true,
      distribution: 'normal',
      volatility: 'sample',
      covariance: 'auto',
      include_mean: false,
    });
  });

  it('is Monte Carlo with 10,000 paths and a fixed seed', () => {
    expect(monteCarlo.parse(good)).toEqual({
      positions: [position],
      time_horizon: 1,
      contributions: true,
      simulations: 10_000,
      seed: 1,
      distribution: 'normal',
      sampling: 'pseudo',
      returns: 'simple',
      covariance: 'auto',
      include_mean: false,
    });
  });
});

describe('a value-at-risk request', () => {
  it.each<[string, z.ZodType, unknown]>([
    [
      'three ways to give a position',
      historical,
      {
        positions: [
          { symbol: 'AAPL', market_value: 125000 },
          { symbol: 'GE', quantity: '-300' },
          { symbol: 'XOM', direction: 'SHORT', volume: 10, price: '98.5' },
          { symbol: 'AAPL', quantity: 1, price: 3 },
        ],
      },
    ],
    ['an account', historical, { account_id: 'acc_1' }],
    ['many levels', historical, { ...good, confidence_level: [0.95, 0.975, 0.99, 0.9999, 0.5001] }],
    ['a window by length and end', historical, { ...good, lookback_days: 60, as_of: '2009-12-31' }],
    ['a window by start and end', historical, { ...good, start_date: '2008-01-02', end_date: '2009-12-31' }],
    ['a window of one day by its dates', historical, { ...good, start_date: '2009-12-31', as_of: '2009-12-31' }],
    ['an end without a start', historical, { ...good, end_date: '2009-12-31', lookback_days: 505 }],
    ['a method with its decay', historical, { ...good, method: 'age_weighted', decay: 0.99 }],
    [
      'an interpolated quantile of the filtered method',
      historical,
      { ...good, method: 'volatility_scaled', quantile: 'type7' },
    ],
    ['fitted degrees of freedom', parametric, { ...good, distribution: 'student_t', degrees_of_freedom: 'ml' }],
    ['EWMA with its decay', parametric, { ...good, volatility: 'ewma', decay: 0.97 }],
    ['the most paths', monteCarlo, { ...good, simulations: 5_000_000, seed: 4_294_967_295 }],
    ['lognormal paths', monteCarlo, { ...good, returns: 'lognormal', sampling: 'sobol', distribution: 'normal' }],
  ])('may name %s', (_, schema, request) => {
    expect(problems(schema, request)).toEqual([]);
  });

  it('may call the normal distribution gaussian', () => {
    expect(monteCarlo.parse({ ...good, distribution: 'gaussian' }).distribution).toBe('normal');
  });

  it('keeps decimals as canonical text', () => {
    const request = historical.parse({ positions: [{ symbol: 'GE', quantity: -300.5, price: '15.10' }], equity: 1e6 });
    expect(request.positions).toEqual([{ symbol: 'GE', quantity: '-300.5', price: '15.1' }]);
    expect(request.equity).toBe('1000000');
  });

  const inline = (fields: object) => ({ positions: [position, { symbol: 'GE', ...fields }] });
  const wrong: [string, z.ZodType, unknown, string[]][] = [
    // What the portfolio is.
    ['nothing', historical, {}, ['/positions required']],
    ['both positions and account', historical, { ...good, account_id: 'acc_1' }, ['/positions invalid_value']],
    ['no position', historical, { positions: [] }, ['/positions too_small']],
    ['too many positions', historical, { positions: Array(10_001).fill(position) }, ['/positions too_big']],
    ['positions as object', historical, { positions: {} }, ['/positions invalid_type']],
    ['a position that is none', historical, { positions: [null] }, ['/positions/0 invalid_type']],
    ['an account id with a blank', historical, { account_id: 'acc 1' }, ['/account_id invalid_format']],
    ['a currency beside an account', historical, { account_id: 'a', currency: 'USD' }, ['/currency invalid_value']],
    ['a currency that is none', historical, { ...good, currency: 'usd' }, ['/currency invalid_format']],
    // One position.
    ['a position without symbol', historical, { positions: [{ quantity: 1 }] }, ['/positions/0/symbol required']],
    ['a position without size', historical, inline({}), ['/positions/1 invalid_value']],
    ['two sizes', historical, inline({ quantity: 1, market_value: 1 }), ['/positions/1 invalid_value']],
    ['a quantity of zero', historical, inline({ quantity: '0.00' }), ['/positions/1/quantity invalid_value']],
    ['a market value of zero', historical, inline({ market_value: 0 }), ['/positions/1/market_value invalid_value']],
    ['a quantity that is no number', historical, inline({ quantity: 'ten' }), ['/positions/1/quantity invalid_value']],
    ['a negative volume', historical, inline({ direction: 'LONG', volume: -5 }), ['/positions/1/volume too_small']],
    ['a volume without direction', historical, inline({ volume: 5 }), ['/positions/1/direction required']],
    [
      'a quantity with a direction',
      historical,
      inline({ quantity: 5, direction: 'LONG' }),
      ['/positions/1/direction invalid_value'],
    ],
    [
      'a direction that is none',
      historical,
      inline({ volume: 5, direction: 'BUY' }),
      ['/positions/1/direction invalid_value'],
    ],
    ['a price of zero', historical, inline({ quantity: 5, price: 0 }), ['/positions/1/price too_small']],
    [
      'a price beside a market value',
      historical,
      inline({ market_value: 5, price: 1 }),
      ['/positions/1/price invalid_value'],
    ],
    [
      'an unknown field of a position',
      historical,
      inline({ quantity: 5, side: 'BUY' }),
      ['/positions/1/side unknown_field'],
    ],
    // Numbers.
    ['an equity of zero', historical, { ...good, equity: 0 }, ['/equity too_small']],
    ['a level in per cent', historical, { ...good, confidence_level: 95 }, ['/confidence_level too_big']],
    ['a level of one half', historical, { ...good, confidence_level: 0.5 }, ['/confidence_level too_small']],
    ['a level of one', historical, { ...good, confidence_level: 1 }, ['/confidence_level too_big']],
    [
      'a level of five decimals',
      historical,
      { ...good, confidence_level: 0.99999 },
      ['/confidence_level invalid_value'],
    ],
    [
      'a level off by rounding',
      historical,
      { ...good, confidence_level: 0.95 + 1e-14 },
      ['/confidence_level invalid_value'],
    ],
    ['a level as text', historical, { ...good, confidence_level: '0.95' }, ['/confidence_level invalid_union']],
    [
      'one wrong level of several',
      historical,
      { ...good, confidence_level: [0.95, 99] },
      ['/confidence_level/1 too_big'],
    ],
    ['no level', historical, { ...good, confidence_level: [] }, ['/confidence_level too_small']],
    [
      'too many levels',
      historical,
      { ...good, confidence_level: Array(21).fill(0.95) },
      ['/confidence_level invalid_union'],
    ],
    ['a horizon of zero', historical, { ...good, time_horizon: 0 }, ['/time_horizon too_small']],
    ['a horizon over a year', historical, { ...good, time_horizon: 251 }, ['/time_horizon too_big']],
    ['a day and a half', historical, { ...good, time_horizon: 1.5 }, ['/time_horizon invalid_value']],
    ['a window under 60 returns', historical, { ...good, lookback_days: 59 }, ['/lookback_days too_small']],
    ['a window over 10,000 returns', historical, { ...good, lookback_days: 10_001 }, ['/lookback_days too_big']],
    ['contributions as text', historical, { ...good, contributions: 'yes' }, ['/contributions invalid_type']],
    // The window.
    ['a date that does not exist', historical, { ...good, as_of: '2009-02-29' }, ['/as_of invalid_format']],
    ['a date of year 0', historical, { ...good, as_of: '0000-12-31' }, ['/as_of invalid_value']],
    [
      'a start beside a length',
      historical,
      { ...good, start_date: '2009-01-02', lookback_days: 252 },
      ['/lookback_days invalid_value'],
    ],
    ['two ends', historical, { ...good, end_date: '2009-12-31', as_of: '2009-12-31' }, ['/end_date invalid_value']],
    [
      'a start after the end',
      historical,
      { ...good, start_date: '2010-01-04', end_date: '2009-12-31' },
      ['/start_date invalid_value'],
    ],
    [
      'a start after as_of',
      historical,
      { ...good, start_date: '2010-01-04', as_of: '2009-12-31' },
      ['/start_date invalid_value'],
    ],
    ['a start that is no date', historical, { ...good, start_date: 'then' }, ['/start_date invalid_format']],
    ['a benchmark that is no symbol', historical, { ...good, benchmark: 'S&P 500' }, ['/benchmark invalid_format']],
    // Methods.
    ['an unknown method', historical, { ...good, method: 'fancy' }, ['/method invalid_value']],
    ['an unknown quantile', historical, { ...good, quantile: 'type8' }, ['/quantile invalid_value']],
    ['a decay of the plain method', historical, { ...good, decay: 0.98 }, ['/decay invalid_value']],
    ['a decay of one', historical, { ...good, method: 'age_weighted', decay: 1 }, ['/decay too_big']],
    [
      'an interpolated age-weighted quantile',
      historical,
      { ...good, method: 'age_weighted', quantile: 'type7' },
      ['/quantile invalid_value'],
    ],
    ['paths in a historical request', historical, { ...good, simulations: 1000 }, ['/simulations unknown_field']],
    [
      'degrees of freedom of the normal',
      parametric,
      { ...good, degrees_of_freedom: 5 },
      ['/degrees_of_freedom invalid_value'],
    ],
    [
      'too few degrees of freedom',
      parametric,
      { ...good, distribution: 'student_t', degrees_of_freedom: 2 },
      ['/degrees_of_freedom too_small'],
    ],
    [
      'degrees of freedom in words',
      parametric,
      { ...good, distribution: 'student_t', degrees_of_freedom: 'five' },
      ['/degrees_of_freedom invalid_union'],
    ],
    ['a decay of the sample volatility', parametric, { ...good, decay: 0.94 }, ['/decay invalid_value']],
    [
      'shrinkage with EWMA',
      parametric,
      { ...good, volatility: 'ewma', covariance: 'ledoit_wolf' },
      ['/covariance invalid_value'],
    ],
    ['a mean as number', parametric, { ...good, include_mean: 1 }, ['/include_mean invalid_type']],
    ['too many paths', monteCarlo, { ...good, simulations: 5_000_001 }, ['/simulations too_big']],
    ['too few paths', monteCarlo, { ...good, simulations: 127 }, ['/simulations too_small']],
    ['a seed over 32 bits', monteCarlo, { ...good, seed: 2 ** 32 }, ['/seed too_big']],
    ['a negative seed', monteCarlo, { ...good, seed: -1 }, ['/seed too_small']],
    ['antithetic sampling', monteCarlo, { ...good, sampling: 'antithetic' }, ['/sampling invalid_value']],
  ];

  it.each(wrong)('with %s is refused at the field', (_, schema, request, expected) => {
    expect(problems(schema, request)).toEqual(expected);
  });

  it.each([null, undefined, [], 'text', 5])('that is %p is refused as a whole by every method', (body) => {
    const code = body === undefined ? 'required' : 'invalid_type';
    for (const schema of [historical, parametric, monteCarlo]) expect(problems(schema, body)).toEqual([` ${code}`]);
  });

  it('is told everything at once: fields, positions, unknown fields, rules across fields', () => {
    const request = {
      positions: [position, { symbol: 'G E', volume: 0 }, { symbol: 'XOM', quantity: 1, colour: 'red' }],
      account_id: 'acc_1',
      confidence_level: [0.95, 95],
      time_horizon: 0,
      start_date: '2010-01-04',
      end_date: '2009-12-31',
      lookback_days: 10,
      method: 'plain',
      decay: 2,
      'new/field': true,
    };
    expect(problems(historical, request).sort()).toEqual([
      '/confidence_level/1 too_big',
      '/decay invalid_value', // plain has none
      '/decay too_big',
      '/lookback_days invalid_value', // beside start_date
      '/lookback_days too_small',
      '/new~1field unknown_field',
      '/positions invalid_value', // beside account_id
      '/positions/1/direction required',
      '/positions/1/symbol invalid_format',
      '/positions/1/volume too_small',
      '/positions/2/colour unknown_field',
      '/start_date invalid_value',
      '/time_horizon too_small',
    ]);
  });

  it('is answered in words that name what was expected and got', () => {
    expect(details(historical, { ...good, confidence_level: 95 })).toEqual(['expected a number < 1, got 95']);
    expect(details(historical, {})).toEqual(['expected either positions or account_id, got nothing']);
    expect(details(historical, inline({ volume: 5 }))).toEqual(['expected direction and volume together, got nothing']);
    expect(details(historical, { ...good, start_date: '2010-01-04', as_of: '2009-12-31' })).toEqual([
      'expected a date not after the end of the window, got "2010-01-04"',
    ]);
  });
});
