import { Injectable } from '@nestjs/common';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Target } from '../risk/limits/level.js';
import type { ChangeQuery, Limits } from '../risk/limits/limits.schema.js';
import { LimitStore, type StoredLimitChange, type StoredLimits } from '../risk/limits/ports.js';
import { Database } from './database.js';
import { limitChanges, limits } from './schema.js';

@Injectable()
export class LimitsRepository extends LimitStore {
  constructor(private readonly database: Database) {
    super();
  }

  async find(target: Target): Promise<StoredLimits | undefined> {
    const [row] = await this.database.run((db) => db.select().from(limits).where(isOf(limits, target)));
    return row && storedLimits(row);
  }

  put(
    target: Target,
    { limits: wanted, actor }: { limits: Limits; actor: string },
    check: (version: number) => void,
  ): Promise<StoredLimits> {
    const { level, id } = target;
    return this.database.transaction(async (db) => {
      // So that there is a row to lock for the first limits of a level too.
      await db.insert(limits).values({ level, id, version: 0, limits: {}, updatedBy: actor }).onConflictDoNothing();
      const [before] = await db.select().from(limits).where(isOf(limits, target)).for('update');
      check(before!.version);
      const [after] = await db
        .update(limits)
        .set({ version: sql`${limits.version} + 1`, limits: wanted, updatedAt: sql`now()`, updatedBy: actor })
        .where(isOf(limits, target))
        .returning();
      await db.insert(limitChanges).values({
        level,
        id,
        version: after!.version,
        before: before!.version === 0 ? null : before!.limits,
        after: wanted,
        actor,
        changedAt: after!.updatedAt,
      });
      return storedLimits(after!);
    });
  }

  async changes(target: Target, { limit, cursor }: ChangeQuery): Promise<StoredLimitChange[]> {
    const before = cursor === undefined ? undefined : lt(limitChanges.changeId, Number(cursor));
    const rows = await this.database.run((db) =>
      db
        .select()
        .from(limitChanges)
        .where(and(isOf(limitChanges, target), before))
        .orderBy(desc(limitChanges.changeId))
        .limit(limit + 1),
    );
    return rows.map(({ changeId, version, before, after, actor, changedAt }) => ({
      changeId,
      version,
      before: before as Limits | null,
      after: after as Limits,
      actor,
      changedAt,
    }));
  }
}

function isOf(table: typeof limits | typeof limitChanges, { level, id }: Target) {
  return and(eq(table.level, level), eq(table.id, id));
}

function storedLimits({ version, limits: stored, updatedAt, updatedBy }: typeof limits.$inferSelect): StoredLimits {
  return { version, limits: stored as Limits, updatedAt, updatedBy };
}
