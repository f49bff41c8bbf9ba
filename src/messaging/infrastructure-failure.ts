import { types } from 'node:util';
import { DatabaseUnavailableError } from '../database/unavailable.js';
import { RiskError } from '../risk/errors.js';
import { MessageNotSentError } from './ports.js';

const TEMPORARY_CODES: ReadonlySet<string> = new Set(['dependency_unavailable', 'not_ready', 'not_owner']);
/** 40 rolled back by a conflict or deadlock, 55 object in use: the statement is right and will pass later. */
const PASSING_SQL_STATES = /^(40|55)...$/;

/** True where the message is not to blame: the same work will succeed once what it needs is back. */
export function isInfrastructureFailure(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  // The handler's own output may be at fault, which no retry mends.
  if (error instanceof MessageNotSentError) return error.code !== 'record_too_large';
  if (error instanceof RiskError) return TEMPORARY_CODES.has(error.code);
  return types.isNativeError(error) && 'code' in error && PASSING_SQL_STATES.test(String(error.code));
}

/** What went wrong, in one line. */
export const failureReason = (error: unknown): string =>
  types.isNativeError(error) ? `${error.name}: ${error.message}` : String(error);
