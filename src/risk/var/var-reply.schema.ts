import { z } from 'zod';
import { decimalText } from '../wire.schema.js';

/** What `POST /v1/risk/var/*` answers. Money is rounded half even to the minor unit; ratios are full doubles. */

const interval = z.strictObject({
  level: z.number(),
  lower: decimalText.nullable(),
  upper: decimalText.nullable(),
  lower_ratio: z.number().nullable(),
  upper_ratio: z.number().nullable(),
});

const contribution = z.strictObject({
  symbol: z.string(),
  market_value: decimalText,
  component_var: decimalText,
  component_var_ratio: z.number(),
  component_es: decimalText,
  component_es_ratio: z.number(),
});

/** A loss measure pair as money and as ratio. */
const tailMeasures = {
  var_value: decimalText,
  expected_shortfall: decimalText,
  var_ratio: z.number(),
  expected_shortfall_ratio: z.number(),
};

const result = z.strictObject({
  confidence_level: z.number(),
  time_horizon: z.int(),
  ...tailMeasures,
  confidence_interval: interval.nullable(),
  contributions: z.array(contribution).nullable(),
});

const tailScenario = z.strictObject({
  date: z.string().describe('Last date of the scenario'),
  start_date: z.string().optional().describe('First date of a scenario of several days'),
  pnl: decimalText,
  pnl_ratio: z.number(),
  weight: z.number().describe('Share of this scenario in the expected shortfall'),
});

const warning = z.strictObject({ code: z.string(), message: z.string(), symbols: z.array(z.string()).optional() });
export type Warning = z.infer<typeof warning>;

const dataSection = z.strictObject({
  first_date: z.string(),
  last_date: z.string(),
  observation_count: z.int(),
  excluded: z.array(z.string()).describe('Always empty: a symbol is refused, never left out'),
  proxied: z.array(z.strictObject({ symbol: z.string(), missing: z.int(), beta: z.number() })),
  dropped_dates: z.int(),
  coverage: z.number(),
  benchmark: z.string().nullable(),
  valuation: z
    .strictObject({ basis: z.enum(['marks', 'closes']), oldest: z.string(), newest: z.string() })
    .describe(
      'What positions were valued at: the live marks of an account, unless the request names `as_of`; else closes, ' +
        'where the request gives neither price nor value. Times of the marks, or the date of the closes',
    ),
  price_version: z.int(),
});

const envelope = {
  as_of: z.string(),
  account_id: z.string().nullable(),
  currency: z.string(),
  portfolio_value: decimalText,
  gross_market_value: decimalText,
  equity: decimalText.nullable(),
  ratio_base: z.enum(['equity', 'gross_market_value']),
  parameters: z.record(z.string(), z.unknown()),
  data: dataSection,
  warnings: z.array(warning),
  input_hash: z.string(),
  calculated_at: z.iso.datetime(),
  cache: z.enum(['hit', 'miss']),
  cache_age_ms: z.number(),
};

export const historicalVarReply = z
  .strictObject({
    method: z.literal('historical'),
    ...envelope,
    results: z.array(
      result.extend({
        scenario_count: z.int().describe('Scenarios behind the result: days, or windows of several days'),
        tail: z.array(tailScenario).describe('The worst scenarios, worst first; at most 500 are listed'),
      }),
    ),
  })
  .meta({ id: 'HistoricalVar' });

const cornishFisher = z.strictObject({
  valid: z.boolean(),
  reason: z.string().nullable(),
  skewness: z.number(),
  excess_kurtosis: z.number(),
  var_value: decimalText.nullable(),
  var_ratio: z.number().nullable(),
});

const covarianceReport = z.strictObject({
  estimator: z.enum(['sample', 'ledoit_wolf']),
  shrinkage: z.number(),
  condition_number: z.number().nullable(),
  repaired: z.boolean(),
});

export const parametricVarReply = z
  .strictObject({
    method: z.literal('parametric'),
    ...envelope,
    degrees_of_freedom: z.number().nullable(),
    covariance: covarianceReport.nullable(),
    results: z.array(
      result.extend({
        sigma: z.number().describe('Standard deviation of the P&L of one day, as ratio'),
        z: z.number().describe('Quantile of the unit-variance distribution'),
        cornish_fisher: cornishFisher.nullable(),
      }),
    ),
  })
  .meta({ id: 'ParametricVar' });

export const monteCarloVarReply = z
  .strictObject({
    method: z.literal('monte_carlo'),
    ...envelope,
    degrees_of_freedom: z.number().nullable(),
    covariance: covarianceReport,
    results: z.array(
      result.extend({
        standard_error: z
          .strictObject({
            var_value: decimalText.nullable(),
            expected_shortfall: decimalText.nullable(),
            var_ratio: z.number().nullable(),
            expected_shortfall_ratio: z.number().nullable(),
          })
          .describe('Of the simulation; null where the paths cannot tell'),
        closed_form: z.strictObject(tailMeasures).nullable(),
      }),
    ),
  })
  .meta({ id: 'MonteCarloVar' });

export type HistoricalVarReply = z.infer<typeof historicalVarReply>;
export type ParametricVarReply = z.infer<typeof parametricVarReply>;
export type MonteCarloVarReply = z.infer<typeof monteCarloVarReply>;
export type VarResult = z.infer<typeof result>;
