import { sql } from 'drizzle-orm';
import { DEFAULT_SETTINGS } from '../../src/book/limits.js';
import { BookRepository } from '../../src/database/book.repository.js';
import type { Database } from '../../src/database/database.js';
import { LeasesRepository } from '../../src/database/leases.repository.js';
import type { Clock } from '../../src/risk/clock.js';
import { RiskError } from '../../src/risk/errors.js';
import { LiveBookService } from '../../src/risk/orders/live-book.service.js';
import { type Leases, Ownership } from '../../src/risk/orders/ports.js';

/** Takes the lease for as long as any test lasts; the new epoch. */
export async function ownForLong(database: Database): Promise<number> {
  const epoch = await new LeasesRepository(database).acquire();
  await database.run((db) => db.execute(sql`update book_lease set expires_at = now() + interval '1 hour'`));
  return epoch!;
}

/** Owns the book as long as the test wants. */
export class TestOwnership extends Ownership {
  constructor(
    public epoch: number | null,
    private readonly leases: Leases,
  ) {
    super();
  }

  async advance(): Promise<number | null> {
    if (this.epoch !== null) this.epoch = await this.leases.advance(this.epoch);
    return this.epoch;
  }

  get refusal(): RiskError {
    return new RiskError('not_owner', 'the test gave it away');
  }
}

/** The live book of a database whose owner is the test; not loaded yet. */
export async function liveBookOn(
  database: Database,
  clock: Clock,
): Promise<{ book: LiveBookService; ownership: TestOwnership; open: () => Promise<void> }> {
  const ownership = new TestOwnership(null, new LeasesRepository(database));
  const book = new LiveBookService(new BookRepository(database), ownership, clock, DEFAULT_SETTINGS);
  const open = async () => {
    ownership.epoch ??= await ownForLong(database);
    await book.open(ownership.epoch!);
  };
  return { book, ownership, open };
}
