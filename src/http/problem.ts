import { ERROR_CODES, type RiskError } from '../risk/errors.js';
import type { Problem } from './problem.schema.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of every error. */
export function problemDocument(error: RiskError, { requestId, url }: { requestId: string; url: string }): Problem {
  const [status, title] = ERROR_CODES[error.code];
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.message && { detail: error.message }),
    request_id: requestId,
    instance: url.split('?')[0]!,
    ...(error.details.errors && { errors: [...error.details.errors] }),
    ...error.details.members,
  };
}
