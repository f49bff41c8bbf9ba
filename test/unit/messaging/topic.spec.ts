import { topicName } from '../../../src/messaging/messaging.schema.js';
import { type TopicState, topicDifferences } from '../../../src/messaging/topic.js';

const state: TopicState = {
  name: 'market_data',
  partitions: 5,
  replicationFactor: 3,
  retentionMs: 1_000,
  compression: 'producer',
  maxMessageBytes: null,
};

describe('comparing a topic with the wish', () => {
  it('names every setting that differs', () => {
    expect(
      topicDifferences({ name: 'market_data', partitions: 4, retentionMs: 2_000, compression: 'zstd' }, state),
    ).toEqual([
      { setting: 'num_partitions', wanted: 4, actual: 5 },
      { setting: 'retention_ms', wanted: 2_000, actual: 1_000 },
      { setting: 'compression_type', wanted: 'zstd', actual: 'producer' },
    ]);
  });

  it('leaves to the broker what is not wished', () => {
    expect(topicDifferences({ name: 'market_data', partitions: 5 }, state)).toEqual([]);
  });
});

describe('the name of a topic', () => {
  it.each(['a', 'market_data', 'a.b-c_D9', 'x'.repeat(249)])('may be %s', (name) => {
    expect(topicName.safeParse(name).success).toBe(true);
  });

  it.each(['', '.', '..', 'with space', 'ünïcode', 'a/b', 'x'.repeat(250), '__consumer_offsets'])(
    'may not be "%s"',
    (name) => {
      expect(topicName.safeParse(name).success).toBe(false);
    },
  );
});
