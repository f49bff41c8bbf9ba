/** A record as kafkajs hands it over to be written. */
export interface Written {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
  readonly timestamp?: number | string;
}

type Field = Buffer | null;

/** A record of format 2, of which only the bytes are missing. The deltas are since the first of its batch. */
export class RecordToWrite {
  /** Bytes it takes, with its length before them. */
  readonly size: number;
  private readonly bodySize: number;
  /** Key and value, then name and value of each header. */
  private readonly fields: readonly Field[];

  constructor(
    { key, value, headers }: Written,
    private readonly offsetDelta: number,
    private readonly timestampDelta: number,
  ) {
    const fields: Field[] = [bytesOf(key), bytesOf(value)];
    for (const name in headers) {
      const header = headers[name]!;
      const bytes = nameBytes(name);
      if (Array.isArray(header)) for (const one of header) fields.push(bytes, bytesOf(one));
      else fields.push(bytes, bytesOf(header as Buffer | string));
    }
    let size = 1 + sizeOfVarInt(timestampDelta) + sizeOfVarInt(offsetDelta) + sizeOfVarInt(headerCount(fields));
    for (const field of fields) size += field === null ? 1 : sizeOfVarInt(field.length) + field.length;
    this.fields = fields;
    this.bodySize = size;
    this.size = sizeOfVarInt(size) + size;
  }

  /** Gives the place behind it. */
  writeTo(buffer: Buffer, from: number): number {
    const { fields } = this;
    let at = writeVarInt(buffer, from, this.bodySize);
    buffer[at++] = 0;
    at = writeVarInt(buffer, at, this.timestampDelta);
    at = writeVarInt(buffer, at, this.offsetDelta);
    at = writeBytes(buffer, at, fields[0]!);
    at = writeBytes(buffer, at, fields[1]!);
    at = writeVarInt(buffer, at, headerCount(fields));
    for (let i = 2; i < fields.length; i++) at = writeBytes(buffer, at, fields[i]!);
    return at;
  }
}

const headerCount = (fields: readonly Field[]) => fields.length / 2 - 1;

const NAMES_MAX = 1_000;
const names = new Map<string, Buffer>();

function nameBytes(name: string): Buffer {
  const known = names.get(name);
  if (known) return known;
  const bytes = Buffer.from(name);
  if (names.size < NAMES_MAX) names.set(name, bytes);
  return bytes;
}

function bytesOf(value: Buffer | string | null | undefined): Field {
  if (value === null || value === undefined) return null;
  return value instanceof Buffer ? value : Buffer.from(String(value));
}

const BITS_31 = 2 ** 31;
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
/** The bits after the lowest seven; times may need more than 32. */
const shifted = (bits: number) => (bits < BITS_31 ? bits >> 7 : Math.floor(bits / 0x80));

function sizeOfVarInt(value: number): number {
  // Nearly every length is one of these.
  if (value >= 0 && value < 0x2000) return value < 0x40 ? 1 : 2;
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

/** Up to so many bytes a loop is faster than a call into the engine. */
const COPIED_BY_LOOP_MAX = 24;

/** The length before them; -1 for none. */
function writeBytes(buffer: Buffer, from: number, bytes: Field): number {
  if (bytes === null) return writeVarInt(buffer, from, -1);
  const { length } = bytes;
  const at = writeVarInt(buffer, from, length);
  if (length > COPIED_BY_LOOP_MAX) buffer.set(bytes, at);
  else for (let i = 0; i < length; i++) buffer[at + i] = bytes[i]!;
  return at + length;
}
