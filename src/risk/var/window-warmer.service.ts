import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Warmer, type WarmUpOutcome, WarmUps } from '../../cache/ports.js';
import { Accounts } from '../portfolio/ports.js';
import type { WantedWindow } from './content-key.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import { ReturnWindows } from './return-windows.service.js';
import type { PortfolioInputs } from './var-reply.js';
import { historicalVarRequest, type VarRequest } from './var-request.schema.js';

/** Fills the returns that accounts are measured on where a request names no window. */
@Injectable()
export class WindowWarmer implements Warmer, OnModuleInit {
  constructor(
    private readonly windows: PortfolioWindows,
    private readonly returns: ReturnWindows,
    private readonly accountTree: Accounts,
    private readonly warmUps: WarmUps,
  ) {}

  onModuleInit(): void {
    this.warmUps.add('return_windows', this);
  }

  async accounts(limit: number): Promise<readonly string[]> {
    const accounts = await this.accountTree.list({ limit });
    return accounts.slice(0, limit).map(({ account_id }) => account_id);
  }

  async warm(
    accountIds: readonly string[],
    onProgress?: (done: number, total: number) => void,
  ): Promise<WarmUpOutcome> {
    const wanted: WantedWindow[] = [];
    for (const account_id of accountIds) {
      const request = historicalVarRequest.parse({ account_id });
      // Unknown, or without positions: it says so itself when it is asked.
      const inputs = await this.inputs(request).catch(() => undefined);
      if (inputs) wanted.push(this.windows.wanted(request, inputs));
    }
    const outcome = await this.returns.warm(wanted, onProgress ? { onProgress } : {});
    return { ...outcome, failed: outcome.failed + accountIds.length - wanted.length };
  }

  private async inputs(request: VarRequest): Promise<PortfolioInputs> {
    return this.windows.inputs(request, await this.windows.moment(request));
  }
}
