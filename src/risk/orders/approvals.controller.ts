import { Body, Controller, Get, Headers, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { actorOf } from '../actor.js';
import { approveExample, listApprovalsExample, rejectExample } from './approvals.examples.js';
import {
  type ApprovalInputBody,
  type ApprovalList,
  approvalInput,
  approvalList,
  decisionId,
} from './approvals.schema.js';
import { ApprovalsService } from './approvals.service.js';
import { type DecisionReply, decisionSchema } from './decision.schema.js';

const ACTOR = { name: 'x-actor', required: true, description: 'Who decides', example: 'risk.officer' };
const errors = ['decision_not_found', 'actor_required', 'conflict', 'not_owner'] as const;

/** Orders above the quantity that a person must let pass. */
@ApiTags('Approvals')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @Operation({
    summary: 'Lists the orders and amends that wait for an approval, the one that expires first at the top.',
    reply: approvalList,
    example: listApprovalsExample,
  })
  listApprovals(): Promise<ApprovalList> {
    return this.approvals.list();
  }

  @Post(':decision_id/approve')
  @ApiHeader(ACTOR)
  @Operation({
    summary: 'Lets an order pass, if it still may.',
    description:
      'It is checked again at prices and limits of now, without its own hold. The outcome is `revision` 2 of the same ' +
      'decision, published on `order_decisions` and given to every retry. Who submitted the order may not approve it.',
    reply: decisionSchema,
    errors: [...errors, 'forbidden'],
    example: approveExample,
  })
  approve(
    @Param('decision_id', { schema: decisionId }) id: string,
    @Body({ schema: approvalInput }) { reason }: ApprovalInputBody,
    @Headers('x-actor') actor?: string,
  ): Promise<DecisionReply> {
    return this.approvals.approve(id, { actor: actorOf(actor), reason });
  }

  @Post(':decision_id/reject')
  @ApiHeader(ACTOR)
  @Operation({
    summary: 'Refuses an order that waits; what it holds is released.',
    reply: decisionSchema,
    errors,
    example: rejectExample,
  })
  reject(
    @Param('decision_id', { schema: decisionId }) id: string,
    @Body({ schema: approvalInput }) { reason }: ApprovalInputBody,
    @Headers('x-actor') actor?: string,
  ): Promise<DecisionReply> {
    return this.approvals.reject(id, { actor: actorOf(actor), reason });
  }
}
