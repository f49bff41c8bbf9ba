import { POSITIONS_MAX, SIMULATED_RETURNS_MAX } from '../../quant/monte-carlo-model.js';
import { RiskError } from '../errors.js';
import { pathCostNs } from './monte-carlo-var.js';

/** Simulated returns from which a simulation is always a job. */
const JOB_RETURNS_MIN = 5e7;
const JOB_NS_MIN = 2e9;

/** Whether a simulation is long enough to be a job. Throws `validation_failed` where it is more than the service takes. */
export function simulationWork(
  request: { simulations: number; returns: 'simple' | 'lognormal'; account_id?: string },
  symbols: number,
): { long: boolean } {
  const simulated = request.simulations * symbols;
  if (symbols > POSITIONS_MAX) {
    throw tooLarge(
      request.account_id === undefined ? '/positions' : '/account_id',
      `expected at most ${POSITIONS_MAX} symbols to simulate, got ${symbols}`,
    );
  }
  if (simulated > SIMULATED_RETURNS_MAX) {
    const product = `simulations × symbols at most ${SIMULATED_RETURNS_MAX.toLocaleString('en')}`;
    throw tooLarge('/simulations', `expected ${product}, got ${request.simulations} × ${symbols}`);
  }
  const pathNs = pathCostNs({ returns: request.returns, symbols });
  return { long: simulated > JOB_RETURNS_MIN || pathNs * request.simulations > JOB_NS_MIN };
}

function tooLarge(pointer: string, detail: string): RiskError {
  return new RiskError('validation_failed', detail, { errors: [{ pointer, code: 'too_big', detail }] });
}
