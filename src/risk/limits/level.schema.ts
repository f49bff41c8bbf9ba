import { z } from 'zod';

/** Where limits and trading states are set, as an address writes it. */
export const levelName = z.enum(['firm', 'desk', 'account', 'trader', 'instrument']);
export type LevelName = z.infer<typeof levelName>;

/** Id of an account or trader, or a symbol. */
export const levelId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9^][A-Za-z0-9^._:/=@+-]*$/, 'expected an id or a symbol');
