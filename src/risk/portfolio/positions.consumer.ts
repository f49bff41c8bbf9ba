import { Controller } from '@nestjs/common';
import { type BatchContext, Consume, type Refusal } from '../../messaging/consume.decorator.js';
import { RISK_MONITOR_GROUP } from '../../messaging/names.schema.js';
import { RiskError } from '../errors.js';
import { type PositionsMessage, positionsMessage } from './positions.schema.js';
import { PositionsService } from './positions.service.js';

/** Refusals that lie in the message and would come again. */
const LASTING: ReadonlySet<string> = new Set([
  'account_not_found',
  'conflict',
  'unknown_symbol',
  'currency_mismatch',
  'validation_failed',
]);

@Controller()
export class PositionsConsumer {
  constructor(private readonly positions: PositionsService) {}

  @Consume('portfolio_updates', {
    group: RISK_MONITOR_GROUP,
    messageType: 'PORTFOLIO_UPDATE',
    schema: positionsMessage,
    summary: 'All positions of an account; they replace those it had, unless those are of a later time.',
    example: {
      account_id: 'acc_growth',
      as_of: '2022-12-29T21:00:00Z',
      positions: [{ symbol: 'AAPL', direction: 'LONG', volume: '800', average_price: '121.50' }],
    },
  })
  async onSnapshots(messages: readonly PositionsMessage[], context: BatchContext): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (const [index, { account_id, as_of, positions }] of messages.entries()) {
      // A snapshot without a time is of the time it was sent, so that it stays the same when it is delivered again.
      const sentAt = new Date(context.records[index]!.timestampMs).toISOString();
      try {
        await this.positions.replace(account_id, { as_of: as_of ?? sentAt, positions }, undefined);
      } catch (error) {
        if (!(error instanceof RiskError && LASTING.has(error.code))) throw error;
        if (error.details.errors?.some(({ code }) => code === 'stale')) context.skip('stale_snapshot', 1);
        else refusals.push({ index, code: error.code, detail: error.message });
      }
    }
    return refusals;
  }
}
