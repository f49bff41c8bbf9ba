import { BASIS_POINTS, tailCount } from '../../quant/confidence.js';
import { lacksFiniteMean } from '../../quant/monte-carlo-model.js';
import type { MonteCarloResult, PreparedSimulation } from './monte-carlo-var.js';
import { thinTailWarnings, type VarReplies } from './var-reply.js';
import type { MonteCarloVarReply, Warning } from './var-reply.schema.js';
import type { Asked } from './var-run.js';

/** Yields between contributions. */
export function* monteCarloResults(
  { model, estimator, shrinkage, conditionNumber, repaired, fitAtBound }: PreparedSimulation,
  computed: readonly MonteCarloResult[],
  replies: VarReplies,
  { levels, tails, horizonDays }: Asked,
): Generator<void, Pick<MonteCarloVarReply, 'results' | 'degrees_of_freedom' | 'covariance' | 'warnings'>> {
  const { distribution } = model;
  const degreesOfFreedom = distribution.kind === 'student_t' ? distribution.degreesOfFreedom : null;
  const results: MonteCarloVarReply['results'] = [];
  for (const [index, result] of computed.entries()) {
    results.push({
      confidence_level: levels[index]!,
      time_horizon: horizonDays,
      ...replies.measures(result),
      standard_error: {
        var_value: nullable(result.standardError, replies.money),
        expected_shortfall: nullable(result.expectedShortfallStandardError, replies.money),
        var_ratio: nullable(result.standardError, replies.ratio),
        expected_shortfall_ratio: nullable(result.expectedShortfallStandardError, replies.ratio),
      },
      closed_form: result.closedForm && replies.measures(result.closedForm),
      confidence_interval: replies.interval(result.interval),
      contributions: yield* replies.contributions(result.contributions),
    });
  }
  return {
    degrees_of_freedom: degreesOfFreedom,
    covariance: { estimator, shrinkage, condition_number: conditionNumber, repaired },
    results,
    warnings: [
      ...warnings({ repaired, fitAtBound, degreesOfFreedom, finiteMean: !lacksFiniteMean(model) }),
      ...thinTail(model.simulations, { levels, tails }),
    ],
  };
}

function thinTail(simulations: number, { levels, tails }: Pick<Asked, 'levels' | 'tails'>): Warning[] {
  const thin = levels.flatMap((level, index) => {
    const tail = tails[index]!;
    return tailCount(simulations, tail) > 1 ? [] : [`${level} (a·T = ${(simulations * tail) / BASIS_POINTS})`];
  });
  return thinTailWarnings(thin, `${simulations} paths`);
}

function nullable<T>(value: number | null, write: (value: number) => T): T | null {
  return value === null ? null : write(value);
}

interface Peculiarities {
  repaired: boolean;
  fitAtBound: boolean;
  /** Of Student-t; null for the normal distribution. */
  degreesOfFreedom: number | null;
  finiteMean: boolean;
}

function warnings({ repaired, fitAtBound, degreesOfFreedom, finiteMean }: Peculiarities): Warning[] {
  const found: Warning[] = [];
  if (repaired) {
    const message = 'the covariance matrix was not positive definite; its diagonal was raised until it was';
    found.push({ code: 'covariance_repaired', message });
  }
  if (fitAtBound) {
    const message = `the likelihood still rises at ${degreesOfFreedom} degrees of freedom, the bound of the fit`;
    found.push({ code: 'fit_at_bound', message });
  }
  if (!finiteMean) {
    const message =
      'the exponential of a Student-t has no finite mean: the drift is that of the normal case, and the expected shortfall of short positions has no limit as paths are added';
    found.push({ code: 'infinite_mean', message });
  }
  return found;
}
