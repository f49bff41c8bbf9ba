import { Controller } from '@nestjs/common';
import { Consume } from '../messaging/consume.decorator.js';
import { CacheService, INVALIDATIONS_TOPIC } from './cache.service.js';
import { type InvalidationMessage, invalidationMessage } from './invalidations.schema.js';

@Controller()
export class InvalidationsConsumer {
  constructor(private readonly service: CacheService) {}

  @Consume(INVALIDATIONS_TOPIC, {
    group: 'cache_invalidation_group',
    eachInstance: true,
    messageType: 'CACHE_INVALIDATION',
    schema: invalidationMessage,
    summary: 'What the caches of other instances must not answer any more.',
    example: {
      instance: '7d9f1c4e-0c5b-4a53-9a3e-5a1f0f0f2b11',
      namespace: 'manual',
      key: 'manual:1:fx_rates',
      stamp: 1_767_623_400_120_000,
      deleted: true,
    },
  })
  async onInvalidations(messages: readonly InvalidationMessage[]): Promise<void> {
    for (const message of messages) this.service.heard(message);
  }
}
