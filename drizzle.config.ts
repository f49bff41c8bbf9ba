import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --name <what_changes>` turns a change of the schema into a migration to be committed. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/database/schema.ts',
  out: './src/database/migrations',
});
