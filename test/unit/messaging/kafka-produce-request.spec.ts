import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { crc32c } from '../../../src/messaging/kafka/crc32c.js';
import { encodeProduce, type Produce } from '../../../src/messaging/kafka/produce-request.js';

const require = createRequire(import.meta.url);
const kafkajs = require('kafkajs/src/protocol/requests/produce/v3/request.js') as (produce: Produce) => {
  encode(): Promise<{ readonly buffer: Buffer }>;
};

type Messages = Produce['topicData'][number]['partitions'][number]['messages'];
const produce = (messages: Messages, more: Partial<Produce> = {}): Produce => ({
  acks: -1,
  timeout: 10_000,
  producerId: '4000000000000',
  producerEpoch: 3,
  topicData: [{ topic: 'quotes', partitions: [{ partition: 2, messages, firstSequence: 70_000 }] }],
  ...more,
});

async function expectSameBytes(wanted: Produce): Promise<void> {
  const [ours, theirs] = await Promise.all([encodeProduce(wanted), kafkajs(wanted).encode()]);
  expect(ours.buffer.equals(theirs.buffer)).toBe(true);
}

describe('writing records', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 5));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, Messages[number]]>([
    ['without key and headers', { key: null, value: Buffer.from('v') }],
    ['without value', { key: Buffer.from('k'), value: null, headers: {} }],
    ['with text', { key: 'ключ', value: 'wörter', headers: { ünique: 'é' } }],
    [
      'with a header twice',
      { key: null, value: Buffer.from('v'), headers: { a: [Buffer.from('1'), Buffer.from('22')] } },
    ],
    ['with an empty header', { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: { a: Buffer.alloc(0) } }],
    [
      'that is large',
      { key: Buffer.alloc(200, 1), value: Buffer.alloc(70_000, 2), headers: { a: Buffer.alloc(9_000) } },
    ],
  ])('gives the bytes of kafkajs for one %s', async (_, message) => {
    await expectSameBytes(produce([message]));
    await expectSameBytes(produce([message], { compression: 1 }));
  });

  it('gives the bytes of kafkajs for many, of several times', async () => {
    const messages = (count: number, apartMs: number) =>
      Array.from({ length: count }, (_, i) => ({
        key: Buffer.from(String(i)),
        value: Buffer.alloc(i % 300, i),
        timestamp: String(1_767_571_200_000 + i * apartMs),
      }));
    await expectSameBytes(produce(messages(10_000, 0)));
    for (const apartMs of [3, 64, 2 ** 31, 2 ** 33]) await expectSameBytes(produce(messages(70, apartMs)));
  });

  it('gives the bytes of kafkajs for several topics and partitions, in a transaction', async () => {
    const messages = [{ key: null, value: Buffer.from('v') }];
    const partitions = [0, 5].map((partition) => ({ partition, messages, firstSequence: 0 }));
    const topicData = ['a', 'b'].map((topic) => ({ topic, partitions }));
    await expectSameBytes({ acks: 1, timeout: 1, topicData });
    await expectSameBytes(produce([], { transactionalId: 'transaction', topicData }));
  });
});

describe('the checksum of a batch', () => {
  // RFC 3720, appendix B.4.
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 ascending', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['nine digits', Buffer.from('123456789'), 0xe3069283],
  ])('is that of the standard for %s, also in parts', (_, bytes, checksum) => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(checksum);
    }
  });
});
