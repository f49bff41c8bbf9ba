import fc from 'fast-check';
import { z } from 'zod';
import { always } from '../../../src/risk/cross-field.schema.js';
import { fieldProblems } from '../../../src/risk/field-problems.js';
import { decimal, symbol } from '../../../src/risk/wire.schema.js';

/** `pointer code: detail` for each problem, sorted by nothing: the order is that of the schema. */
function problems(schema: z.ZodType, input: unknown): string[] {
  const parsed = schema.safeParse(input);
  if (parsed.success) return [];
  return fieldProblems(parsed.error, input).map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`);
}

const order = z
  .strictObject({
    symbol,
    quantity: decimal({ gt: 0 }),
    order_type: z.enum(['LIMIT', 'MARKET']),
    price: decimal({ gt: 0 }).optional(),
    lots: z
      .array(z.strictObject({ size: z.int().min(1) }))
      .max(3)
      .optional(),
    reduce_only: z.boolean().default(false),
  })
  .refine(({ order_type, price }) => order_type !== 'LIMIT' || price !== undefined, {
    error: 'expected a price with the order type LIMIT',
    path: ['price'],
    ...always,
  });
const good = { symbol: 'AAPL', quantity: '100', order_type: 'MARKET' };

describe('problems of a request', () => {
  it('are none for a good one', () => {
    expect(problems(order, good)).toEqual([]);
  });

  it('read as the example in the wire contract: expected a number > 0, got -5', () => {
    const parsed = order.safeParse({ ...good, quantity: -5 });
    expect(fieldProblems(parsed.error!, { ...good, quantity: -5 })).toEqual([
      { pointer: '/quantity', code: 'too_small', detail: 'expected a number > 0, got -5' },
    ]);
  });

  it('tell a missing field from a wrong one', () => {
    expect(problems(order, {})).toEqual([
      '/symbol required: expected a string, got nothing',
      '/quantity required: expected a decimal number, got nothing',
      '/order_type required: expected "LIMIT" or "MARKET", got nothing',
    ]);
    expect(problems(order, { symbol: null, quantity: null, order_type: null })).toEqual([
      '/symbol invalid_type: expected a string, got null',
      '/quantity invalid_value: expected a decimal number, got null',
      '/order_type invalid_value: expected "LIMIT" or "MARKET", got null',
    ]);
  });

  it('are all reported at once: fields, unknown fields and rules across fields', () => {
    expect(
      problems(order, {
        symbol: 'AA PL',
        quantity: 'many',
        order_type: 'LIMIT',
        reduce_only: 'no',
        lots: [{ size: 1 }, { size: '2', note: 'x' }, { size: 0 }],
        colour: 'red',
        'a/b~c': [1, 2],
      }),
    ).toEqual([
      '/symbol invalid_format: expected a symbol of letters, digits and ^ . _ : / = @ + -, got "AA PL"',
      '/quantity invalid_value: expected a finite decimal number, got "many"',
      '/lots/1/size invalid_type: expected a number, got "2"',
      '/lots/1/note unknown_field: expected no field of this name, got "x"',
      '/lots/2/size too_small: expected a number >= 1, got 0',
      '/reduce_only invalid_type: expected a boolean, got "no"',
      '/colour unknown_field: expected no field of this name, got "red"',
      '/a~1b~0c unknown_field: expected no field of this name, got an array of 2',
      '/price required: expected a price with the order type LIMIT, got nothing',
    ]);
  });

  it('of rules across fields stand beside a decimal of the wrong type', () => {
    expect(problems(order, { ...good, order_type: 'LIMIT', quantity: null })).toEqual([
      '/quantity invalid_value: expected a decimal number, got null',
      '/price required: expected a price with the order type LIMIT, got nothing',
    ]);
  });

  it('do not look into a list that is too long', () => {
    expect(problems(order, { ...good, lots: Array(4).fill({ size: 'x' }) })).toEqual([
      '/lots too_big: expected at most 3 items, got an array of 4',
    ]);
  });

  it('name the body itself with the empty pointer, and nothing else where there is no object', () => {
    for (const [body, got] of [
      [null, 'null'],
      [undefined, 'nothing'],
      [[], 'an array of 0'],
      ['text', '"text"'],
      [7, '7'],
    ] as const) {
      const code = body === undefined ? 'required' : 'invalid_type';
      expect(problems(order, body)).toEqual([` ${code}: expected an object, got ${got}`]);
    }
  });

  it('escape a pointer as RFC 6901 says: ~ before /', () => {
    const schema = z.record(z.string(), z.number());
    // RFC 6901 §5 has these two names: "/a~1b" is the member a/b, "/m~0n" the member m~n.
    expect(problems(schema, { 'a/b': 'x' })).toEqual(['/a~1b invalid_type: expected a number, got "x"']);
    expect(problems(schema, { 'm~n': 'x' })).toEqual(['/m~0n invalid_type: expected a number, got "x"']);
    expect(problems(schema, { '~1': 'x' })).toEqual(['/~01 invalid_type: expected a number, got "x"']);
  });

  it('point where following the pointer finds the value again', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (names) => {
        fc.pre(names.every((name) => name !== '__proto__'));
        let schema: z.ZodType = z.number();
        let input: unknown = 'wrong';
        for (const name of [...names].reverse()) {
          schema = z.strictObject({ [name]: schema });
          input = { [name]: input };
        }
        const [problem] = fieldProblems(schema.safeParse(input).error!, input);
        let found = input;
        for (const token of problem!.pointer.split('/').slice(1)) {
          found = (found as Record<string, unknown>)[token.replaceAll('~1', '/').replaceAll('~0', '~')];
        }
        expect(found).toBe('wrong');
      }),
    );
  });

  describe('of alternatives', () => {
    const level = z.number().gt(0.5).lt(1);
    const levels = z.strictObject({ level: z.union([level, z.array(level).min(1)]) });

    it('name the alternative that the value has the type of', () => {
      expect(problems(levels, { level: 95 })).toEqual(['/level too_big: expected a number < 1, got 95']);
      expect(problems(levels, { level: [0.9, 2] })).toEqual(['/level/1 too_big: expected a number < 1, got 2']);
      expect(problems(levels, { level: [] })).toEqual([
        '/level too_small: expected at least 1 item, got an array of 0',
      ]);
    });

    it('name all of them where the value is none', () => {
      expect(problems(levels, { level: '0.95' })).toEqual([
        '/level invalid_union: expected a number or an array, got "0.95"',
      ]);
      expect(problems(levels, {})).toEqual(['/level required: expected a number or an array, got nothing']);
    });

    it('of objects follow the one that got furthest', () => {
      const either = z.union([
        z.strictObject({ a: z.strictObject({ b: z.number() }) }),
        z.strictObject({ c: z.number() }),
      ]);
      expect(problems(either, { a: { b: 'x' } })).toEqual(['/a/b invalid_type: expected a number, got "x"']);
    });
  });

  it('cut a long value, and never print an object', () => {
    const schema = z.strictObject({ a: z.number(), b: z.number(), c: z.number() });
    const [a, b, c] = problems(schema, { a: 'x'.repeat(10_000), b: { secret: 1 }, c: Array(500).fill(0) });
    expect(a).toBe(`/a invalid_type: expected a number, got "${'x'.repeat(79)}…`);
    expect(b).toBe('/b invalid_type: expected a number, got an object');
    expect(c).toBe('/c invalid_type: expected a number, got an array of 500');
  });

  it('state bounds of texts and numbers as the reader counts them', () => {
    const schema = z.strictObject({
      name: z.string().min(2).max(3),
      limit: z.coerce.number().int().min(1).max(500),
      share: z.number().gte(0).lte(1),
    });
    expect(problems(schema, { name: 'a', limit: '501', share: -0.1 })).toEqual([
      '/name too_small: expected at least 2 characters, got "a"',
      '/limit too_big: expected a number <= 500, got "501"',
      '/share too_small: expected a number >= 0, got -0.1',
    ]);
    expect(problems(schema, { name: 'abcd', limit: 'ten', share: 1.1 })).toEqual([
      '/name too_big: expected at most 3 characters, got "abcd"',
      '/limit invalid_type: expected a number, got "ten"',
      '/share too_big: expected a number <= 1, got 1.1',
    ]);
  });
});
