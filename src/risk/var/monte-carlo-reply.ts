import { lacksFiniteMean } from '../../quant/monte-carlo-model.js';
import type { MonteCarloResult, PreparedSimulation } from './monte-carlo-var.js';
import type { VarReplies } from './var-reply.js';
import type { MonteCarloVarReply, Warning } from './var-reply.schema.js';
import type { Asked } from './var-run.js';

export function monteCarloResults(
  { model, estimator, shrinkage, conditionNumber, repaired, fitAtBound }: PreparedSimulation,
  computed: readonly MonteCarloResult[],
  replies: VarReplies,
  { levels, horizonDays }: Asked,
): Pick<MonteCarloVarReply, 'results' | 'degrees_of_freedom' | 'covariance' | 'warnings'> {
  const { distribution } = model;
  const degreesOfFreedom = distribution.kind === 'student_t' ? distribution.degreesOfFreedom : null;
  return {
    degrees_of_freedom: degreesOfFreedom,
    covariance: { estimator, shrinkage, condition_number: conditionNumber, repaired },
    results: computed.map((result, index) => ({
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
      contributions: replies.contributions(result.contributions),
    })),
    warnings: warnings({ repaired, fitAtBound, degreesOfFreedom, finiteMean: !lacksFiniteMean(model) }),
  };
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
