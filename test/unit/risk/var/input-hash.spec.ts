import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { inputHash } from '../../../../src/risk/var/input-hash.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('the hash of the inputs', () => {
  it('is SHA-256 of the JSON with sorted keys, at every depth', () => {
    expect(inputHash({ b: [{ z: 1, y: null }], a: 'x' })).toBe(sha256('{"a":"x","b":[{"y":null,"z":1}]}'));
  });

  it('does not depend on the order in which fields came', () => {
    const value = fc.object({ maxDepth: 3, key: fc.string({ minLength: 1, maxLength: 5 }), withNullPrototype: false });
    fc.assert(
      fc.property(value, (one) => {
        expect(inputHash(reversed(one))).toBe(inputHash(one));
      }),
    );
  });

  it('depends on the order of a list, on every value, and on the type', () => {
    const hashes = [
      {
        positions: [
          ['AAPL', 1],
          ['GE', 2],
        ],
      },
      {
        positions: [
          ['GE', 2],
          ['AAPL', 1],
        ],
      },
      {
        positions: [
          ['AAPL', 1],
          ['GE', 2.0000000000000004],
        ],
      },
      {
        positions: [
          ['AAPL', 1],
          ['GE', '2'],
        ],
      },
      {
        positions: [
          ['AAPL', 1],
          ['GE', 2],
        ],
        equity: null,
      },
    ].map(inputHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('takes a field that is undefined as absent', () => {
    expect(inputHash({ a: 1, b: undefined })).toBe(inputHash({ a: 1 }));
  });
});

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
