import { DrizzleQueryError } from 'drizzle-orm/errors';
import { DatabaseError } from 'pg';
import { driverError, isUnavailable, leavesConnectionUsable, reasonOf } from '../../../src/database/unavailable.js';

const sqlError = (code: string) => Object.assign(new DatabaseError('said by the server', 1, 'error'), { code });
const networkError = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:5432`), { code });

describe('a failure of the database', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ENOENT', 'ETIMEDOUT'])(
    'is an absence when the network says %s',
    (code) => {
      expect(isUnavailable(networkError(code))).toBe(true);
    },
  );

  it.each(['08006', '53300', '53100', '57P01', '57P02', '57P03', '57014', '25006'])(
    'is an absence when the server says %s',
    (code) => {
      expect(isUnavailable(sqlError(code))).toBe(true);
    },
  );

  it.each(['Connection terminated unexpectedly', 'Query read timeout', 'timeout exceeded when trying to connect'])(
    'is an absence when the driver says "%s"',
    (message) => {
      expect(isUnavailable(new Error(message))).toBe(true);
    },
  );

  it.each(['23505', '23503', '23514', '40001', '40P01', '22P02', '42P01'])(
    'is an error of the statement when the server says %s',
    (code) => {
      expect(isUnavailable(sqlError(code))).toBe(false);
    },
  );

  it('spares the connection when only the statement was cancelled, and gives it up when the server is stopping', () => {
    expect(leavesConnectionUsable(sqlError('57014'))).toBe(true);
    expect(leavesConnectionUsable(sqlError('57P01'))).toBe(false);
    expect(leavesConnectionUsable(new Error('Query read timeout'))).toBe(false);
  });

  it('names every address tried when a host has several', () => {
    const tried = new AggregateError([networkError('ECONNREFUSED'), new Error('connect ECONNREFUSED ::1:5432')]);
    expect(reasonOf(tried)).toBe('no server listens at its address; connect ECONNREFUSED ::1:5432');
    expect(isUnavailable(tried)).toBe(true);
  });

  it("is the driver's own error, without the parameters that drizzle adds", () => {
    const cause = sqlError('23505');
    expect(driverError(new DrizzleQueryError('insert …', ['secret'], cause))).toBe(cause);
  });
});
