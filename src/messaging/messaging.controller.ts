import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { EXACT_NUMBERS } from '../http/exact-numbers.js';
import { Operation } from '../http/operation.decorator.js';
import { MESSAGING_EXAMPLES as EXAMPLES } from './messaging.examples.js';
import {
  ensuredTopic,
  type MessagesInput,
  type MessagingStats,
  messageList,
  messagesInput,
  messagesQuery,
  messagesSent,
  messagingStats,
  type TopicInput,
  topicInput,
  topicList,
  topicName,
} from './messaging.schema.js';
import { MessagingOperations } from './messaging-operations.service.js';

@ApiTags('Messaging')
@Controller('v1/messaging')
export class MessagingController {
  constructor(private readonly messaging: MessagingOperations) {}

  @Get('stats')
  @Operation({
    summary: 'Shows what was sent and consumed, and how far each group is behind.',
    reply: messagingStats,
    example: EXAMPLES.stats,
  })
  getMessagingStats(): Promise<MessagingStats> {
    return this.messaging.stats();
  }

  @Get('topics')
  @Operation({
    summary: 'Lists the topics and what is not as wanted.',
    reply: topicList,
    example: EXAMPLES.topics,
  })
  getTopics(): Promise<z.infer<typeof topicList>> {
    return this.messaging.topics();
  }

  @Post('topics')
  @Operation({
    summary: 'Creates a topic; one that exists is compared and never changed.',
    reply: ensuredTopic,
    example: EXAMPLES.createTopic,
  })
  postTopic(@Body({ schema: topicInput }) body: TopicInput): Promise<z.infer<typeof ensuredTopic>> {
    return this.messaging.createTopic(body);
  }

  @Post('topics/:topic/messages')
  @RouteConfig({ [EXACT_NUMBERS]: true })
  @Operation({
    summary: 'Sends messages and says which were acknowledged.',
    description:
      'Each message is taken by itself; `failures` names those that were not. Where nothing could be sent the call fails. ' +
      'A number that a double would round is refused: send it as text.',
    reply: messagesSent,
    errors: ['topic_not_found'],
    example: EXAMPLES.send,
  })
  postMessages(
    @Param('topic', { schema: topicName }) topic: string,
    @Body({ schema: messagesInput }) body: MessagesInput,
  ): Promise<z.infer<typeof messagesSent>> {
    return this.messaging.send(topic, body);
  }

  @Get('topics/:topic/messages')
  @Operation({
    summary: 'Shows the last messages of a topic, newest first.',
    reply: messageList,
    errors: ['topic_not_found'],
    example: EXAMPLES.messages,
  })
  getMessages(
    @Param('topic', { schema: topicName }) topic: string,
    @Query({ schema: messagesQuery }) query: z.output<typeof messagesQuery>,
  ): Promise<z.infer<typeof messageList>> {
    return this.messaging.lastMessages(topic, query.limit);
  }
}
