/** How much this process holds. Records without key, value and headers still cost memory: see `RECORD_OVERHEAD_BYTES`. */
export interface EmbeddedLimits {
  /** Newest records of a partition that stay readable once every group has them. */
  readonly keptRecords: number;
  /** Bytes over all partitions above which records that every group has are dropped, the oldest first. */
  readonly keptBytes: number;
  /** Records of a partition that a group has not committed yet; `send` waits at more. */
  readonly waitingRecords: number;
  /** Bytes of those. */
  readonly waitingBytes: number;
  /** Bytes over all partitions; `send` waits at more. */
  readonly totalBytes: number;
  /** How long `send` waits for room, in milliseconds. */
  readonly roomTimeoutMs: number;
}

export const EMBEDDED_LIMITS: EmbeddedLimits = {
  keptRecords: 10_000,
  keptBytes: 64_000_000,
  waitingRecords: 100_000,
  waitingBytes: 64_000_000,
  totalBytes: 512_000_000,
  roomTimeoutMs: 30_000,
};

/** What a record costs beside its bytes: its objects, and those of its key, value and headers. */
export const RECORD_OVERHEAD_BYTES = 300;
