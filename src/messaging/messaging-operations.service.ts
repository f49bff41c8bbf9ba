import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { RiskError } from '../risk/errors.js';
import { BatchTransport, type ConsumerGroup } from './batch-transport.js';
import { MessagingDriver } from './driver.js';
import { LagMonitor } from './lag-monitor.js';
import type {
  ensuredTopic,
  MessagesInput,
  MessagingStats,
  messageList,
  messagesSent,
  Topic,
  TopicInput,
  topicList,
} from './messaging.schema.js';
import { MessagingService } from './messaging.service.js';
import { shownRecord } from './shown-record.js';
import { TOPICS_AT_START } from './standard-topics.js';
import { type TopicDifference, type TopicState, topicDifferences } from './topic.js';

/** What operators do with messaging over HTTP. */
@Injectable()
export class MessagingOperations {
  constructor(
    private readonly driver: MessagingDriver,
    private readonly messaging: MessagingService,
    private readonly transport: BatchTransport,
    private readonly lags: LagMonitor,
  ) {}

  async stats(): Promise<MessagingStats> {
    const { state, reason } = this.driver.status;
    const { groups } = this.transport;
    const [names] = await Promise.all([this.topicNames(), this.lags.refresh()]);
    const { messagesSent, messagesFailed, bytesSent } = this.messaging.stats;
    return {
      driver: this.driver.kind,
      is_running: state === 'UP' && groups.every(({ member }) => member?.status.state === 'RUNNING'),
      state,
      reason,
      producer_stats: { messages_sent: messagesSent, messages_failed: messagesFailed, bytes_sent: bytesSent },
      topics: names,
      consumer_stats: Object.fromEntries(groups.map((group) => [group.name, this.groupStats(group)])),
    };
  }

  async topics(): Promise<z.infer<typeof topicList>> {
    const wanted = new Map(TOPICS_AT_START.map((topic) => [topic.name, topic]));
    const data = (await this.driver.topics()).map((state) => {
      const wish = wanted.get(state.name);
      return shownTopic(state, wish ? topicDifferences(wish, state) : []);
    });
    return { data, next_cursor: null };
  }

  async createTopic(input: TopicInput): Promise<z.infer<typeof ensuredTopic>> {
    this.requireDriver();
    const [ensured] = await this.driver.ensureTopics([
      {
        name: input.name,
        partitions: input.num_partitions,
        ...(input.replication_factor !== undefined && { replicationFactor: input.replication_factor }),
        ...(input.retention_ms !== undefined && { retentionMs: input.retention_ms }),
        ...(input.compression_type !== undefined && { compression: input.compression_type }),
      },
    ]);
    const { state, differences, created } = ensured!;
    return { ...shownTopic(state, differences), created };
  }

  async send(topic: string, { messages }: MessagesInput): Promise<z.infer<typeof messagesSent>> {
    this.requireDriver();
    const outcome = await this.messaging.sendBatch(
      topic,
      messages.map(({ message_type, ...message }) => ({
        ...message,
        ...(message_type && { messageType: message_type }),
      })),
    );
    const [first] = outcome.failures;
    if (outcome.success > 0 || !first) return { ...outcome, failures: [...outcome.failures] };
    if (first.code === 'unknown_topic') throw topicNotFound(topic);
    if (outcome.failures.every(({ code }) => code === 'broker_unavailable' || code === 'outbox_full')) {
      throw new RiskError('dependency_unavailable', `no message was acknowledged: ${first.detail}`);
    }
    return { ...outcome, failures: [...outcome.failures] };
  }

  async lastMessages(topic: string, limit: number): Promise<z.infer<typeof messageList>> {
    this.requireDriver();
    const records = await this.driver.last(topic, limit);
    if (!records) throw topicNotFound(topic);
    return { data: records.map(shownRecord), next_cursor: null };
  }

  /** Says at once what would fail only after all retries. */
  private requireDriver(): void {
    const { state, reason } = this.driver.status;
    if (state !== 'UP') throw new RiskError('dependency_unavailable', `messaging is away: ${reason ?? state}`);
  }

  private async topicNames(): Promise<string[]> {
    try {
      return (await this.driver.topics()).map(({ name }) => name);
    } catch {
      return [];
    }
  }

  private groupStats({ name, stats, member }: ConsumerGroup): MessagingStats['consumer_stats'][string] {
    const lags = this.lags.of(name);
    return {
      state: member?.status.state ?? 'JOINING',
      reason: member?.status.reason ?? null,
      messages_consumed: stats.messagesConsumed,
      batches: stats.batches,
      dead_letters: stats.deadLetters,
      unknown_fields: stats.unknownFields,
      skipped: Object.fromEntries(stats.skipped),
      last_message_at: stats.lastMessageAt?.toISOString() ?? null,
      lag: lags ? lags.reduce((sum, { lag }) => sum + lag, 0) : null,
      partitions: (lags ?? []).map(({ topic, partition, committedOffset, endOffset, lag }) => ({
        ...{ topic, partition, lag },
        committed_offset: committedOffset,
        end_offset: endOffset,
      })),
      retrying: stats.retrying.map((fault) => ({ ...fault, since: fault.since.toISOString() })),
    };
  }
}

export function topicNotFound(topic: string): RiskError {
  return new RiskError('topic_not_found', `no topic has the name ${topic}`);
}

function shownTopic(state: TopicState, differences: readonly TopicDifference[]): Topic {
  return {
    name: state.name,
    num_partitions: state.partitions,
    replication_factor: state.replicationFactor,
    retention_ms: state.retentionMs,
    compression_type: state.compression,
    max_message_bytes: state.maxMessageBytes,
    differences: [...differences],
  };
}
