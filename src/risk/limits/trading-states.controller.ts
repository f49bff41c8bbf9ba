import { Body, Controller, Get, Headers, Param, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Operation } from '../../http/operation.decorator.js';
import { actorOf } from '../actor.js';
import { versionSeen } from '../if-match.js';
import { targetOf } from './level.js';
import { type LevelName, levelId, levelName } from './level.schema.js';
import { type ChangeQuery, changeQuery } from './limits.schema.js';
import {
  getTradingStateExample,
  listTradingStatesExample,
  putTradingStateExample,
  tradingStateChangesExample,
} from './trading-states.examples.js';
import {
  type TradingStateChanges,
  type TradingStateInput,
  type TradingStateList,
  type TradingStateQuery,
  type TradingStateReply,
  tradingStateChanges,
  tradingStateInput,
  tradingStateList,
  tradingStateQuery,
  tradingStateReply,
} from './trading-states.schema.js';
import { TradingStatesService } from './trading-states.service.js';

const notFound = ['account_not_found', 'instrument_not_found'] as const;

/** Who and what may trade: the kill switch, and what losses have latched. */
@ApiTags('Trading states')
@Controller('v1/trading-state')
export class TradingStatesController {
  constructor(private readonly states: TradingStatesService) {}

  @Put(':level/:id')
  @ApiHeader({ name: 'x-actor', required: true, description: 'Who sets it', example: 'risk.officer' })
  @ApiHeader({ name: 'if-match', required: false, description: 'Version that is to be replaced', example: '7' })
  @Operation({
    summary: 'Sets the trading state of a firm, desk, account, trader or instrument.',
    description:
      'REDUCING lets no order open, HALTED lets cancels pass alone; ACTIVE also clears what losses have latched. In force ' +
      'before it is answered, even where it cannot be stored (503): then it is stored as soon as possible. With ' +
      '`If-Match: <version>` it is stored first, and only that version is replaced (409 `version_conflict`); version 0 is ' +
      'no state yet.',
    reply: tradingStateReply,
    errors: [...notFound, 'actor_required', 'version_conflict', 'not_owner'],
    example: putTradingStateExample,
  })
  putTradingState(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
    @Body({ schema: tradingStateInput }) body: TradingStateInput,
    @Headers('x-actor') actor?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<TradingStateReply> {
    return this.states.put(targetOf(level, id), body, { actor: actorOf(actor), versionSeen: versionSeen(ifMatch) });
  }

  @Get(':level/:id')
  @Operation({
    summary: 'Shows a trading state, and the strictest that binds the level with its source.',
    reply: tradingStateReply,
    errors: notFound,
    example: getTradingStateExample,
  })
  getTradingState(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
  ): Promise<TradingStateReply> {
    return this.states.get(targetOf(level, id));
  }

  @Get()
  @Operation({
    summary: 'Lists everything that is not ACTIVE or that a loss has latched, from the firms down.',
    reply: tradingStateList,
    example: listTradingStatesExample,
  })
  listTradingStates(@Query({ schema: tradingStateQuery }) query: TradingStateQuery): Promise<TradingStateList> {
    return this.states.restricted(query);
  }

  @Get(':level/:id/changes')
  @Operation({
    summary: 'Lists every change of a trading state, the newest first.',
    reply: tradingStateChanges,
    errors: notFound,
    example: tradingStateChangesExample,
  })
  listTradingStateChanges(
    @Param('level', { schema: levelName }) level: LevelName,
    @Param('id', { schema: levelId }) id: string,
    @Query({ schema: changeQuery }) query: ChangeQuery,
  ): Promise<TradingStateChanges> {
    return this.states.changes(targetOf(level, id), query);
  }
}
