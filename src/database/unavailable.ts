import { types } from 'node:util';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { DatabaseError } from 'pg';

/**
 * The database could not be asked: connection lost or refused, server stopping, out of resources, or a time limit passed.
 * HTTP answers 503 `dependency_unavailable`; a consumer retries later.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';

  /** `outcomeUnknown`: the connection was lost while a write or its commit was under way, so it may have been stored. */
  constructor(
    reason: string,
    readonly outcomeUnknown: boolean,
    options?: ErrorOptions,
  ) {
    super(`The database is not available: ${reason}`, options);
  }
}

/** The start must not go on: no retry mends a directory in use, a server too old or a schema of a later version. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
}

/** For people: what the system says names its own calls and addresses. */
const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: 'no server listens at its address',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
};

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// 08 connection, 53 resources, 57P0x stopping or starting, 58 system; 57014 is the statement timeout, 25006 a server that became a standby.
const SQL_STATES = /^(08...|53...|57P0[1-5]|58...|57014|25006)$/;
const DRIVER_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end|Client was closed)/;

/** True for a failure of the connection or the server, false for an error of the statement. */
export function isUnavailable(error: unknown): boolean {
  const attempts = attemptsOf(error);
  if (attempts.length > 0) return attempts.some(isUnavailable);
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return NETWORK_CODES.has(code) || SQL_STATES.test(code) || DRIVER_MESSAGES.test(error.message);
}

/** True where the connection itself is still fit for use: the server answered with an error of this statement only. */
export function leavesConnectionUsable(error: unknown): boolean {
  return error instanceof DatabaseError ? !/^(08...|57P..)$/.test(error.code ?? '') : !isUnavailable(error);
}

/** Drizzle wraps what the driver said; the driver's error carries the SQL state and no parameters. */
export function driverError(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause ? error.cause : error;
}

export function reasonOf(error: unknown): string {
  const attempts = attemptsOf(error);
  if (attempts.length > 0) return [...new Set(attempts.map(reasonOf))].join('; ');
  if (!types.isNativeError(error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return NETWORK_WORDS[code] ?? (error.message || error.name);
}

/** A host name with several addresses fails with an AggregateError whose own message is empty. */
function attemptsOf(error: unknown): readonly unknown[] {
  return types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}
