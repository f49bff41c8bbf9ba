import { createRequire } from 'node:module';
import { decodeRecord } from '../../../src/messaging/kafka/record-decoder.js';
import { RecordToWrite, type Written } from '../../../src/messaging/kafka/record-encoder.js';

const require = createRequire(import.meta.url);
const kafkajs = require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as typeof decodeRecord;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (
  bytes: Buffer,
) => Parameters<typeof decodeRecord>[0] & { readVarInt(): number };

const context = {
  firstOffset: '9007199254000000',
  firstTimestamp: '1767571200000',
  maxTimestamp: '1767571200999',
  timestampType: 0,
  isControlBatch: false,
  magicByte: 2,
};
const value = Buffer.from('value');

/** At the record, behind its length. */
function decoderOf(record: Written, offsetDelta = 0, timestampDelta = 0) {
  const written = new RecordToWrite(record, offsetDelta, timestampDelta);
  const bytes = Buffer.alloc(written.size);
  written.writeTo(bytes, 0);
  const decoder = new Decoder(bytes);
  decoder.readVarInt();
  return decoder;
}

const headersOf = (headers: object) =>
  decodeRecord(decoderOf({ value, headers: headers as Written['headers'] }), context).headers;

describe('reading a record', () => {
  it.each<[string, Written]>([
    ['without key and headers', { key: null, value }],
    ['without value', { key: value, value: null }],
    [
      'with headers',
      {
        key: value,
        value,
        headers: { ünique: 'é', empty: '', twice: ['1', '2'], thrice: ['', '2', '3'], name: '', nave: '' },
      },
    ],
    ['that is large', { key: null, value: Buffer.alloc(300, 2), headers: { a: Buffer.alloc(100) } }],
  ])('gives what kafkajs gives for one %s', (_, record) => {
    for (const offsetDelta of [0, 63, 64, 100_000]) {
      for (const timestampDelta of [0, 64, -1, -70, 2 ** 31, 2 ** 33, -(2 ** 33)]) {
        for (const timestampType of [0, 1]) {
          const batch = { ...context, timestampType, isControlBatch: timestampType === 1 };
          const decoder = () => decoderOf(record, offsetDelta, timestampDelta);
          expect(decodeRecord(decoder(), batch)).toEqual(kafkajs(decoder(), batch));
        }
      }
    }
  });

  it('gives an empty header where there is none, as Java clients send them', () => {
    expect(headersOf({ none: null, several: [null, value] })).toEqual({
      none: Buffer.alloc(0),
      several: [Buffer.alloc(0), value],
    });
  });

  it('gives nothing that every object inherits', () => {
    const names = ['constructor', '__proto__', 'toString'];
    const once = Object.fromEntries(names.map((name) => [name, value]));
    expect(Object.entries(headersOf(once))).toEqual(names.map((name) => [name, value]));
    const twice = Object.fromEntries(names.map((name) => [name, [value, value]]));
    expect(Object.entries(headersOf(twice))).toEqual(names.map((name) => [name, [value, value]]));
  });
});
