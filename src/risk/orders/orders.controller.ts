import { Body, Controller, Headers, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { AnswersJsonText } from '../../http/json-text.decorator.js';
import { Operation } from '../../http/operation.decorator.js';
import { submitterOf } from '../actor.js';
import type { JsonText } from '../json-text.js';
import { type DecisionReply, type DecisionsReply, decisionSchema, decisionsSchema } from './decision.schema.js';
import { type OrderInput, type OrdersBatchInput, orderInput, ordersBatchInput } from './order.schema.js';
import { OrderDesk } from './order-desk.service.js';
import {
  type OrderUpdateInput,
  type OrderUpdatesTaken,
  orderUpdateInput,
  orderUpdatesTaken,
} from './order-update.schema.js';
import { checkBatchExample, checkExample, updatesExample } from './orders.examples.js';

const SUBMITTER = { name: 'x-actor', required: false, description: 'Who submits the order', example: 'trader.one' };

/** May this order go out? */
@ApiTags('Orders')
@Controller('v1/orders')
export class OrdersController {
  constructor(private readonly desk: OrderDesk) {}

  @Post('check')
  @AnswersJsonText()
  @ApiHeader(SUBMITTER)
  @Operation({
    summary: 'Decides an order: CHECK answers and changes nothing, RESERVE binds.',
    description:
      'A rejection is an answer, not an error. In mode RESERVE the same order again gets the same decision (`replayed`), ' +
      'and a used id with other content is 409 `duplicate_id`. 503 means that nothing was decided: send it again.',
    reply: decisionSchema,
    errors: ['actor_required', 'duplicate_id', 'not_owner', 'dependency_unavailable'],
    example: checkExample,
  })
  checkOrder(
    @Body({ schema: orderInput }) body: OrderInput,
    @Headers('x-actor') actor?: string,
  ): Promise<JsonText<DecisionReply>> {
    return this.desk.decide(body, submitterOf(actor));
  }

  @Post('check/batch')
  @AnswersJsonText()
  @ApiHeader(SUBMITTER)
  @Operation({
    summary: 'Decides up to 500 orders in sequence, each on its own.',
    description:
      'One malformed order is a 400 that names it, and decides nothing. In mode CHECK each is answered as if it were alone; ' +
      'in mode RESERVE a used id with other content is a REJECT `DUPLICATE_ID` of that order.',
    reply: decisionsSchema,
    errors: ['actor_required', 'not_owner', 'dependency_unavailable'],
    example: checkBatchExample,
  })
  checkOrders(
    @Body({ schema: ordersBatchInput }) body: OrdersBatchInput,
    @Headers('x-actor') actor?: string,
  ): Promise<JsonText<DecisionsReply>> {
    return this.desk.decideAll(body, submitterOf(actor));
  }

  @Post('updates')
  @Operation({
    summary: 'Tells what venues say of orders: fills, amends, cancels, expiries.',
    description:
      'The same as records of `portfolio_updates`. `quantity` of a fill is that fill, and its `exec_id` is booked once. ' +
      'A fill of an order that nobody knows is booked all the same, and alerted.',
    reply: orderUpdatesTaken,
    errors: ['not_owner', 'dependency_unavailable'],
    example: updatesExample,
  })
  takeUpdates(@Body({ schema: orderUpdateInput }) body: OrderUpdateInput): Promise<OrderUpdatesTaken> {
    return this.desk.update(body);
  }
}
