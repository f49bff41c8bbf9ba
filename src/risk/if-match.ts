import { RiskError } from './errors.js';

/** The version that a request with `If-Match: 7` (or `"7"`) has seen; undefined without the header or for `*`. */
export function versionSeen(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const digits = /^"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (digits !== undefined) return Number(digits);
  const detail = `expected a version such as 7, got ${JSON.stringify(header.slice(0, 80))}`;
  throw new RiskError('validation_failed', detail, {
    errors: [{ pointer: '/if-match', in: 'header', code: 'custom', detail }],
  });
}
