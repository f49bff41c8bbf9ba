import { Injectable } from '@nestjs/common';
import type { Effect } from '../../book/effects.js';
import type { Fill, OrderUpdate } from '../../book/inputs.js';
import { applyAgain, type UpdateResult } from '../../book/order-updates.js';
import { BookStore, fillKeyText, LiveBook, OrderUpdates } from './ports.js';

@Injectable()
export class OrderUpdatesService extends OrderUpdates {
  constructor(
    private readonly book: LiveBook,
    private readonly store: BookStore,
  ) {
    super();
  }

  async apply(updates: readonly OrderUpdate[]): Promise<UpdateResult[]> {
    const fills = updates.filter(isFill);
    // The book forgets the fills of orders that are done; the store does not.
    const booked = fills.length === 0 ? new Map<string, string>() : await this.store.booked(fills);
    const { results } = await this.book.commit((book, now) => {
      const effects: Effect[] = [];
      const results = updates.map((update) => {
        const before = isFill(update) ? booked.get(fillKeyText(update)) : undefined;
        if (isFill(update) && before !== undefined) return applyAgain(update, before, effects);
        const outcome = book.update(update, now);
        effects.push(...outcome.effects);
        return outcome.status;
      });
      return { results, effects };
    });
    return results;
  }
}

const isFill = (update: OrderUpdate): update is Fill =>
  update.status === 'PARTIALLY_FILLED' || update.status === 'FILLED';
