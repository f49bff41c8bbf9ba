import type { Level } from '../../book/inputs.js';
import { RiskError } from '../errors.js';
import type { LevelName } from './level.schema.js';

/** One firm, desk, account, trader or instrument. */
export interface Target {
  readonly level: Level;
  readonly id: string;
}

const LEVELS = {
  firm: 'FIRM',
  desk: 'DESK',
  account: 'ACCOUNT',
  trader: 'TRADER',
  instrument: 'INSTRUMENT',
} as const satisfies Record<LevelName, Level>;

const NAMES = Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [level, name])) as Record<
  Level,
  LevelName
>;

export const targetOf = (name: LevelName, id: string): Target => ({ level: LEVELS[name], id });

/** As it stands in an address and in a reply. */
export const nameOf = (level: Level): LevelName => NAMES[level];

/** A desk is not found at the level of accounts either. */
export function notFound({ level, id }: Target): RiskError {
  const code = level === 'INSTRUMENT' ? 'instrument_not_found' : 'account_not_found';
  return new RiskError(code, `there is no ${nameOf(level)} ${id}`);
}
