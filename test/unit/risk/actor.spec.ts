import { actorOf } from '../../../src/risk/actor.js';
import { RiskError } from '../../../src/risk/errors.js';
import { refuseOtherVersion } from '../../../src/risk/if-match.js';

function refusalOf(act: () => unknown): RiskError {
  try {
    act();
  } catch (error) {
    if (error instanceof RiskError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('who acts', () => {
  it.each([['ops'], ['Ann Smith <ann@example.com>'], ['x'.repeat(100)]])('is named by X-Actor: %s', (name) => {
    expect(actorOf(name)).toBe(name);
  });

  it.each([[undefined], [''], [' '], [' ops'], ['o\tps'], ['caf\u00e9'], ['x'.repeat(101)]])(
    'is not named by %j',
    (name) => {
      const { code, status, details } = refusalOf(() => actorOf(name));
      expect([code, status]).toEqual(['actor_required', 400]);
      expect(details.errors).toEqual([
        expect.objectContaining({
          pointer: '/x-actor',
          in: 'header',
          code: name === undefined ? 'required' : 'invalid_format',
        }),
      ]);
    },
  );
});

describe('the version that was seen', () => {
  it('must be the stored one, where it is named', () => {
    expect(() => refuseOtherVersion(7, 7)).not.toThrow();
    expect(() => refuseOtherVersion(7, undefined)).not.toThrow();
    const { code, status, details } = refusalOf(() => refuseOtherVersion(7, 6));
    expect([code, status, details.members]).toEqual(['version_conflict', 409, { version: 7 }]);
  });
});
