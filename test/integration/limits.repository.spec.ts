import { LimitsRepository } from '../../src/database/limits.repository.js';
import { limits as table } from '../../src/database/schema.js';
import { refuseOtherVersion } from '../../src/risk/if-match.js';
import type { Target } from '../../src/risk/limits/level.js';
import type { Limits } from '../../src/risk/limits/limits.schema.js';
import { describeOnBothDatabases } from '../support/database.js';

const FIRST: Limits = { max_order_quantity: '100', symbols: { GE: { max_short_quantity: '0' } } };
const SECOND: Limits = { max_open_orders: 5, max_order_notional: '0.00000001', restricted_symbols: ['KO'] };
const anything = () => undefined;

describeOnBothDatabases('limits', (open) => {
  let limits: LimitsRepository;
  beforeAll(() => {
    limits = new LimitsRepository(open());
  });

  const put = (target: Target, wanted: Limits, actor = 'ops') =>
    limits.put(target, { limits: wanted, actor }, anything);

  it('are not there before anybody set them', async () => {
    expect(await limits.find({ level: 'FIRM', id: 'nothing' })).toBeUndefined();
    expect(await limits.changes({ level: 'FIRM', id: 'nothing' }, { limit: 10 })).toEqual([]);
  });

  it('are replaced as a whole, in a new version', async () => {
    const target: Target = { level: 'ACCOUNT', id: 'replaced' };
    expect(await put(target, FIRST)).toMatchObject({ version: 1, limits: FIRST, updatedBy: 'ops' });
    const second = await put(target, SECOND, 'boss');
    expect(second).toEqual({ version: 2, limits: SECOND, updatedBy: 'boss', updatedAt: expect.any(Date) });
    expect(await limits.find(target)).toEqual(second);
  });

  it('of one level are not those of another with the same id', async () => {
    await put({ level: 'TRADER', id: 'same' }, FIRST);
    expect(await limits.find({ level: 'ACCOUNT', id: 'same' })).toBeUndefined();
  });

  it('have every change written down, the newest first, in pages', async () => {
    const target: Target = { level: 'DESK', id: 'audited' };
    const stored = [await put(target, FIRST), await put(target, SECOND, 'boss'), await put(target, {})];
    await put({ level: 'DESK', id: 'other' }, FIRST);
    const [third, second, ...more] = await limits.changes(target, { limit: 1 });
    expect(more).toEqual([]);
    expect(third).toMatchObject({
      version: 3,
      before: SECOND,
      after: {},
      actor: 'ops',
      changedAt: stored[2]!.updatedAt,
    });
    const rest = await limits.changes(target, { limit: 5, cursor: String(third!.changeId) });
    expect(rest).toEqual([second, expect.objectContaining({ version: 1, before: null, after: FIRST })]);
    expect(second).toMatchObject({ version: 2, before: FIRST, after: SECOND, actor: 'boss' });
  });

  it('stay as they were where the version is refused, also the first ones', async () => {
    const target: Target = { level: 'INSTRUMENT', id: 'REFUSED' };
    const refused = limits.put(target, { limits: FIRST, actor: 'ops' }, (version) => refuseOtherVersion(version, 3));
    await expect(refused).rejects.toMatchObject({ code: 'version_conflict', details: { members: { version: 0 } } });
    expect(await open().run((db) => db.select().from(table))).not.toContainEqual(
      expect.objectContaining({ id: 'REFUSED' }),
    );
    expect(await limits.changes(target, { limit: 10 })).toEqual([]);
  });

  it('set by many at once get one version each, and only one of those who saw the same version wins', async () => {
    const target: Target = { level: 'FIRM', id: 'raced' };
    const versions = await Promise.all(Array.from({ length: 8 }, () => put(target, FIRST)));
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const seen = (version: number) => refuseOtherVersion(version, 8);
    const raced = await Promise.allSettled(
      Array.from({ length: 8 }, () => limits.put(target, { limits: SECOND, actor: 'ops' }, seen)),
    );
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await limits.find(target)).toMatchObject({ version: 9 });
    expect(await limits.changes(target, { limit: 100 })).toHaveLength(9);
  });
});
