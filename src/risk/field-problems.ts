import type { z } from 'zod';
import type { FieldProblem } from './errors.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const KINDS: Record<string, string> = {
  object: 'an object',
  array: 'an array',
  int: 'an integer',
  record: 'an object',
};

/** One problem for each thing that is wrong, naming the field, what was expected and what was got. */
export function fieldProblems(error: z.core.$ZodError, input: unknown, base: Path = []): FieldProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, input, base));
}

function problemsOf(issue: Issue, input: unknown, base: Path): FieldProblem[] {
  const path = [...base, ...issue.path];
  const got = valueAt(input, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...path, key]),
      code: 'unknown_field',
      detail: `expected no field of this name, got ${shown(valueAt(input, [...path, key]))}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const name = path.at(-1);
    return issue.issues.map((inner) => ({
      pointer: pointer(path),
      code: codeOf(inner, name),
      detail: `${expected(inner)} in the name, got ${shown(name)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors);
    if (nearest) return nearest.flatMap((inner) => problemsOf(inner, input, path));
  }
  return [{ pointer: pointer(path), code: codeOf(issue, got), detail: `${expected(issue)}, got ${shown(got)}` }];
}

function codeOf(issue: Issue, got: unknown): string {
  if (got === undefined) return 'required';
  return issue.code === 'custom' ? 'invalid_value' : issue.code;
}

/** The alternative the input came closest to: the one that got furthest into the value, then the one with the fewest problems. */
function nearestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) => Math.max(...issues.map((issue) => issue.path.length));
  const best = [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  return best && depth(best) > 0 ? best : undefined;
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
    case 'too_small':
      return `expected ${bound(issue.origin, issue.inclusive ? '>=' : '>', issue.minimum, 'at least')}`;
    case 'too_big':
      return `expected ${bound(issue.origin, issue.inclusive ? '<=' : '<', issue.maximum, 'at most')}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union': {
      const kinds = issue.errors.flat().map((inner) => expected(inner).replace('expected ', ''));
      return kinds.length > 0 ? `expected ${[...new Set(kinds)].join(' or ')}` : 'expected another value';
    }
    default:
      return issue.message.startsWith('expected') ? issue.message : `expected another value (${issue.message})`;
  }
}

function bound(origin: string, sign: string, limit: number | bigint, words: string): string {
  if (origin === 'string') return `${words} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `${words} ${limit} item${limit === 1 ? '' : 's'}`;
  return `a number ${sign} ${limit}`;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

/** RFC 6901. */
function pointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const SHOWN_LENGTH_MAX = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}
