import { ServiceProcess } from '../support/service.js';

const EIGHT = ['AAPL', 'BAC', 'GE', 'JPM', 'KO', 'PFE', 'WMT', 'XOM'];
const equalWeights = EIGHT.map((symbol) => ({ symbol, market_value: '125000' }));
const crisis = { positions: equalWeights, equity: '1000000', as_of: '2009-12-31', lookback_days: 505 };

interface Result {
  confidence_level: number;
  var_value: string;
  var_ratio: number;
  expected_shortfall_ratio: number;
  confidence_interval: { lower_ratio: number | null; upper_ratio: number | null } | null;
  tail: { date: string; pnl: string }[];
  contributions: { symbol: string; component_var_ratio: number; component_es_ratio: number }[];
  standard_error: { var_ratio: number };
  closed_form: { var_ratio: number; expected_shortfall_ratio: number } | null;
  sigma: number;
}
interface Var {
  results: Result[];
  warnings: { code: string }[];
  ratio_base: string;
  input_hash: string;
  equity: string | null;
}

describe('value at risk over HTTP on the demo closes', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start();
  });
  afterAll(() => service.destroy());

  const ask = async (method: string, body: object) => {
    const reply = await service.post<Var>(`/v1/risk/var/${method}`, body);
    expect(reply).toMatchObject({ status: 200 });
    return reply.body;
  };

  // Independent values: numpy on the same closes, equal weight, simple returns, 2008-01-02 … 2009-12-31 (T = 505).
  it.each([
    ['plain', {}, 0.95, 0.0381265914, 0.0618472723],
    ['plain', {}, 0.975, 0.0582714266, 0.0769198663],
    ['plain', {}, 0.99, 0.0770385876, 0.0901939],
    ['plain', { quantile: 'type7' }, 0.95, 0.0380400461, 0.0618472723],
    ['volatility_scaled', {}, 0.95, 0.0145247486, null],
    ['volatility_scaled', {}, 0.99, 0.0246574313, null],
    ['age_weighted', {}, 0.99, 0.0376938648, null],
    ['plain', { time_horizon: 10 }, 0.99, 0.1974645846, null],
    ['plain', { time_horizon: 10 }, 0.95, 0.1258640394, null],
  ])('historical %s %o at %d has VaR %d and ES %d of equity', async (method, options, level, ratio, shortfall) => {
    const { results } = await ask('historical', { ...crisis, method, ...options, confidence_level: level });
    expect(results[0]!.var_ratio).toBeCloseTo(ratio, 9);
    if (shortfall !== null) expect(results[0]!.expected_shortfall_ratio).toBeCloseTo(shortfall, 9);
  });

  it('dates the six worst days of the 99 % tail and splits ES by position', async () => {
    const { results } = await ask('historical', { ...crisis, confidence_level: 0.99 });
    const worst = ['2008-09-29', '2008-12-01', '2009-01-20', '2008-10-07', '2008-11-20', '2008-10-09'];
    expect(results[0]!.tail.map(({ date }) => date)).toEqual(worst);
    const components = [
      0.0106255436, 0.0267599988, 0.0104483208, 0.0203185184, 0.0041658339, 0.007057142, 0.0042180004, 0.0066005421,
    ];
    results[0]!.contributions.forEach(({ symbol, component_es_ratio }, i) => {
      expect(symbol).toBe(EIGHT[i]);
      expect(component_es_ratio).toBeCloseTo(components[i]!, 9);
    });
  });

  it.each([
    [{ distribution: 'normal' }, 0.95, 'var_ratio', 0.0434577172],
    [{ distribution: 'normal' }, 0.99, 'expected_shortfall_ratio', 0.0704160686],
    [{ distribution: 'normal' }, 0.95, 'sigma', 0.0264204160772],
    [{ volatility: 'ewma' }, 0.95, 'sigma', 0.0083708342],
    // Student-t of row 10: 2.606463569 · 0.0264204160772 = 0.06886385…
    [{ distribution: 'student_t', degrees_of_freedom: 5 }, 0.99, 'var_ratio', 2.606463569 * 0.0264204160772],
  ] as const)('parametric %o at %d has %s %d', async (options, level, field, value) => {
    const { results } = await ask('parametric', { ...crisis, ...options, confidence_level: level });
    expect(results[0]![field]).toBeCloseTo(value, 9);
  });

  it.each([
    { sampling: 'pseudo', distribution: 'normal' },
    { sampling: 'sobol', distribution: 'normal' },
    { sampling: 'pseudo', distribution: 'student_t' },
    { sampling: 'sobol', distribution: 'student_t' },
  ])('a simulation with %o lies within four standard errors of the closed form', async (options) => {
    const asked = { ...crisis, ...options, simulations: 50_000, confidence_level: [0.95, 0.99] };
    const { results } = await ask('monte-carlo', asked);
    for (const { var_ratio, standard_error, closed_form } of results) {
      expect(Math.abs(var_ratio - closed_form!.var_ratio)).toBeLessThan(4 * standard_error.var_ratio);
    }
  });

  it('the same seed gives the same paths, another seed others', async () => {
    const asked = { ...crisis, returns: 'lognormal', simulations: 5_000, seed: 7 };
    const [first, again, other] = await Promise.all([
      ask('monte-carlo', asked),
      ask('monte-carlo', asked),
      ask('monte-carlo', { ...asked, seed: 8 }),
    ]);
    expect(again!.results).toEqual(first!.results);
    expect(other!.results[0]!.var_ratio).not.toBe(first!.results[0]!.var_ratio);
  });

  it('a firm is the sum of its accounts', async () => {
    const books = ['default', 'acc_growth', 'acc_income', 'acc_hedged'];
    const held = await Promise.all(
      books.map((id) =>
        service.get<{ positions: { symbol: string; quantity: string }[] }>(`/v1/accounts/${id}/positions`),
      ),
    );
    const positions = held.flatMap(({ body }) => body.positions.map(({ symbol, quantity }) => ({ symbol, quantity })));
    const inline = await ask('historical', { positions, equity: '2650000', contributions: false });
    // At closes, as the inline positions: the marks move.
    const closes = { as_of: '2022-12-28', contributions: false };
    const firm = await ask('historical', { account_id: 'firm_demo', ...closes });
    expect(firm.equity).toBe('2650000'); // 1,000,000 + 500,000 + 750,000 + 400,000
    expect(firm.results[0]!.var_ratio).toBeCloseTo(inline.results[0]!.var_ratio, 12);
  });

  it.each([
    [{ positions: [{ symbol: 'NOPE', quantity: '1' }] }, 422, 'unknown_symbol'],
    [{ positions: [{ symbol: 'AAPL', quantity: '1' }], as_of: '2007-03-01' }, 422, 'insufficient_data'],
    [{ positions: [{ symbol: 'AAPL', quantity: '1' }], as_of: '2006-01-01' }, 422, 'no_price'],
    [{ account_id: 'nobody' }, 404, 'account_not_found'],
    [{ account_id: 'default', benchmark: 'NOPE' }, 422, 'unknown_symbol'],
    [{ account_id: 'default', confidence_level: 95 }, 400, 'validation_failed'],
  ])('%o is refused with %d %s', async (body, status, code) => {
    const reply = await service.post('/v1/risk/var/historical', body);
    expect(reply).toMatchObject({ status, body: { code, request_id: reply.headers.get('x-request-id') } });
  });

  it('says how much data there is and how much is needed', async () => {
    const body = { positions: [{ symbol: 'AAPL', quantity: '1' }], as_of: '2007-03-01' };
    const reply = await service.post('/v1/risk/var/historical', body);
    // 2007-01-04 … 2007-03-01 are 39 trading days after the first stored close.
    expect(reply.body).toMatchObject({ have: 39, need: 60, symbols: ['AAPL'] });
  });

  it('very large simulations are jobs with the same reply as result', async () => {
    const asked = { ...crisis, simulations: 5_000_000, seed: 3 };
    // 5,000,000 × 8 = 4·10⁷ simulated returns are answered at once; lognormal ones take too long for that.
    const small = await service.post('/v1/risk/var/monte-carlo', { ...asked, contributions: false });
    expect(small.status).toBe(200);
    const accepted = await service.post('/v1/risk/var/monte-carlo', { ...asked, returns: 'lognormal' });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toBe(`/v1/jobs/${accepted.body['job_id']}`);
    const cancelled = await service.post(`/v1/jobs/${accepted.body['job_id']}/cancel`, undefined);
    expect(cancelled.status).toBe(200);
    expect(await service.finishedJob(String(accepted.body['job_id']))).toMatchObject({ status: 'CANCELLED' });
  });
});
