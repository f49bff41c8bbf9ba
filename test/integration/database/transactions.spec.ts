import { sql } from 'drizzle-orm';
import { type Database, queryOf } from '../../../src/database/database.js';
import { settings } from '../../../src/database/schema.js';
import { describeOnBothDatabases } from '../../support/database.js';

const storedKeys = async (database: Database) =>
  (await database.run((db) => db.select({ key: settings.key }).from(settings).orderBy(settings.key))).map(
    ({ key }) => key,
  );

describeOnBothDatabases('a transaction', (open) => {
  beforeEach(() => open().run((db) => db.delete(settings)));

  it('stores everything or nothing', async () => {
    const failed = open().transaction(async (db) => {
      await db.insert(settings).values({ key: 'half', value: 1 });
      throw new Error('the other half is missing');
    });
    await expect(failed).rejects.toThrow('the other half is missing');
    expect(await storedKeys(open())).toEqual([]);
  });

  it('is not reported as stored when one of its statements failed and the error was caught', async () => {
    const swallowed = open().transaction(async (db) => {
      await db.insert(settings).values({ key: 'kept?', value: 1 });
      await db.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(/rolled back/);
    expect(await storedKeys(open())).toEqual([]);
  });

  it('leaves the connection fit for the next one after a failed statement', async () => {
    const insert = () => open().run((db) => db.insert(settings).values({ key: 'once', value: 1 }));
    await insert();
    await expect(insert()).rejects.toMatchObject({ code: '23505' });
    expect(await storedKeys(open())).toEqual(['once']);
  });

  it('does not mix with the many others that run at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `t${String(index).padStart(2, '0')}`);
    await Promise.all(
      names.map((name, index) =>
        open()
          .transaction(async (db) => {
            await db.insert(settings).values({ key: `${name}.1`, value: index });
            const { rows } = await db.execute(sql`select ${index}::int as mine`);
            expect(rows).toEqual([{ mine: index }]);
            await db.insert(settings).values({ key: `${name}.2`, value: index });
            if (index % 2 === 1) throw new Error('odd ones fail');
          })
          .catch((error) => expect(error.message).toBe('odd ones fail')),
      ),
    );
    const even = names.filter((_, index) => index % 2 === 0);
    expect(await storedKeys(open())).toEqual(even.flatMap((name) => [`${name}.1`, `${name}.2`]));
  });
});

describeOnBothDatabases('a statement that comes again and again', (open) => {
  const plus = (value: number) => open().runPrepared<{ sum: number }>(queryOf(sql`select ${value}::int + 1 as sum`));

  it('is kept by its connection, and gets its own values each time', async () => {
    expect([await plus(1), await plus(41)]).toEqual([[{ sum: 2 }], [{ sum: 42 }]]);
    const kept = await open().together(async () => {
      await plus(1);
      return open().run((db) =>
        db.execute(sql`select name from pg_prepared_statements where statement like '%int + 1 as sum'`),
      );
    });
    expect(kept.rows).toHaveLength(1);
  });

  it('takes part in the transaction around it', async () => {
    const store = () =>
      open().runPrepared(
        queryOf(sql`insert into settings (key, value) values ('prepared', ${'1'}::json) returning key`),
      );
    const failed = open().together(async () => {
      await store();
      throw new Error('the other half is missing');
    });
    await expect(failed).rejects.toThrow('the other half is missing');
    expect(await storedKeys(open())).not.toContain('prepared');
  });

  it('leaves the connection fit for the next one after it failed', async () => {
    const divide = (by: number) => open().runPrepared<{ part: number }>(queryOf(sql`select 6 / ${by}::int as part`));
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    expect(await divide(3)).toEqual([{ part: 2 }]);
  });
});
