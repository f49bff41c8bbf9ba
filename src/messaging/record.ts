/** Bytes by name; a name may come several times. */
export type RecordHeaders = Readonly<Record<string, Buffer | readonly Buffer[]>>;

/** A record to be sent. Without `partition` its key decides, and without a key the partitions take turns. */
export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  readonly partition?: number;
  /** Its {@link recordBytes}, where somebody has counted them. */
  readonly bytes?: number;
}

/** A record of a partition, as its sender wrote it. */
export interface IncomingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  readonly offset: number;
  /** When it was sent, in milliseconds since 1970. */
  readonly timestampMs: number;
  /** Its {@link recordBytes}, where somebody has counted them. */
  readonly bytes?: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A record and where it stands. */
export interface StoredRecord extends IncomingRecord, TopicPartition {}

/** Records of one partition, at least one, ascending by offset. */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly IncomingRecord[];
}

/** Largest record (key, value and headers) that the service sends or reads, in bytes: what brokers take by default. */
export const RECORD_BYTES_MAX = 1_000_000;

/** Bytes of key, value and headers. */
export function recordBytes({ key, value, headers, bytes: known }: Omit<OutgoingRecord, 'partition'>): number {
  if (known !== undefined) return known;
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    const header = headers[name]!;
    bytes += name.length;
    if (Array.isArray(header)) for (const one of header) bytes += one.length;
    else bytes += header.length;
  }
  return bytes;
}
