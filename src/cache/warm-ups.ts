import { Injectable } from '@nestjs/common';
import { RiskError } from '../risk/errors.js';
import type { WarmUpOutcome } from './ports.js';
import { type Warmer, WarmUps } from './ports.js';

/** Accounts that are looked at where nobody names any. */
const ACCOUNTS_MAX = 100;

/** What the slices know to fill by itself, by namespace. */
@Injectable()
export class WarmUpService extends WarmUps {
  private readonly warmers = new Map<string, Warmer>();

  add(namespace: string, warmer: Warmer): void {
    this.warmers.set(namespace, warmer);
  }

  get namespaces(): readonly string[] {
    return [...this.warmers.keys()];
  }

  /** Throws RiskError `validation_failed` for a namespace that nobody fills. */
  async run(
    namespace: string,
    accountIds: readonly string[] | undefined,
    onProgress?: (done: number, total: number) => void,
  ): Promise<WarmUpOutcome> {
    const warmer = this.warmers.get(namespace);
    if (!warmer) {
      const detail = `expected one of ${this.namespaces.join(', ')}, got ${JSON.stringify(namespace)}`;
      const errors = [{ pointer: '/namespace', code: 'invalid_value', detail }];
      throw new RiskError('validation_failed', detail, { errors });
    }
    return warmer.warm(accountIds ?? (await warmer.accounts(ACCOUNTS_MAX)), onProgress);
  }
}
