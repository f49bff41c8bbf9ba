import type { Admin } from 'kafkajs';
import type { PartitionLag } from '../driver.js';

/** Of the topics that exist. Throws what kafkajs throws. */
export async function groupLag(admin: Admin, group: string, topics: readonly string[]): Promise<PartitionLag[]> {
  const existing = new Set(await admin.listTopics());
  const asked = [...new Set(topics)].filter((topic) => existing.has(topic));
  if (asked.length === 0) return [];
  const committed = await admin.fetchOffsets({ groupId: group, topics: asked });
  const edges = await Promise.all(asked.map((topic) => admin.fetchTopicOffsets(topic)));
  return asked.flatMap((topic, at) =>
    edges[at]!.map(({ partition, low, high }) => {
      const place = committed.find((one) => one.topic === topic)?.partitions.find((one) => one.partition === partition);
      const endOffset = Number(high);
      // Nothing committed, or so long ago that it is not kept any more: it would begin at the oldest.
      const committedOffset = Math.max(Number(place?.offset ?? -1), Number(low));
      return { topic, partition, committedOffset, endOffset, lag: Math.max(0, endOffset - committedOffset) };
    }).sort((one, other) => one.partition - other.partition),
  );
}
