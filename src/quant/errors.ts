/**
 * Why a number could not be computed. `insufficient_data` carries `have` and `need`; `zero_variance` means that the
 * measure divides by a standard deviation that is 0; `invalid_argument` is a broken call, `not_finite` broken data.
 */
export type QuantErrorCode = 'insufficient_data' | 'zero_variance' | 'invalid_argument' | 'not_finite';

/** The one error that `quant/` throws: a kernel returns a finite number or throws this, never NaN. */
export class QuantError extends Error {
  constructor(
    readonly code: QuantErrorCode,
    message: string,
    readonly details: Readonly<Record<string, number>> = {},
  ) {
    super(message);
    this.name = 'QuantError';
  }
}

export function requireCount(have: number, need: number, what: string): void {
  if (have < need)
    throw new QuantError('insufficient_data', `${what}: have ${have}, need at least ${need}`, { have, need });
}

export function requireSameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, what: string): void {
  if (a.length !== b.length) throw new QuantError('invalid_argument', `${what}: lengths ${a.length} and ${b.length}`);
}

export function requireFinite(values: Float64Array, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new QuantError('not_finite', `${what}: value ${i} is ${values[i]}`, { index: i });
  }
}
