import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Leases } from '../risk/orders/ports.js';
import { Database } from './database.js';
import { liveness, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** A successor waits so long for a host that fell silent, and a busy owner must not lose it by being slow. */
const LEASE_MS = 6_000;
const EMBEDDED_MS = 3_600_000;

/**
 * The lease on the book: one row, by the clock of the database. A holder that is known to be dead is not waited for; on
 * the embedded database every other holder is, its lock file says so.
 */
@Injectable()
export class LeasesRepository extends Leases {
  private readonly self = ownIdentity();

  /** Nobody waits for the lease of an embedded database: its folder has one owner, however slow that is. */
  override get ttlMs(): number {
    return this.isEmbedded ? EMBEDDED_MS : LEASE_MS;
  }

  constructor(private readonly database: Database) {
    super();
  }

  async acquire(): Promise<number | null> {
    return this.database.run(async (db) => {
      await db.execute(sql`insert into book_lease default values on conflict do nothing`);
      const found = await db.execute<{ epoch: string; holder: ProcessIdentity | null }>(
        sql`select epoch, holder from book_lease`,
      );
      const { epoch, holder } = found.rows[0]!;
      const isGone = this.isEmbedded || (holder !== null && liveness(holder) === 'dead');
      const { rows } = await db.execute<{ epoch: string }>(sql`
        update book_lease set epoch = epoch + 1, holder = ${JSON.stringify(this.self)}::json,
          expires_at = clock_timestamp() + ${this.ttlMs} * interval '1 ms'
        where epoch = ${epoch} and (expires_at <= clock_timestamp() or ${isGone})
        returning epoch`);
      return rows[0] ? Number(rows[0].epoch) : null;
    });
  }

  async renew(epoch: number): Promise<boolean> {
    const { rowCount } = await this.database.run((db) =>
      db.execute(sql`
        update book_lease set expires_at = clock_timestamp() + ${this.ttlMs} * interval '1 ms'
        where epoch = ${epoch} and expires_at > clock_timestamp()`),
    );
    return rowCount === 1;
  }

  async advance(epoch: number): Promise<number | null> {
    const { rows } = await this.database.run((db) =>
      db.execute<{ epoch: string }>(sql`
        update book_lease set epoch = epoch + 1 where epoch = ${epoch} and expires_at > clock_timestamp()
        returning epoch`),
    );
    return rows[0] ? Number(rows[0].epoch) : null;
  }

  async release(epoch: number): Promise<void> {
    await this.database.run((db) =>
      db.execute(sql`update book_lease set expires_at = clock_timestamp() where epoch = ${epoch}`),
    );
  }

  private get isEmbedded(): boolean {
    return this.database.status.kind === 'embedded';
  }
}
