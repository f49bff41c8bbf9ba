import { Injectable } from '@nestjs/common';
import { Instruments } from '../market/ports.js';
import { Accounts } from '../portfolio/ports.js';
import { notFound, type Target } from './level.js';

/** What there is in the store to set limits and states for. */
@Injectable()
export class Levels {
  constructor(
    private readonly accounts: Accounts,
    private readonly instruments: Instruments,
  ) {}

  /** Throws `account_not_found` or `instrument_not_found`. A trader needs no record: any id may trade. */
  async require(target: Target): Promise<void> {
    if (!(await this.exists(target))) throw notFound(target);
  }

  /** Those of the symbols that are no instrument, ascending. */
  async unknown(symbols: ReadonlySet<string>): Promise<string[]> {
    if (symbols.size === 0) return [];
    const known = await this.instruments.find([...symbols]);
    return [...symbols].filter((symbol) => !known.has(symbol)).sort();
  }

  private async exists({ level, id }: Target): Promise<boolean> {
    if (level === 'TRADER') return true;
    if (level === 'INSTRUMENT') return (await this.instruments.find([id])).has(id);
    return (await this.accounts.find(id))?.kind === level;
  }
}
