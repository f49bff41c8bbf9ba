import type { ParametricVar } from './parametric-var.js';
import { horizonWarnings, type VarReplies } from './var-reply.js';
import type { ParametricVarReply, Warning } from './var-reply.schema.js';
import type { Asked } from './var-run.js';

export function parametricResults(
  computed: ParametricVar,
  replies: VarReplies,
  { levels, horizonDays }: Asked,
): Pick<ParametricVarReply, 'results' | 'degrees_of_freedom' | 'covariance' | 'warnings'> {
  const { sigma, estimator, shrinkage, degreesOfFreedom } = computed;
  return {
    degrees_of_freedom: degreesOfFreedom,
    // The variance of the book's own series needs no matrix, so there is none to repair or to condition.
    covariance: estimator && { estimator, shrinkage, condition_number: null, repaired: false },
    results: computed.results.map(({ cornishFisher, ...result }, index) => ({
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
      contributions: replies.contributions(result.contributions),
    })),
    warnings: parametricWarnings(computed, horizonDays),
  };
}

function parametricWarnings({ fitAtBound, degreesOfFreedom }: ParametricVar, horizonDays: number): Warning[] {
  const warnings = horizonDays === 1 ? [] : horizonWarnings('square_root', horizonDays);
  if (fitAtBound) {
    const message = `the likelihood still rises at ${degreesOfFreedom} degrees of freedom, the bound of the fit`;
    warnings.push({ code: 'fit_at_bound', message });
  }
  return warnings;
}
