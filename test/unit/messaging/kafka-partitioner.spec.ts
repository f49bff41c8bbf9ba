import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { partitionOf } from '../../../src/messaging/partitioner.js';

describe('partitionOf', () => {
  it('puts a key where kafkajs, and so the Java client, puts it', () => {
    const reference = kafkajs.Partitioners.DefaultPartitioner();
    for (let length = 0; length <= 40; length++) {
      for (let turn = 0; turn < 50; turn++) {
        const key = randomBytes(length);
        const partitions = 1 + (turn % 13);
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          leader: 1,
          partitionErrorCode: 0,
          replicas: [1],
          isr: [1],
        }));
        const expected = reference({ topic: 't', partitionMetadata, message: { key, value: null } });
        expect(partitionOf(key, partitions, 't')).toBe(expected);
      }
    }
  });

  it.each([
    // From UtilsTest of Apache Kafka: murmur2 of these keys, made positive.
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Apache Kafka does', (key, hash) => {
    for (const partitions of [3, 7, 1000]) {
      expect(partitionOf(Buffer.from(key), partitions, 't')).toBe((hash & 0x7fffffff) % partitions);
    }
  });

  it('takes turns where there is no key', () => {
    const first = partitionOf(null, 3, 'turns');
    expect([1, 2, 3, 4].map(() => partitionOf(null, 3, 'turns'))).toEqual(
      [1, 2, 3, 4].map((step) => (first + step) % 3),
    );
  });
});
