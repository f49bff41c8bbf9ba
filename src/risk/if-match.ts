import { type FieldProblem, RiskError } from './errors.js';

/** The version that a request with `If-Match: 7` (or `"7"`) has seen; undefined without the header or for `*`. */
export function versionSeen(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const digits = /^"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (digits !== undefined) return Number(digits);
  const detail = `expected the header If-Match to be a version such as 7, got ${JSON.stringify(header.slice(0, 80))}`;
  throw new RiskError('validation_failed', detail, { errors: [ifMatchProblem('invalid_format', detail)] });
}

/** What is wrong with the header. */
export function ifMatchProblem(code: string, detail: string): FieldProblem {
  return { pointer: '/if-match', in: 'header', code, detail };
}

/** Refuses to change another version than the one that was seen; undefined: whatever there is. */
export function refuseOtherVersion(stored: number, seen: number | undefined): void {
  if (seen === undefined || seen === stored) return;
  const detail = `expected version ${stored}, got ${seen}`;
  throw new RiskError('version_conflict', detail, {
    errors: [ifMatchProblem('version_conflict', detail)],
    members: { version: stored },
  });
}
