import { Injectable } from '@nestjs/common';
import { LimitStore } from '../risk/limits/ports.js';
import { Instruments } from '../risk/market/ports.js';
import { Accounts, Positions } from '../risk/portfolio/ports.js';
import { DEMO_ACCOUNTS, DEMO_INSTRUMENTS, DEMO_POSITIONS } from './demo-data.js';
import { DEMO_ACTOR, DEMO_LIMITS } from './demo-limits.js';

const AS_OF = new Date('2022-12-28T21:00:00Z');

const anything = () => undefined;

/** The reference data of the demo firm. */
@Injectable()
export class DemoStore {
  constructor(
    private readonly instruments: Instruments,
    private readonly accounts: Accounts,
    private readonly positions: Positions,
    private readonly limits: LimitStore,
  ) {}

  async isEmpty(): Promise<boolean> {
    const [accounts, instruments] = await Promise.all([
      this.accounts.list({ limit: 1 }),
      this.instruments.list({ limit: 1 }),
    ]);
    return accounts.length === 0 && instruments.length === 0;
  }

  async fill(): Promise<void> {
    await this.instruments.put(DEMO_INSTRUMENTS, anything);
    for (const [accountId, input] of DEMO_ACCOUNTS) await this.accounts.put(accountId, input, anything);
    for (const [accountId, held] of Object.entries(DEMO_POSITIONS)) {
      const positions = held.map(([symbol, quantity, averagePrice]) => ({ symbol, quantity, averagePrice }));
      const symbols = positions.map(({ symbol }) => symbol);
      await this.positions.replace(accountId, symbols, () => ({ asOf: AS_OF, positions }));
    }
    for (const [level, id, limits] of DEMO_LIMITS) {
      await this.limits.put({ level, id }, { limits, actor: DEMO_ACTOR }, anything);
    }
  }
}
