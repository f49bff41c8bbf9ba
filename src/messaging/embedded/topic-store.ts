import { type EnsuredTopic, type TopicSpec, topicDifferences } from '../topic.js';
import { EmbeddedTopic } from './embedded-topic.js';
import type { EmbeddedLimits } from './limits.js';
import type { Partition } from './partition.js';
import type { HeldBytes } from './partition-log.js';

/** Records dropped between two looks for the oldest one. */
const DROP_COUNT = 256;

/** The topics of this process, and the memory that they share. */
export class TopicStore {
  private readonly topics = new Map<string, EmbeddedTopic>();
  private readonly held: HeldBytes = { bytes: 0, awaited: new Set() };

  constructor(private readonly limits: EmbeddedLimits) {}

  get(name: string): EmbeddedTopic | undefined {
    return this.topics.get(name);
  }

  /** By name. */
  all(): EmbeddedTopic[] {
    return [...this.topics.values()].sort((a, b) => (a.state.name < b.state.name ? -1 : 1));
  }

  ensure(spec: TopicSpec): EnsuredTopic {
    const known = this.topics.get(spec.name);
    const topic = known ?? new EmbeddedTopic(spec, this.limits, this.held);
    this.topics.set(spec.name, topic);
    return { state: topic.state, created: !known, differences: topicDifferences(spec, topic.state) };
  }

  /** After records came or groups went on: bytes that became free are for whoever waits. */
  balance(): void {
    while (this.held.bytes > this.limits.keptBytes) {
      const partition = this.withOldestSpare();
      if (!partition) break;
      partition.dropSpare(DROP_COUNT);
    }
    for (const waiting of this.held.awaited) waiting.drain(Date.now());
  }

  partitions(): Partition[] {
    return [...this.topics.values()].flatMap(({ partitions }) => partitions);
  }

  private withOldestSpare(): Partition | undefined {
    let oldest: Partition | undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const { partitions } of this.topics.values()) {
      for (const partition of partitions) {
        const spare = partition.oldestSpare();
        if (spare === undefined || spare.timestampMs >= oldestMs) continue;
        oldest = partition;
        oldestMs = spare.timestampMs;
      }
    }
    return oldest;
  }
}
