import { Controller, Inject } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { type BatchContext, Consume } from '../../messaging/consume.decorator.js';
import { ORDER_ENGINE_GROUP } from '../../messaging/names.schema.js';
import { MessageNotSentError, Messaging, type OutgoingMessage } from '../../messaging/ports.js';
import { Clock } from '../clock.js';
import { fieldProblems } from '../field-problems.js';
import type { DecisionReply } from './decision.schema.js';
import { fullReply } from './decision-reply.js';
import { type OrderMessage, orderMessage, orderRecord } from './order.schema.js';
import { invalidIdOf } from './order-identity.js';
import { orderRequest } from './order-request.js';
import { OrdersService } from './orders.service.js';
import { orderInvalidReply } from './refusal-reply.js';

type IncomingRecord = BatchContext['records'][number];

/** Orders of the engine: each is answered on `order_decisions`, stored before it is answered, answered before it is done. */
@Controller()
export class OrdersConsumer {
  constructor(
    private readonly orders: OrdersService,
    private readonly messaging: Messaging,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Consume('trade_orders', {
    group: ORDER_ENGINE_GROUP,
    messageType: 'TRADE_ORDER',
    schema: orderRecord,
    documented: orderMessage,
    summary:
      'An order; its decision goes to `order_decisions`. One that is no order is rejected there with ORDER_INVALID.',
    example: { order_id: 'ORDER_123', symbol: 'AAPL', quantity: 100, price: 150.0, timestamp: '2022-12-28T20:59:30Z' },
  })
  async onOrders(values: readonly unknown[], { records }: BatchContext): Promise<void> {
    const parsed = values.map((value) => orderMessage.safeParse(value));
    const requests = parsed.flatMap(({ data }) => (data ? [this.request(data)] : []));
    const { decisionDetail: detail } = this.config.orders;
    const decided = requests.length > 0 ? await this.orders.decide(requests, { detail, published: true }) : [];
    let next = 0;
    const replies = parsed.map(({ error }, index): DecisionReply => {
      if (!error) return fullReply(decided[next++]!);
      return orderInvalidReply({
        value: values[index],
        problems: fieldProblems(error, values[index]),
        decisionId: invalidIdOf(records[index]!.value!),
        defaultAccountId: this.config.orders.defaultAccountId,
        now: this.clock.now().getTime(),
      });
    });
    await this.send(replies.map((reply, index) => decisionMessage(reply, records[index]!)));
  }

  private request(order: OrderMessage) {
    return orderRequest(order, { defaultAccountId: this.config.orders.defaultAccountId, submitter: null });
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const { failures } = await this.messaging.sendBatch('order_decisions', messages);
    if (failures[0]) throw new MessageNotSentError(failures[0].code, failures[0].detail);
  }
}

const TRACE = 'traceparent';

function decisionMessage(reply: DecisionReply, { headers }: IncomingRecord): OutgoingMessage {
  const trace = headers[TRACE];
  const message = { key: reply.order_id, value: reply, messageType: 'ORDER_DECISION' as const };
  return trace === undefined ? message : { ...message, headers: { [TRACE]: String(trace) } };
}
