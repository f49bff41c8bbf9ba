import { requireExactNumbers } from '../../../src/http/exact-numbers.js';
import type { FieldProblem, RiskError } from '../../../src/risk/errors.js';

function problemsOf(text: string): readonly FieldProblem[] {
  try {
    requireExactNumbers(text);
  } catch (error) {
    return (error as RiskError).details.errors ?? [];
  }
  return [];
}

describe('numbers of a body', () => {
  it.each([
    '123456789012345',
    '-0.123456789012345',
    '9007199254740991',
    '0.30000000000000004',
    '1.50',
    '1E5',
    '0.0000000000000000000001',
    '"12345678901234567890"',
  ])('takes %s', (text) => {
    expect(problemsOf(`{"value":${text}}`)).toEqual([]);
    expect(JSON.parse(text)).toBe(JSON.parse(JSON.stringify(JSON.parse(text))));
  });

  it.each([
    '9007199254740993',
    '12345678901234567890',
    '0.12345678901234567890',
    '1.0000000000000000001',
    '1e400',
    '1e-400',
  ])('refuses %s, naming the field', (text) => {
    expect(problemsOf(`{"a":[{"b/c":${text}}]}`)).toEqual([
      { pointer: '/a/0/b~1c', code: 'too_precise', detail: expect.stringContaining(`got ${text}`) },
    ]);
  });

  it('names each of them, whatever the fields are called', () => {
    const big = '12345678901234567890';
    const text = `{"__proto__":{"x":${big}},"constructor":${big},"twice":1,"twice":${big}}`;
    expect(problemsOf(text).map(({ pointer }) => pointer)).toEqual(['/__proto__/x', '/constructor', '/twice']);
  });
});
