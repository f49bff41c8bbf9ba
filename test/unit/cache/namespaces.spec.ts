import fc from 'fast-check';
import { cacheKey, callersKey, NAMESPACES, namespaceOf } from '../../../src/cache/namespaces.js';

describe('keys', () => {
  it.each([
    ['latest_risk_metrics', 'latest_risk_metrics', 'latest_risk_metrics:1:#'],
    ['latest_risk_metrics:acc_1', 'latest_risk_metrics', 'latest_risk_metrics:1:acc_1'],
    ['manual:a:b', 'manual', 'manual:1:a:b'],
    ['prices', 'default', 'default:1:prices'],
    ['toString:x', 'default', 'default:1:toString:x'],
    ['default:x', 'default', 'default:1:default:x'],
    ['manual:ü', 'manual', 'manual:1:#'],
    ['', 'default', 'default:1:#'],
  ])('%p belongs to %s', (key, namespace, stored) => {
    expect(cacheKey(key)).toMatchObject({ namespace, stored: expect.stringMatching(`^${stored}`) });
  });

  it('of any length and any characters are stored as short ASCII, each its own', () => {
    const stored = new Map<string, string>();
    const keys = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('manual', 'manual:', 'manual:#', '\ud800', '\ud801'),
    );
    fc.assert(
      fc.property(keys, (key) => {
        const known = cacheKey(key);
        expect(known.stored).toMatch(/^[\x21-\x7e]{1,200}$/);
        expect(namespaceOf(known.stored)).toBe(known.namespace);
        expect(stored.get(known.stored) ?? key).toBe(key);
        stored.set(known.stored, key);
        expect([key, undefined]).toContain(callersKey(known.stored));
      }),
      { numRuns: 500 },
    );
    expect(cacheKey(`manual:${'x'.repeat(1_000_000)}`).stored).toHaveLength('manual:1:#'.length + 64);
  });

  it('of metrics, analytics and scenarios live as long as the guide says', () => {
    expect(NAMESPACES.latest_risk_metrics.ttlSeconds).toBe(300);
    expect(NAMESPACES.analytics.ttlSeconds).toBe(1_800);
    expect(NAMESPACES.scenarios.ttlSeconds).toBe(1_800);
  });
});
