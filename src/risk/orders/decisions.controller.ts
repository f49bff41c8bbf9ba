import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { actorOf } from '../actor.js';
import { accountId } from '../wire.schema.js';
import { type DecisionReply, decisionSchema } from './decision.schema.js';
import { listDecisionsExample, orderDecisionExample, releaseExample, workingExample } from './decisions.examples.js';
import { DecisionsService } from './decisions.service.js';
import {
  type AccountOf,
  accountQuery,
  type DecisionList,
  type DecisionsQuery,
  decisionList,
  decisionsQuery,
} from './decisions-query.schema.js';
import {
  type ReleaseInput,
  type ReleaseReply,
  releaseInput,
  releaseReply,
  type WorkingList,
  type WorkingQuery,
  workingList,
  workingQuery,
} from './working.schema.js';

/** What was decided, and what is held because of it. */
@ApiTags('Orders')
@Controller('v1')
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Get('orders/working')
  @Operation({
    summary: 'Lists the orders that hold a part of the limits, of an account or of everybody below a desk or firm.',
    reply: workingList,
    errors: ['account_not_found'],
    example: workingExample,
  })
  listWorkingOrders(@Query({ schema: workingQuery }) query: WorkingQuery): Promise<WorkingList> {
    return this.decisions.working(query);
  }

  @Get('orders/:order_id/decision')
  @Operation({
    summary: 'Shows the last decision on an order, be it new, amended or cancelled.',
    reply: decisionSchema,
    errors: ['decision_not_found'],
    example: orderDecisionExample,
  })
  getOrderDecision(
    @Param('order_id', { schema: accountId }) orderId: string,
    @Query({ schema: accountQuery }) { account_id }: AccountOf,
  ): Promise<DecisionReply> {
    return this.decisions.ofOrder(account_id, orderId);
  }

  @Get('decisions')
  @Operation({
    summary: 'Lists binding decisions, the newest first.',
    description: 'Kept for DECISION_RETENTION_DAYS. `checks` is null: what was close is `nearest`.',
    reply: decisionList,
    example: listDecisionsExample,
  })
  listDecisions(@Query({ schema: decisionsQuery }) query: DecisionsQuery): Promise<DecisionList> {
    return this.decisions.list(query);
  }

  @Post('orders/:order_id/release')
  @ApiHeader({ name: 'x-actor', required: true, description: 'Who frees it', example: 'ops.night' })
  @Operation({
    summary: 'Frees by hand what an order holds, where no venue ever will.',
    reply: releaseReply,
    errors: ['order_not_found', 'actor_required', 'not_owner'],
    example: releaseExample,
  })
  releaseOrder(
    @Param('order_id', { schema: accountId }) orderId: string,
    @Body({ schema: releaseInput }) { account_id, reason }: ReleaseInput,
    @Headers('x-actor') actor?: string,
  ): Promise<ReleaseReply> {
    return this.decisions.release(orderId, { accountId: account_id, reason, actor: actorOf(actor) });
  }
}
