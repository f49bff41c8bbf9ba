import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { COMPRESSION_TYPES } from '../names.schema.js';
import { type EnsuredTopic, type TopicSpec, type TopicState, topicDifferences } from '../topic.js';

const { ConfigResourceTypes } = kafkajs;

const RETENTION = 'retention.ms';
const COMPRESSION = 'compression.type';
const MESSAGE_BYTES = 'max.message.bytes';
const REPLICAS_WANTED = 3;
const CREATE_MS_MAX = 10_000;

/** Creates what does not exist and compares what does. Throws what kafkajs throws. */
export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<EnsuredTopic[]> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ name }) => !existing.has(name));
  const created = new Set<string>();
  if (missing.length > 0) {
    const { brokers } = await admin.describeCluster();
    // One by one: the answer to several is an error as soon as one of them was created by someone else meanwhile.
    for (const spec of missing) if (await createTopic(admin, spec, brokers.length)) created.add(spec.name);
  }
  const states = await describeTopics(
    admin,
    specs.map(({ name }) => name),
  );
  return specs.map((spec) => {
    const state = states.find(({ name }) => name === spec.name);
    if (!state) throw new Error(`the topic ${spec.name} was deleted while it was looked at`);
    return { state, created: created.has(spec.name), differences: topicDifferences(spec, state) };
  });
}

/** All topics but the broker's own, by name. */
export async function listTopics(admin: Admin): Promise<TopicState[]> {
  const names = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
  const states = await describeTopics(admin, names);
  return states.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** False where someone else was faster. */
async function createTopic(admin: Admin, spec: TopicSpec, brokers: number): Promise<boolean> {
  const { name, partitions, replicationFactor, retentionMs, compression, maxMessageBytes } = spec;
  const wanted = [
    [RETENTION, retentionMs],
    [COMPRESSION, compression === 'none' ? 'uncompressed' : compression],
    [MESSAGE_BYTES, maxMessageBytes],
  ] as const;
  return admin.createTopics({
    timeout: CREATE_MS_MAX,
    topics: [
      {
        topic: name,
        numPartitions: partitions,
        replicationFactor: replicationFactor ?? Math.min(REPLICAS_WANTED, brokers),
        configEntries: wanted.flatMap(([key, value]) =>
          value === undefined ? [] : [{ name: key, value: String(value) }],
        ),
      },
    ],
  });
}

/** Those that exist, of the named. */
async function describeTopics(admin: Admin, names: readonly string[]): Promise<TopicState[]> {
  if (names.length === 0) return [];
  // All topics are asked for: a single one that was deleted meanwhile would make the answer an error.
  const { topics } = await admin.fetchTopicMetadata();
  const present = topics.filter(({ name }) => names.includes(name));
  if (present.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: present.map(({ name }) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: [RETENTION, COMPRESSION, MESSAGE_BYTES],
    })),
  });
  return present.map(({ name, partitions }) => {
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const settingOf = (key: string) => entries.find(({ configName }) => configName === key)?.configValue ?? null;
    return {
      name,
      partitions: partitions.length,
      replicationFactor: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
      retentionMs: numberOf(settingOf(RETENTION)),
      compression: compressionOf(settingOf(COMPRESSION)),
      maxMessageBytes: numberOf(settingOf(MESSAGE_BYTES)),
    };
  });
}

function numberOf(value: string | null): number | null {
  return value === null || value === '' ? null : Number(value);
}

function compressionOf(value: string | null): TopicState['compression'] {
  if (value === 'uncompressed') return 'none';
  if (value === 'producer') return value;
  return COMPRESSION_TYPES.find((type) => type === value) ?? null;
}
