import { isSafeNumber, parse } from 'lossless-json';
import { type FieldProblem, RiskError } from '../risk/errors.js';

/** Under this name the configuration of a route says that its body is refused where a number would be rounded. */
export const EXACT_NUMBERS = 'exactNumbers';

/** Sixteen digits in a row or an exponent: only then can a number of the text be one that a double rounds. */
export const MAY_BE_ROUNDED = /\d[\d.]{15}|\d[eE]/;

/** A number that a double would round, by its digits. */
class RoundedNumber {
  constructor(readonly digits: string) {}
}

/**
 * Refuses numbers that would leave the service as other numbers than they came: JSON is parsed into doubles. `text` is
 * valid JSON. Throws `validation_failed`, which names each of them, and RangeError where it is nested too deep.
 */
export function requireExactNumbers(text: string): void {
  if (!MAY_BE_ROUNDED.test(text)) return;
  const document = parse(text, undefined, {
    parseNumber: (digits) => (isSafeNumber(digits) ? 0 : new RoundedNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
  const errors = [...problems(document, '')];
  if (errors.length > 0) throw new RiskError('validation_failed', summary(errors), { errors });
}

function* problems(value: unknown, pointer: string): Generator<FieldProblem> {
  if (value instanceof RoundedNumber) {
    const detail = `expected a number that a double holds exactly (any of up to 15 digits) or text, got ${value.digits}`;
    yield { pointer, code: 'too_precise', detail };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      yield* problems(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  }
}

function summary(errors: readonly FieldProblem[]): string {
  return errors.length === 1 ? errors[0]!.detail : `${errors.length} fields are wrong`;
}
