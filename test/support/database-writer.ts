/**
 * A process to be killed: writes numbered settings one by one and prints each number once the database has acknowledged
 * it. Every second one goes through a transaction.
 */
import { writeSync } from 'node:fs';
import { Database } from '../../src/database/database.js';
import { settings } from '../../src/database/schema.js';

const [dataDir, prefix] = process.argv.slice(2) as [string, string];
const database = new Database({ dataDir }, { log: () => undefined, warn: () => undefined, error: () => undefined });
try {
  await database.connect();
} catch (error) {
  writeSync(2, `${(error as Error).message}\n`);
  process.exit(1);
}
for (let n = 0; ; n++) {
  const row = { key: `${prefix}${n}`, value: { n, padding: 'x'.repeat(n % 500) } };
  if (n % 2 === 0) await database.run((sql) => sql.insert(settings).values(row));
  else await database.transaction((sql) => sql.insert(settings).values(row));
  writeSync(1, `${row.key}\n`);
}
