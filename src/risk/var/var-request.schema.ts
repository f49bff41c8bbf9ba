import { z } from 'zod';
import { SIMULATIONS_MAX, SIMULATIONS_MIN } from '../../quant/monte-carlo-model.js';
import { always } from '../cross-field.schema.js';
import { accountId, currency, date, decimal, integer, symbol } from '../wire.schema.js';

/** What a client may ask of `POST /v1/risk/var/*`. Defaults stand here and nowhere else. */

const given = (input: unknown, ...fields: string[]) =>
  fields.filter((field) => (input as Record<string, unknown> | null)?.[field] !== undefined).length;

const nonZero = decimal().refine((value) => Number(value) !== 0, 'expected a number other than 0');

/** One position given in the request: by quantity, by direction and volume, or by its signed market value. */
const inlinePosition = z
  .strictObject({
    symbol,
    quantity: nonZero.optional(),
    direction: z.enum(['LONG', 'SHORT']).optional(),
    volume: decimal({ gt: 0 }).optional(),
    market_value: nonZero.optional(),
    price: decimal({ gt: 0 }).optional(),
  })
  .refine((position) => given(position, 'quantity', 'volume', 'market_value') === 1, {
    error: 'expected exactly one of quantity, direction with volume, market_value',
    ...always,
  })
  .refine((position) => (given(position, 'direction') === 1) === (given(position, 'volume') === 1), {
    error: 'expected direction and volume together',
    path: ['direction'],
    ...always,
  })
  .refine((position) => given(position, 'price', 'market_value') < 2, {
    error: 'expected no price beside market_value',
    path: ['price'],
    ...always,
  })
  .meta({ id: 'InlinePosition' });

export type InlinePosition = z.infer<typeof inlinePosition>;

const confidenceLevel = z
  .number()
  .gt(0.5)
  .lt(1)
  .refine((level) => Number(level.toFixed(4)) === level, 'expected at most four decimals');

/** Fields that the three methods share. */
const portfolioAndWindow = {
  positions: z.array(inlinePosition).min(1).max(10_000).optional(),
  account_id: accountId.optional(),
  currency: currency.optional().describe('Currency of inline positions, USD when absent'),
  equity: decimal({ gt: 0 }).optional().describe("Base of the ratios; an account's own when absent"),
  confidence_level: z
    .union([confidenceLevel, z.array(confidenceLevel).min(1).max(20)])
    .optional()
    .describe('One or many, in (0.5, 1); RISK_VAR_CONFIDENCE_LEVEL when absent'),
  time_horizon: integer(1, 250).default(1).describe('Trading days'),
  lookback_days: integer(60, 10_000).optional().describe('Number of daily returns, 252 when absent'),
  as_of: date.optional().describe('The window ends here; the last stored date when absent'),
  start_date: date.optional().describe('Date of the first return, instead of lookback_days'),
  end_date: date.optional().describe('Another name of as_of, beside start_date'),
  benchmark: symbol.optional().describe('Gives the calendar, and β·benchmark for missing returns'),
  contributions: z.boolean().default(true),
};

type WindowFields = Partial<Record<keyof typeof portfolioAndWindow, unknown>>;

/** Dates compare as text; what is no date is a problem of its own field. */
const isAfter = (start: unknown, end: unknown) =>
  date.safeParse(start).success && date.safeParse(end).success && String(start) > String(end);

/** The rules across fields, reported together with whatever is wrong with single fields. */
function consistent<T extends z.ZodType<WindowFields>>(schema: T) {
  return schema
    .refine((request) => given(request, 'positions', 'account_id') === 1, {
      error: 'expected either positions or account_id',
      path: ['positions'],
      ...always,
    })
    .refine((request) => given(request, 'start_date', 'lookback_days') < 2, {
      error: 'expected no lookback_days beside start_date',
      path: ['lookback_days'],
      ...always,
    })
    .refine((request) => given(request, 'end_date', 'as_of') < 2, {
      error: 'expected no end_date beside as_of',
      path: ['end_date'],
      ...always,
    })
    .refine(({ start_date, end_date, as_of }) => !isAfter(start_date, end_date ?? as_of), {
      error: 'expected a date not after the end of the window',
      path: ['start_date'],
      ...always,
    })
    .refine((request) => given(request, 'currency', 'account_id') < 2, {
      error: 'expected no currency beside account_id, which has its own',
      path: ['currency'],
      ...always,
    });
}

