import { randomUUID } from 'node:crypto';

/** This process among all that share the brokers, the database and Redis; another one after each start. */
export const INSTANCE_ID = randomUUID();
