import { createRequire } from 'node:module';

/** A record as kafkajs hands it over to be written. */
interface Written {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
}

/** What kafkajs takes from the encoder of a record. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/**
 * kafkajs 2.2.4 takes half a kilobyte of memory for each header of a record and copies it twice: 40 µs for the eight
 * headers of ours. This writes the same bytes into one buffer, in 2 µs. To be called before the first record is sent.
 */
export function writeRecordsFaster(): void {
  const require = createRequire(import.meta.url);
  const path = require.resolve('kafkajs/src/protocol/recordBatch/record/v0/index.js');
  require(path);
  require.cache[path]!.exports = encodeRecord;
}

/** Length, attributes, time and offset since the batch's, key, value, headers: record format 2. */
export function encodeRecord({ offsetDelta = 0, timestampDelta = 0, key, value, headers = {} }: Written): Encoded {
  const fields: (Buffer | null)[] = [];
  for (const name in headers) {
    const header = headers[name]!;
    const bytes = nameBytes(name);
    if (Array.isArray(header)) for (const one of header) fields.push(bytes, bytesOf(one));
    else fields.push(bytes, bytesOf(header as Buffer | string));
  }
  const [keyBytes, valueBytes] = [bytesOf(key), bytesOf(value)];
  const headerCount = fields.length / 2;
  let size = 1 + sizeOfVarInt(timestampDelta) + sizeOfVarInt(offsetDelta) + sizeOfVarInt(headerCount);
  size += sizeOfBytes(keyBytes) + sizeOfBytes(valueBytes);
  for (const field of fields) size += sizeOfBytes(field);

  const buffer = Buffer.allocUnsafe(sizeOfVarInt(size) + size);
  let at = writeVarInt(buffer, 0, size);
  buffer[at++] = 0;
  at = writeVarInt(buffer, at, timestampDelta);
  at = writeVarInt(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, keyBytes);
  at = writeBytes(buffer, at, valueBytes);
  at = writeVarInt(buffer, at, headerCount);
  for (const field of fields) at = writeBytes(buffer, at, field);
  return { buf: buffer, buffer };
}

const NAMES_MAX = 1_000;
const names = new Map<string, Buffer>();

function nameBytes(name: string): Buffer {
  const known = names.get(name);
  if (known) return known;
  const bytes = Buffer.from(name);
  if (names.size < NAMES_MAX) names.set(name, bytes);
  return bytes;
}

function bytesOf(value: Buffer | string | null | undefined): Buffer | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
}

const BITS_31 = 2 ** 31;
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
/** The bits after the lowest seven; times may need more than 32. */
const shifted = (bits: number) => (bits < BITS_31 ? bits >> 7 : Math.floor(bits / 0x80));

function sizeOfVarInt(value: number): number {
  let bytes = 1;
  for (let rest = zigzag(value); rest >= 0x80; rest = shifted(rest)) bytes++;
  return bytes;
}

function writeVarInt(buffer: Buffer, from: number, value: number): number {
  let at = from;
  let rest = zigzag(value);
  for (; rest >= 0x80; rest = shifted(rest)) buffer[at++] = (rest % 0x80) | 0x80;
  buffer[at++] = rest;
  return at;
}

/** The length before them; -1 for none. */
const sizeOfBytes = (bytes: Buffer | null) => (bytes === null ? 1 : sizeOfVarInt(bytes.length) + bytes.length);

function writeBytes(buffer: Buffer, from: number, bytes: Buffer | null): number {
  if (bytes === null) return writeVarInt(buffer, from, -1);
  const at = writeVarInt(buffer, from, bytes.length);
  bytes.copy(buffer, at);
  return at + bytes.length;
}
