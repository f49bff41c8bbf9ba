import { type Entry, fromText, toText } from '../../../src/cache/envelope.js';
import { frozenValue } from '../../../src/cache/value.js';

const NOW = Date.UTC(2026, 0, 5);
const KEY = 'manual:1:k';
const anEntry = (value: unknown, times: Partial<Entry> = {}): Entry => ({
  ...frozenValue(value),
  stamp: NOW * 1_000,
  createdMs: NOW,
  expiresMs: NOW + 60_000,
  ...times,
});

describe('the text of an entry', () => {
  it.each([
    null,
    'a|b|"',
    '',
    'two\nlines, € and 📈',
    'half of one: \ud83d',
    { a: [1, -2.5e-7] },
    -0,
    { z: -0 },
    { f: Float64Array.of(1, Number.NaN), i: Int32Array.of(1) },
  ])('brings back exactly %p', (value) => {
    const text = toText(KEY, anEntry(value));
    expect(text.startsWith('v1|')).toBe(true);
    expect(fromText(KEY, text, NOW)).toEqual(anEntry(value));
  });

  const text = toText(KEY, anEntry({ amount: '1250.50' }));

  it('is of no use under another key, cut off at any place, or with any character changed', () => {
    expect(fromText('manual:1:other', text, NOW)).toBeUndefined();
    for (let at = 0; at < text.length; at++) {
      expect(fromText(KEY, text.slice(0, at), NOW)).toBeUndefined();
      const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      expect([at, fromText(KEY, flipped, NOW)]).toEqual([at, undefined]);
    }
  });

  it.each([
    undefined,
    null,
    7,
    '',
    '{}',
    'v1|',
    `v2${text.slice(2)}`,
    '_function_f|function f(){}',
    '_symbol_x',
    '_regexp_|x',
    '_date_2026-01-05T00:00:00.000Z',
    '_duplicate_[""]',
  ])('of somebody else is none: %p', (other) => {
    expect(fromText(KEY, other, NOW)).toBeUndefined();
  });

  it('ends with its time, and does not come from the future: a clock that went back brings nothing to life', () => {
    expect(fromText(KEY, text, NOW + 59_999)).toBeDefined();
    expect(fromText(KEY, text, NOW + 60_000)).toBeUndefined();
    expect(fromText(KEY, text, NOW - 5_000)).toBeDefined();
    expect(fromText(KEY, text, NOW - 5_001)).toBeUndefined();
  });

  it('cannot live longer than seven days, whatever it says', () => {
    const endless = toText(KEY, anEntry(1, { expiresMs: NOW + 604_800_001 }));
    expect(fromText(KEY, endless, NOW)).toBeUndefined();
  });
});
