import { z } from 'zod';
import { parseDecimal } from '../decimal/decimal.js';

/** Field types that every slice shares: what a symbol, a decimal, a date is on the wire. */

/** As `parseDecimal` takes it, which also counts the digits. */
const DECIMAL_TEXT = '^\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?\\s*$';
const decimalIn = { anyOf: [{ type: 'number' }, { type: 'string', pattern: DECIMAL_TEXT }] };

type Bound = { gt?: number; gte?: number };

/** A decimal given as JSON number or text; inside the service it is canonical text (`150.00` is `150`). */
export function decimal({ gt, gte }: Bound = {}) {
  return z
    .custom<number | string>(
      (input) => typeof input === 'number' || typeof input === 'string',
      // By default a custom type that fails would keep the rules across fields from running.
      { error: 'expected a decimal number', abort: false },
    )
    .transform((input, context): string => {
      const parsed = parseDecimal(input);
      if ('problem' in parsed) {
        context.addIssue({ code: 'custom', message: parsed.problem, input });
        return z.NEVER;
      }
      const minimum = gt ?? gte;
      const value = Number(parsed.value);
      if (minimum !== undefined && (value < minimum || (value === gt && gte === undefined))) {
        context.addIssue({ code: 'too_small', origin: 'number', minimum, inclusive: gt === undefined, input });
      }
      return parsed.value;
    })
    .meta({ ...decimalIn, description: boundText({ gt, gte }) });
}

function boundText({ gt, gte }: Bound): string {
  const bound = gt !== undefined ? ` > ${gt}` : gte !== undefined ? ` >= ${gte}` : '';
  return `a decimal number${bound}, at most 15 digits before the point and 8 behind it`;
}

/** A whole number from `min` to `max`; zod's own integer would keep the rules across fields from running. */
export function integer(min: number, max: number) {
  return z
    .number()
    .min(min)
    .max(max)
    .refine(Number.isInteger, { error: 'expected an integer', abort: false })
    .meta({ type: 'integer' });
}

/** A decimal as the service answers it: computed money may be longer than what is accepted. */
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);

const id = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;
const idText = (what: string) => z.string().max(64).regex(id, `expected ${what} of letters, digits and . _ : / @ -`);

export const symbol = z
  .string()
  .max(32)
  .regex(/^[A-Za-z0-9^][A-Za-z0-9^._:/=@+-]*$/, 'expected a symbol of letters, digits and ^ . _ : / = @ + -');
export const accountId = idText('an id');
export const currency = z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD');

/** A calendar date that exists; there was no year 0. */
export const date = z.iso
  .date('expected a date such as 2009-12-31')
  .refine((text) => !text.startsWith('0000'), 'expected a date such as 2009-12-31');
/** An instant; answered in UTC. */
export const timestamp = z.iso.datetime({ offset: true, error: 'expected a time such as 2009-12-31T16:00:00Z' });

const REASON_LENGTH_MAX = 500;
/** Why a person does something, for those who read it later. */
export const reasonText = z
  .string()
  .min(1)
  .max(REASON_LENGTH_MAX)
  .regex(/\S/, 'expected a reason in words')
  // Not a pattern of the document: whoever reads it without the flag u would take \p{Cc} for the letters p, C and c.
  .refine((text) => !/\p{Cc}/u.test(text), 'expected a reason without control characters');

const SENDER_TIME_LENGTH_MAX = 40;
const ZONE = /(Z|[+-]\d\d:?\d\d)$/;

/**
 * The clock of whoever sends: UTC where it names no zone, as Python's isoformat() writes it; since 1970. Every order and
 * quote has one: one rule, and mostly without the calendar.
 */
export const senderTime = z.iso
  .datetime({ offset: true, local: true, error: 'expected a time such as 2009-12-31T16:00:00Z' })
  .overwrite((text) => (ZONE.test(text) ? text : `${text}Z`))
  .refine(
    (text) => text.length <= SENDER_TIME_LENGTH_MAX && (text > '1971' || !(Date.parse(text) < 0)),
    `expected a time since 1970 of at most ${SENDER_TIME_LENGTH_MAX} characters`,
  );

/** Query fields of a list; a cursor is the last id of the page before. */
export const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(200).optional(),
};

export const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() });