const decay = z.number().gt(0).lt(1).optional();

export const historicalVarRequest = consistent(
  z
    .strictObject({
      ...portfolioAndWindow,
      method: z.enum(['plain', 'age_weighted', 'volatility_scaled']).default('plain'),
      quantile: z.enum(['lower', 'type5', 'type6', 'type7']).default('lower'),
      decay: decay.describe('0.98 for age_weighted, 0.94 for volatility_scaled when absent'),
    })
    .refine(({ method, decay }) => decay === undefined || method !== 'plain', {
      error: 'expected no decay with the method plain, which has none',
      path: ['decay'],
      ...always,
    })
    .refine(({ method, quantile }) => quantile === 'lower' || method !== 'age_weighted', {
      error: 'expected lower with the method age_weighted, whose weights define the quantile',
      path: ['quantile'],
      ...always,
    }),
).meta({ id: 'HistoricalVarRequest' });

const degreesOfFreedom = z.union([z.number().gt(2).max(1_000), z.literal('ml')]).optional();
const covariance = z.enum(['auto', 'sample', 'ledoit_wolf']).default('auto');
const needsStudentT = {
  error: 'expected no degrees_of_freedom with the distribution normal',
  path: ['degrees_of_freedom'],
  ...always,
};
const fits = ({ distribution, degrees_of_freedom }: { distribution?: unknown; degrees_of_freedom?: unknown }) =>
  degrees_of_freedom === undefined || distribution === 'student_t';

export const parametricVarRequest = consistent(
  z
    .strictObject({
      ...portfolioAndWindow,
      distribution: z.enum(['normal', 'student_t']).default('normal'),
      degrees_of_freedom: degreesOfFreedom.describe('A number > 2, or "ml" to fit it; 5 when absent'),
      volatility: z.enum(['sample', 'ewma']).default('sample'),
      decay: decay.describe('0.94 for ewma when absent'),
      covariance: covariance.describe('auto: sample when T >= 10·N, else Ledoit-Wolf'),
      include_mean: z.boolean().default(false),
    })
    .refine(fits, needsStudentT)
    .refine(({ volatility, decay }) => decay === undefined || volatility === 'ewma', {
      error: 'expected no decay with the volatility sample, which has none',
      path: ['decay'],
      ...always,
    })
    .refine(({ volatility, covariance }) => volatility !== 'ewma' || covariance === 'auto', {
      error: 'expected no covariance with the volatility ewma, which has its own',
      path: ['covariance'],
      ...always,
    }),
).meta({ id: 'ParametricVarRequest' });

export const monteCarloVarRequest = consistent(
  z
    .strictObject({
      ...portfolioAndWindow,
      simulations: integer(SIMULATIONS_MIN, SIMULATIONS_MAX).default(10_000),
      seed: integer(0, 2 ** 32 - 1).default(1),
      distribution: z
        .enum(['normal', 'gaussian', 'student_t'])
        .default('normal')
        .transform((name) => (name === 'gaussian' ? 'normal' : name))
        .describe('gaussian is another name of normal'),
      degrees_of_freedom: degreesOfFreedom.describe('A number > 2, or "ml" to fit it; 5 when absent'),
      sampling: z.enum(['pseudo', 'sobol']).default('pseudo'),
      returns: z.enum(['simple', 'lognormal']).default('simple'),
      covariance: covariance.describe('auto: sample when T >= 10·N, else Ledoit-Wolf'),
      include_mean: z.boolean().default(false),
    })
    .refine(fits, needsStudentT),
).meta({ id: 'MonteCarloVarRequest' });

export type HistoricalVarRequest = z.infer<typeof historicalVarRequest>;
export type ParametricVarRequest = z.infer<typeof parametricVarRequest>;
export type MonteCarloVarRequest = z.infer<typeof monteCarloVarRequest>;
export type VarRequest = HistoricalVarRequest | ParametricVarRequest | MonteCarloVarRequest;
