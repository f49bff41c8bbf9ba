import { createRequire } from 'node:module';
import type { Codec } from './codec.js';
import { crc32c } from './crc32c.js';
import { RecordToWrite, type Written } from './record-encoder.js';

/** The encoder of kafkajs, for all but the records. */
interface Encoder {
  readonly buffer: Buffer;
  writeInt8(value: number): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeUInt32(value: number): Encoder;
  writeInt64(value: unknown): Encoder;
  writeString(text: string | null): Encoder;
  writeBuffer(bytes: Buffer): Encoder;
}

interface PartitionRecords {
  readonly partition: number;
  readonly messages: readonly Written[];
  readonly firstSequence: number;
}

/** What kafkajs wants to have produced. */
export interface Produce {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly compression?: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly PartitionRecords[] }[];
}

interface Request {
  encode(): Promise<Encoder>;
}

const require = createRequire(import.meta.url);
const KafkaEncoder = require('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const { lookupCodec } = require('kafkajs/src/protocol/message/compression/index.js') as {
  lookupCodec(compression: number): Codec;
};

const MAGIC = 2;
const CODEC_BITS = 7;
const TRANSACTIONAL_BIT = 16;
/** Of what a batch holds after its length and before its checked part: the leader's epoch, the format, the checksum. */
const UNCHECKED_BYTES = 4 + 1 + 4;

/**
 * kafkajs 2.2.4 takes half a kilobyte of memory for each header of a record and copies each record several times: 40 µs
 * for the eight headers of ours. This writes the same bytes straight into the batch, in 2 µs. To be called before the
 * first record is sent.
 */
export function writeRecordsFaster(): void {
  const path = require.resolve('kafkajs/src/protocol/requests/produce/v3/request.js');
  const slow = require(path) as (produce: Produce) => Request;
  require.cache[path]!.exports = (produce: Produce) => ({ ...slow(produce), encode: () => encodeProduce(produce) });
}

/** The body of a produce request, versions 3 to 7. */
export async function encodeProduce(produce: Produce): Promise<Encoder> {
  const { transactionalId = null, acks, timeout, topicData } = produce;
  const request = new KafkaEncoder().writeString(transactionalId).writeInt16(acks).writeInt32(timeout);
  request.writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    request.writeString(topic).writeInt32(partitions.length);
    for (const records of partitions) {
      const batch = await encodeBatch(records, produce);
      request.writeInt32(records.partition).writeInt32(batch.length).writeBuffer(batch);
    }
  }
  return request;
}

async function encodeBatch({ messages, firstSequence }: PartitionRecords, produce: Produce): Promise<Buffer> {
  const { transactionalId, producerId = -1, producerEpoch = 0, compression = 0 } = produce;
  const now = Date.now();
  const times = messages.map(({ timestamp }) => Number(timestamp ?? now));
  const firstTime = times.reduce((first, time) => Math.min(first, time));
  const plain = bytesOf(messages.map((message, i) => new RecordToWrite(message, i, times[i]! - firstTime)));
  const codec = compression & CODEC_BITS;
  const records = codec === 0 ? plain : await lookupCodec(compression).compress({ buffer: plain });
  const checked = new KafkaEncoder()
    .writeInt16(codec | (transactionalId ? TRANSACTIONAL_BIT : 0))
    .writeInt32(messages.length - 1)
    .writeInt64(firstTime)
    .writeInt64(times.reduce((last, time) => Math.max(last, time)))
    .writeInt64(producerId)
    .writeInt16(producerEpoch)
    .writeInt32(firstSequence)
    .writeInt32(messages.length).buffer;
  // Its offset and the epoch of the leader are for the broker to say.
  const head = new KafkaEncoder()
    .writeInt64(0)
    .writeInt32(UNCHECKED_BYTES + checked.length + records.length)
    .writeInt32(0)
    .writeInt8(MAGIC)
    .writeUInt32(crc32c(records, crc32c(checked))).buffer;
  return Buffer.concat([head, checked, records]);
}

function bytesOf(records: readonly RecordToWrite[]): Buffer {
  let size = 0;
  for (const record of records) size += record.size;
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const record of records) at = record.writeTo(buffer, at);
  return buffer;
}
