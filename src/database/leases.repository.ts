import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Leases } from '../risk/orders/ports.js';
import { Database } from './database.js';
import { liveness, ownIdentity, type ProcessIdentity } from './process-identity.js';

/**
 * The lease on the book: one row, by the clock of the database. A holder that is known to be dead is not waited for; on
 * the embedded database every other holder is, its lock file says so.
 */
@Injectable()
export class LeasesRepository extends Leases {
  private readonly self = ownIdentity();

  constructor(private readonly database: Database) {
    super();
  }

  async acquire(ttlMs: number): Promise<number | null> {
    return this.database.run(async (db) => {
      await db.execute(sql`insert into book_lease default values on conflict do nothing`);
      const found = await db.execute<{ epoch: string; holder: ProcessIdentity | null }>(
        sql`select epoch, holder from book_lease`,
      );
      const { epoch, holder } = found.rows[0]!;
      const isGone = this.database.status.kind === 'embedded' || (holder !== null && liveness(holder) === 'dead');
      const { rows } = await db.execute<{ epoch: string }>(sql`
        update book_lease set epoch = epoch + 1, holder = ${JSON.stringify(this.self)}::json,
          expires_at = clock_timestamp() + ${ttlMs} * interval '1 ms'
        where epoch = ${epoch} and (expires_at <= clock_timestamp() or ${isGone})
        returning epoch`);
      return rows[0] ? Number(rows[0].epoch) : null;
    });
  }

  async renew(epoch: number, ttlMs: number): Promise<boolean> {
    const { rowCount } = await this.database.run((db) =>
      db.execute(sql`
        update book_lease set expires_at = clock_timestamp() + ${ttlMs} * interval '1 ms'
        where epoch = ${epoch} and expires_at > clock_timestamp()`),
    );
    return rowCount === 1;
  }

  async release(epoch: number): Promise<void> {
    await this.database.run((db) =>
      db.execute(sql`update book_lease set expires_at = clock_timestamp() where epoch = ${epoch}`),
    );
  }
}
