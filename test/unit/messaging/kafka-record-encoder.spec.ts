import { createRequire } from 'node:module';
import { encodeRecord } from '../../../src/messaging/kafka/record-encoder.js';

type Encode = (record: Parameters<typeof encodeRecord>[0]) => { readonly buffer: Buffer };
const require = createRequire(import.meta.url);
const kafkajs: Encode = require('kafkajs/src/protocol/recordBatch/record/v0/index.js');

describe('writing a record', () => {
  it.each([
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
  ])('gives the bytes of kafkajs for one %s', (_, record) => {
    for (const offsetDelta of [0, 63, 64, 8_191, 8_192, 1_000_000]) {
      for (const timestampDelta of [0, 3, 64, 2 ** 31, 2 ** 33]) {
        const written = { ...record, offsetDelta, timestampDelta };
        expect(encodeRecord(written).buffer.equals(kafkajs(written).buffer)).toBe(true);
      }
    }
  });
});
