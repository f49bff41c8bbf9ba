import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Operation } from '../http/operation.decorator.js';
import { DeadLettersService } from './dead-letters.service.js';
import { DEAD_LETTER_EXAMPLES as EXAMPLES } from './messaging.examples.js';
import {
  type DeadLetter,
  deadLetterId,
  deadLetterList,
  deadLetterSchema,
  deadLettersQuery,
  replayed,
} from './messaging.schema.js';

@ApiTags('Messaging')
@Controller('v1/messaging/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLettersService) {}

  @Get()
  @Operation({
    summary: 'Lists the messages that could not be handled, newest first, with the beginning of each.',
    description: '`GET /v1/messaging/dead-letters/{dead_letter_id}` shows one whole, with its headers.',
    reply: deadLetterList,
    errors: ['topic_not_found'],
    example: EXAMPLES.list,
  })
  getDeadLetters(
    @Query({ schema: deadLettersQuery }) query: z.output<typeof deadLettersQuery>,
  ): Promise<z.infer<typeof deadLetterList>> {
    return this.deadLetters.list(query);
  }

  @Get(':dead_letter_id')
  @Operation({
    summary: 'Shows a message that could not be handled, with the reason.',
    reply: deadLetterSchema,
    errors: ['dead_letter_not_found'],
    example: EXAMPLES.get,
  })
  getDeadLetter(@Param('dead_letter_id', { schema: deadLetterId }) id: string): Promise<DeadLetter> {
    return this.deadLetters.get(id);
  }

  @Post(':dead_letter_id/replay')
  @Operation({
    summary: 'Sends the message once more to the topic it came from.',
    description:
      'The bytes and headers are those of the original, with the history beside them; should it fail again, its next ' +
      'dead letter goes on with that history. The letter itself stays.',
    reply: replayed,
    errors: ['dead_letter_not_found', 'topic_not_found', 'payload_too_large'],
    example: EXAMPLES.replay,
  })
  replayDeadLetter(@Param('dead_letter_id', { schema: deadLetterId }) id: string): Promise<z.infer<typeof replayed>> {
    return this.deadLetters.replay(id);
  }
}
