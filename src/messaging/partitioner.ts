const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;

/** The next turn of each topic, for records without key. */
const turns = new Map<string, number>();

/**
 * The partition of a record, 0 to `partitions` - 1: what the Java client and kafkajs choose for a key, so that records of
 * one key stay together whoever sends them. Without key the partitions take turns.
 */
export function partitionOf(key: Buffer | null, partitions: number, topic: string): number {
  if (key !== null) return (murmur2(key) & 0x7fffffff) % partitions;
  const turn = turns.get(topic) ?? Math.floor(Math.random() * partitions);
  turns.set(topic, (turn + 1) % 0x7fffffff);
  return turn % partitions;
}

/** The 32 bit hash of Kafka's clients; kafkajs has it as well, in BigInt arithmetic and many times slower. */
function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    word = Math.imul(word, FACTOR);
    word = Math.imul(word ^ (word >>> 24), FACTOR);
    hash = Math.imul(hash, FACTOR) ^ word;
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) hash ^= data[at]! << (8 * (at - whole));
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return hash ^ (hash >>> 15);
}
