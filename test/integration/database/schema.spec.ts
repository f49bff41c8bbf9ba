import { sql } from 'drizzle-orm';
import type { Database } from '../../../src/database/database.js';
import { accounts, closes, positions, priceChunks } from '../../../src/database/schema.js';
import { describeOnBothDatabases } from '../../support/database.js';

const account = (accountId: string) =>
  ({ accountId, kind: 'ACCOUNT', accountType: 'MARGIN', currency: 'USD' }) as const;

describeOnBothDatabases('the tables', (open) => {
  const insertPosition = (database: Database, quantity: string) =>
    database.run((db) => db.insert(positions).values({ accountId: 'a', symbol: `S${quantity}`, quantity }));

  beforeAll(async () => {
    await open().run((db) => db.insert(accounts).values(account('a')));
  });

  it('keep a quantity exactly as written', async () => {
    await insertPosition(open(), '-0.12345678901234567890123');
    const rows = await open().run((db) => db.select({ quantity: positions.quantity }).from(positions));
    expect(rows).toEqual([{ quantity: '-0.12345678901234567890123' }]);
  });

  it.each(['0', 'NaN', 'Infinity', '-Infinity'])('refuse a quantity of %s', async (quantity) => {
    await expect(insertPosition(open(), quantity)).rejects.toMatchObject({
      code: '23514',
      constraint: 'positions_quantity',
    });
  });

  it('refuse an account below a parent that does not exist', async () => {
    const orphan = open().run((db) => db.insert(accounts).values({ ...account('orphan'), parentId: 'nobody' }));
    await expect(orphan).rejects.toMatchObject({ code: '23503' });
  });

  it('drop the positions with their account', async () => {
    await open().run(async (db) => {
      await db.insert(accounts).values(account('short-lived'));
      await db.insert(positions).values({ accountId: 'short-lived', symbol: 'AAPL', quantity: '1' });
      await db.delete(accounts).where(sql`account_id = 'short-lived'`);
      expect(await db.select().from(positions).where(sql`account_id = 'short-lived'`)).toEqual([]);
    });
  });

  it('sort ids by code point', async () => {
    await open().run((db) => db.insert(accounts).values(['é', 'b', 'B', '_', 'A'].map(account)));
    const rows = await open().run((db) =>
      db.select({ id: accounts.accountId }).from(accounts).orderBy(accounts.accountId),
    );
    expect(rows.map(({ id }) => id)).toEqual(['A', 'B', '_', 'a', 'b', 'é']);
  });

  it('show one row per close through the view', async () => {
    // 2008-12-30 is day 14243 since 1970-01-01.
    await open().run((db) =>
      db
        .insert(priceChunks)
        .values({ symbol: 'GE', year: 2008, days: [14_243, 14_244], closes: [15.66, 16.2], version: 1 }),
    );
    expect(await open().run((db) => db.select().from(closes))).toEqual([
      { symbol: 'GE', date: '2008-12-30', close: 15.66 },
      { symbol: 'GE', date: '2008-12-31', close: 16.2 },
    ]);
  });

  it('refuse a chunk whose days and closes do not run in parallel', async () => {
    const chunk = { symbol: 'GE', year: 2009, days: [14_245], closes: [1, 2], version: 1 };
    await expect(open().run((db) => db.insert(priceChunks).values(chunk))).rejects.toMatchObject({
      constraint: 'price_chunks_parallel',
    });
  });
});
