import { AccountsRepository } from '../../src/database/accounts.repository.js';
import { PositionsRepository } from '../../src/database/positions.repository.js';
import { SystemClock } from '../../src/risk/clock.js';
import { AccountsService } from '../../src/risk/portfolio/accounts.service.js';
import { anAccount, aPosition } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { liveBookOn } from '../support/live-book.js';

describeOnBothDatabases('accounts', (open) => {
  let accounts: AccountsService;
  let positions: PositionsRepository;

  beforeAll(async () => {
    const live = await liveBookOn(open(), new SystemClock());
    await live.open();
    accounts = new AccountsService(new AccountsRepository(open()), live.book);
    positions = new PositionsRepository(open());
  });

  const hold = (accountId: string, symbols: readonly string[]) =>
    positions.replace(accountId, symbols, () => ({
      asOf: new Date(),
      positions: symbols.map((symbol) => aPosition({ symbol })),
    }));

  it('are created and replaced as a whole', async () => {
    const created = await accounts.put(
      'acc_1',
      anAccount({ account_type: 'MARGIN', equity: '1000000.50', cash: '-3' }),
    );
    expect(created).toMatchObject({
      account_id: 'acc_1',
      kind: 'ACCOUNT',
      parent_id: null,
      account_type: 'MARGIN',
      currency: 'USD',
      equity: '1000000.5',
      cash: '-3',
    });
    expect(await accounts.get('acc_1')).toEqual(created);
    const replaced = await accounts.put('acc_1', anAccount());
    expect(replaced).toMatchObject({ account_type: 'CASH', equity: null, cash: null, created_at: created.created_at });
  });

  it('are listed by id in pages, and by kind and parent', async () => {
    await accounts.put('list_desk', anAccount({ kind: 'DESK' }));
    for (const id of ['list_b', 'list_C', 'list_a']) await accounts.put(id, anAccount({ parent_id: 'list_desk' }));
    const ids = (list: { data: { account_id: string }[] }) => list.data.map(({ account_id }) => account_id);
    const first = await accounts.list({ limit: 2, parent_id: 'list_desk' });
    expect([ids(first), first.next_cursor]).toEqual([['list_C', 'list_a'], 'list_a']);
    const second = await accounts.list({ limit: 2, parent_id: 'list_desk', cursor: 'list_a' });
    expect([ids(second), second.next_cursor]).toEqual([['list_b'], null]);
    expect(ids(await accounts.list({ limit: 50, kind: 'DESK' }))).toContain('list_desk');
    expect(ids(await accounts.list({ limit: 50, kind: 'DESK' }))).not.toContain('list_a');
  });

  it('refuse an unknown parent and leave nothing behind', async () => {
    await expect(accounts.put('orphan', anAccount({ parent_id: 'nobody' }))).rejects.toMatchObject({
      code: 'account_not_found',
      details: { errors: [{ pointer: '/parent_id' }] },
    });
    await expect(accounts.get('orphan')).rejects.toMatchObject({ code: 'account_not_found' });
  });

  it('refuse a cycle over several levels', async () => {
    await accounts.put('deep_0', anAccount({ kind: 'DESK' }));
    for (const level of [1, 2, 3]) {
      await accounts.put(`deep_${level}`, anAccount({ kind: 'DESK', parent_id: `deep_${level - 1}` }));
    }
    await expect(accounts.put('deep_0', anAccount({ kind: 'DESK', parent_id: 'deep_3' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(accounts.put('deep_2', anAccount({ kind: 'DESK', currency: 'EUR' }))).rejects.toMatchObject({
      code: 'currency_mismatch',
    });
  });

  it('never close a cycle when two desks are put below one another at once', async () => {
    for (let round = 0; round < 5; round++) {
      const [left, right] = [`left_${round}`, `right_${round}`];
      await accounts.put(left, anAccount({ kind: 'DESK' }));
      await accounts.put(right, anAccount({ kind: 'DESK' }));
      const outcomes = await Promise.allSettled([
        accounts.put(left, anAccount({ kind: 'DESK', parent_id: right })),
        accounts.put(right, anAccount({ kind: 'DESK', parent_id: left })),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('are deleted with their positions, but not while others stand below', async () => {
    await accounts.put('gone_desk', anAccount({ kind: 'DESK' }));
    await accounts.put('gone', anAccount({ parent_id: 'gone_desk' }));
    await hold('gone', ['AAPL', 'GE']);
    await expect(accounts.delete('gone_desk')).rejects.toMatchObject({ code: 'conflict' });
    await accounts.delete('gone');
    await accounts.delete('gone_desk');
    expect(await positions.find('gone')).toBeUndefined();
    await expect(accounts.delete('gone')).rejects.toMatchObject({ code: 'account_not_found' });
    await accounts.put('gone', anAccount());
    expect(await positions.find('gone')).toMatchObject({ version: 0, positions: [] });
  });

  it('keep kind and currency while they hold positions, also those written at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const id = `holder_${round}`;
      await accounts.put(id, anAccount());
      const [written, changed] = await Promise.allSettled([
        hold(id, ['AAPL']),
        accounts.put(id, anAccount({ kind: 'DESK' })),
      ]);
      expect(written.status).toBe('fulfilled'); // `hold` asks no rules
      const { kind } = await accounts.get(id);
      expect(kind).toBe(changed.status === 'fulfilled' ? 'DESK' : 'ACCOUNT');
      await expect(accounts.put(id, anAccount({ currency: 'EUR' }))).rejects.toMatchObject({
        code: 'currency_mismatch',
      });
    }
  });
});
