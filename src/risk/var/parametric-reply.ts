import type { ParametricVar } from './parametric-var.js';
import { horizonWarnings, noInterval, type VarReplies } from './var-reply.js';
import type { ParametricVarReply, Warning } from './var-reply.schema.js';
import type { Asked } from './var-run.js';

/** Yields between contributions. */
export function* parametricResults(
  computed: ParametricVar,
  replies: VarReplies,
  { levels, horizonDays }: Asked,
): Generator<void, Pick<ParametricVarReply, 'results' | 'degrees_of_freedom' | 'covariance' | 'warnings'>> {
  const { sigma, estimator, shrinkage, degreesOfFreedom } = computed;
  const results: ParametricVarReply['results'] = [];
  for (const [index, { cornishFisher, ...result }] of computed.results.entries()) {
    results.push({
      confidence_level: levels[index]!,
      time_horizon: horizonDays,
      ...replies.measures(result),
      sigma: replies.ratio(sigma),
      z: result.z,
      confidence_interval: replies.interval(result.interval),
      cornish_fisher: cornishFisher && {
        valid: cornishFisher.valid,
        reason: cornishFisher.reason,
        skewness: cornishFisher.skewness,
        excess_kurtosis: cornishFisher.excessKurtosis,
        var_value: replies.money(cornishFisher.valueAtRisk),
        var_ratio: replies.ratio(cornishFisher.valueAtRisk),
      },
      contributions: yield* replies.contributions(result.contributions),
    });
  }
  return {
    degrees_of_freedom: degreesOfFreedom,
    // The variance of the book's own series needs no matrix, so there is none to repair or to condition.
    covariance: estimator && { estimator, shrinkage, condition_number: null, repaired: false },
    results,
    warnings: parametricWarnings(computed, horizonDays),
  };
}

function parametricWarnings(computed: ParametricVar, horizonDays: number): Warning[] {
  const { fitAtBound, degreesOfFreedom, results } = computed;
  const warnings = horizonDays === 1 ? [] : horizonWarnings('square_root', horizonDays);
  if (results.some(({ interval }) => interval === null)) {
    warnings.push(noInterval('the decay leaves fewer than two effective observations'));
  } else if (results.some(({ interval }) => interval?.lower === null)) {
    const message = `the variance of σ² is infinite with ${degreesOfFreedom} degrees of freedom, 4 or fewer`;
    warnings.push(noInterval(message));
  }
  if (fitAtBound) {
    const message = `the likelihood still rises at ${degreesOfFreedom} degrees of freedom, the bound of the fit`;
    warnings.push({ code: 'fit_at_bound', message });
  }
  return warnings;
}
