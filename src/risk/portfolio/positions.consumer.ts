import { Controller, Inject } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { type BatchContext, Consume, type Refusal } from '../../messaging/consume.decorator.js';
import { RISK_MONITOR_GROUP } from '../../messaging/names.schema.js';
import { RiskError } from '../errors.js';
import { orderUpdateOf } from '../orders/order-update-input.js';
import { OrderUpdates } from '../orders/ports.js';
import { isOrderUpdate, isSnapshot, type PortfolioUpdate, portfolioUpdate } from './portfolio-update.schema.js';
import type { PositionsMessage } from './positions.schema.js';
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
  constructor(
    private readonly positions: PositionsService,
    private readonly updates: OrderUpdates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Consume('portfolio_updates', {
    group: RISK_MONITOR_GROUP,
    messageType: 'PORTFOLIO_UPDATE',
    schema: portfolioUpdate,
    summary:
      'What a venue says of an order, or all positions of an account: these replace those it had, unless those are later.',
    example: {
      account_id: 'acc_growth',
      as_of: '2022-12-29T21:00:00Z',
      positions: [{ symbol: 'AAPL', direction: 'LONG', volume: '800', average_price: '121.50' }],
    },
  })
  async onUpdates(messages: readonly PortfolioUpdate[], context: BatchContext): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    // In their order, neighbours that are updates together: a snapshot must find the fills that came before it booked.
    for (let from = 0; from < messages.length; ) {
      const message = messages[from]!;
      if (isSnapshot(message)) {
        const refusal = await this.replace(message, from, context);
        if (refusal) refusals.push(refusal);
        from++;
        continue;
      }
      const to = messages.findIndex((other, index) => index > from && isSnapshot(other));
      const end = to < 0 ? messages.length : to;
      const updates = messages.slice(from, end).filter(isOrderUpdate);
      const results = await this.updates.apply(
        updates.map((update) => orderUpdateOf(update, this.config.orders.defaultAccountId)),
      );
      context.skip('duplicate_fill', results.filter((result) => result === 'duplicate').length);
      from = end;
    }
    return refusals;
  }

  private async replace(
    { account_id, as_of, positions }: PositionsMessage,
    index: number,
    context: BatchContext,
  ): Promise<Refusal | undefined> {
    // A snapshot without a time is of the time it was sent, so that it stays the same when it is delivered again.
    const sentAt = new Date(context.records[index]!.timestampMs).toISOString();
    try {
      await this.positions.replace(account_id, { as_of: as_of ?? sentAt, positions }, undefined);
      return undefined;
    } catch (error) {
      if (!(error instanceof RiskError && LASTING.has(error.code))) throw error;
      if (!error.details.errors?.some(({ code }) => code === 'stale')) {
        return { index, code: error.code, detail: error.message };
      }
      context.skip('stale_snapshot', 1);
      return undefined;
    }
  }
}
