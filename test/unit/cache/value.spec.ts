import { frozenValue, UncacheableValueError, withOwnArrays } from '../../../src/cache/value.js';

const cyclic: Record<string, unknown> = {};
cyclic['self'] = { again: cyclic };
class Price {
  amount = 1;
}
let deep: unknown = 1;
for (let i = 0; i < 20_000; i++) deep = [deep];

describe('what is cached', () => {
  it.each([
    ['NaN', { a: Number.NaN }, 'NaN at /a'],
    ['Infinity', [1, Number.POSITIVE_INFINITY], 'Infinity at /1'],
    ['undefined', undefined, 'undefined at /'],
    ['an undefined field', { a: { b: undefined } }, 'undefined at /a/b'],
    ['a Map', { m: new Map() }, 'a Map at /m'],
    ['a Set', new Set(), 'a Set at /'],
    ['a Date', { at: new Date() }, 'a Date at /at'],
    ['a BigInt', { n: 1n }, 'a bigint at /n'],
    ['a class', { price: new Price() }, 'a Price at /price'],
    ['an Error', new TypeError('x'), 'a TypeError at /'],
    ['a Buffer', Buffer.from('x'), 'a Buffer at /'],
    ['a function', { f: () => 1 }, 'a function at /f'],
    ['a symbol', Symbol('s'), 'a symbol at /'],
    ['a symbol as key', { [Symbol('s')]: 1 }, 'a symbol as key at /'],
    ['a cycle', cyclic, 'a cycle at /self/again'],
    ['a gap', Array(3), 'an array with gaps or fields at /'],
    ['an array with a field', Object.assign([1], { x: 1 }), 'an array with gaps or fields at /'],
    ['no prototype', Object.create(null), 'a object without prototype at /'],
    ['too deep', deep, 'more than 200 levels'],
    ['big numbers', new BigInt64Array(1), 'a BigInt64Array at /'],
  ])('cannot be %s', (_, value, message) => {
    expect(() => frozenValue(value)).toThrow(UncacheableValueError);
    expect(() => frozenValue(value)).toThrow(message);
  });

  it.each([null, true, 0, -1.5e-300, 'ü\ud800|', [], {}, [[null]], { a: [{ b: 'c' }], ['__proto__']: { x: 1 } }])(
    'may be %j',
    (value) => {
      const { value: copy, isJson } = frozenValue(value);
      expect([copy, isJson]).toEqual([value, true]);
      expect(JSON.parse(JSON.stringify(copy))).toEqual(value);
    },
  );

  it('is a frozen copy: neither its maker nor a reader can change it', () => {
    const given = { list: [{ price: 1 }] };
    const { value } = frozenValue(given);
    given.list[0]!.price = 2;
    given.list.push({ price: 3 });
    expect(value).toEqual({ list: [{ price: 1 }] });
    const read = value as typeof given;
    expect(() => read.list.push({ price: 4 })).toThrow(TypeError);
    expect(() => {
      read.list[0]!.price = 4;
    }).toThrow(TypeError);
  });

  it('knows that JSON has no −0 and no arrays of numbers', () => {
    expect(frozenValue({ zero: -0 })).toMatchObject({ isJson: false, hasArrays: false });
    expect(frozenValue([Float64Array.of(1)])).toMatchObject({ isJson: false, hasArrays: true });
  });

  it('gives every reader arrays of numbers of its own', () => {
    const shared = new Float64Array(new SharedArrayBuffer(16)).fill(7);
    const { value } = frozenValue({ columns: [shared] });
    shared[0] = 1;
    const one = withOwnArrays(value) as { columns: Float64Array[] };
    one.columns[0]![0] = 2;
    expect(withOwnArrays(value)).toEqual({ columns: [Float64Array.of(7, 7)] });
  });
});
