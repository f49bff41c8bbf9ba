import { versionSeen } from '../../../../src/risk/if-match.js';

describe('the header If-Match', () => {
  it('names the version that was seen, with quotes or without', () => {
    expect([versionSeen('7'), versionSeen('"7"'), versionSeen('0')]).toEqual([7, 7, 0]);
  });

  it('asks for nothing when it is absent or a star', () => {
    expect([versionSeen(undefined), versionSeen('*')]).toEqual([undefined, undefined]);
  });

  it.each(['', 'seven', '-1', '7, 8', 'W/"7"', '7"x'])('is refused as %j', (header) => {
    const detail = `expected the header If-Match to be a version such as 7, got ${JSON.stringify(header)}`;
    const errors = [{ pointer: '/if-match', in: 'header', code: 'invalid_format', detail }];
    expect(() => versionSeen(header)).toThrow(
      expect.objectContaining({ code: 'validation_failed', message: detail, details: { errors } }),
    );
  });
});
