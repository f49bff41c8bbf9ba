import { Body, Controller, Get, Headers, Param, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { actorOf } from '../actor.js';
import { versionSeen } from '../if-match.js';
import { targetOf } from './level.js';
import { type LevelName, levelId, levelName } from './level.schema.js';
import { getLimitsExample, limitChangesExample, putLimitsExample, utilisationExample } from './limits.examples.js';
import {
  type ChangeQuery,
  changeQuery,
  type LimitChanges,
  type Limits,
  type LimitsReply,
  limitChanges,
  limitsInput,
  limitsReply,
} from './limits.schema.js';
import { LimitsService } from './limits.service.js';
import {
  type UtilisationQuery,
  type UtilisationReply,
  utilisationQuery,
  utilisationReply,
} from './utilisation.schema.js';
import { UtilisationService } from './utilisation.service.js';

const notFound = ['account_not_found', 'instrument_not_found'] as const;

/** Limits of each level, and how near an account is to them. */
@ApiTags('Limits')
@Controller('v1/limits')
export class LimitsController {
  constructor(
    private readonly limits: LimitsService,
    private readonly utilisation: UtilisationService,
  ) {}

  @Get('utilisation')
  @Operation({
    summary: 'Shows how much of each limit on the path of an account is used, the nearest first.',
    description:
      '`used` and `reserved` are those of the level: of a desk the sum of its accounts. A limit per symbol stands once ' +
      'for each level, with the symbol that is nearest to it. Of a desk or firm the path begins there.',
    reply: utilisationReply,
    errors: ['account_not_found'],
    example: utilisationExample,
  })
  getUtilisation(@Query({ schema: utilisationQuery }) query: UtilisationQuery): Promise<UtilisationReply> {
    return this.utilisation.ofPath(query);
  }

  @Put(':level/:id')
  @ApiHeader({ name: 'x-actor', required: true, description: 'Who changes them', example: 'risk.officer' })
  @ApiHeader({ name: 'if-match', required: false, description: 'Version that is to be replaced', example: '7' })
  @Operation({
    summary: 'Replaces all limits of a firm, desk, account, trader or instrument.',
    description:
      'In force for the next order. A field that is left out is no limit at this level; every level of the path is checked, ' +
      'so that the strictest wins. Somewhere on its path an account needs `max_order_quantity`, `max_order_notional` and ' +
      '`max_gross_exposure`, else its orders are rejected (`LIMITS_MISSING`). A trader has limits on size, rate and open ' +
      'orders, an instrument none that need an equity: other fields are errors there. With `If-Match: <version>` only that ' +
      'version is replaced (409 `version_conflict`); version 0 is no limits yet.',
    reply: limitsReply,
    errors: [...notFound, 'actor_required', 'version_conflict', 'not_owner'],
    example: putLimitsExample,
  })
  putLimits(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
    @Body({ schema: limitsInput }) body: Limits,
    @Headers('x-actor') actor?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<LimitsReply> {
    return this.limits.put(targetOf(level, id), body, { actor: actorOf(actor), versionSeen: versionSeen(ifMatch) });
  }

  @Get(':level/:id')
  @Operation({
    summary: 'Shows the limits that are set at a level.',
    description: 'Version 0 and no fields where nothing was ever set.',
    reply: limitsReply,
    errors: notFound,
    example: getLimitsExample,
  })
  getLimits(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
  ): Promise<LimitsReply> {
    return this.limits.get(targetOf(level, id));
  }

  @Get(':level/:id/changes')
  @Operation({
    summary: 'Lists every change of the limits of a level, the newest first.',
    reply: limitChanges,
    errors: notFound,
    example: limitChangesExample,
  })
  listLimitChanges(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
    @Query({ schema: changeQuery }) query: ChangeQuery,
  ): Promise<LimitChanges> {
    return this.limits.changes(targetOf(level, id), query);
  }
}
