import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import type { JsonText } from '../json-text.js';
import type { DecisionReply, DecisionsReply } from './decision.schema.js';
import { decisionsText, decisionText } from './decision-text.js';
import type { OrderInput, OrdersBatchInput } from './order.schema.js';
import { orderRequest } from './order-request.js';
import type { OrderUpdateInput, OrderUpdatesTaken } from './order-update.schema.js';
import { orderUpdateOf } from './order-update-input.js';
import { OrdersService } from './orders.service.js';
import { OrderUpdates } from './ports.js';

/** Over HTTP every answer is exact and complete; the decision is published beside it. */
const OVER_HTTP = { detail: 'full', published: false } as const;

/** The HTTP door to the orders: the words of the wire become those of the book. */
@Injectable()
export class OrderDesk {
  private readonly defaultAccountId: string;

  constructor(
    private readonly orders: OrdersService,
    private readonly updates: OrderUpdates,
    @Inject(CONFIG) { orders: { defaultAccountId } }: Config,
  ) {
    this.defaultAccountId = defaultAccountId;
  }

  async decide(order: OrderInput, submitter: string | null): Promise<JsonText<DecisionReply>> {
    const request = orderRequest(order, { defaultAccountId: this.defaultAccountId, submitter });
    if (order.mode === 'RESERVE') return decisionText(await this.orders.decideOne(request, OVER_HTTP));
    const [answer] = await this.orders.check([request]);
    return decisionText(answer!);
  }

  async decideAll({ mode, orders }: OrdersBatchInput, submitter: string | null): Promise<JsonText<DecisionsReply>> {
    const sender = { defaultAccountId: this.defaultAccountId, submitter };
    const requests = orders.map((order) => orderRequest(order, sender));
    const decided = mode === 'RESERVE' ? this.orders.decide(requests, OVER_HTTP) : this.orders.check(requests);
    return decisionsText(await decided);
  }

  async update({ updates }: OrderUpdateInput): Promise<OrderUpdatesTaken> {
    const results = await this.updates.apply(updates.map((update) => orderUpdateOf(update, this.defaultAccountId)));
    return { results: results.map((status, index) => ({ index, status })) };
  }
}
