import { Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import { DemoProgress } from '../demo/ports.js';
import { Database } from './database.js';
import { settings } from './schema.js';

const KEY = 'demo';

@Injectable()
export class DemoProgressRepository extends DemoProgress {
  constructor(private readonly database: Database) {
    super();
  }

  async get(): Promise<'loading' | 'loaded' | undefined> {
    const rows = await this.database.run((sql) => sql.select().from(settings).where(eq(settings.key, KEY)));
    return rows[0]?.value as 'loading' | 'loaded' | undefined;
  }

  async set(state: 'loading' | 'loaded'): Promise<void> {
    await this.database.run((sql) =>
      sql
        .insert(settings)
        .values({ key: KEY, value: state })
        .onConflictDoUpdate({ target: settings.key, set: { value: state, updatedAt: new Date() } }),
    );
  }
}
