/** What kafkajs puts on its errors. `type` is the broker's own name of an error that it answered with. */
interface KafkaFailure {
  readonly name: string;
  readonly message: string;
  readonly type?: string;
  readonly code?: string | number;
  readonly cause?: unknown;
}

const REFUSED_SIZES = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
/** The broker lost what it knew of the producer, or knows it otherwise. */
const LOST_SEQUENCES = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
];
const FENCED_MEMBERS = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'];
const REFUSALS = ['INVALID_RECORD', 'INVALID_TIMESTAMP', 'UNSUPPORTED_COMPRESSION_TYPE', 'TOPIC_AUTHORIZATION_FAILED'];

export type FailureKind =
  | 'too_large'
  | 'sequence_lost'
  | 'unknown_topic'
  | 'fenced'
  | 'refused'
  | 'timeout'
  | 'unavailable';

/** What a failure of kafkajs means to us; everything that is not the broker's clear answer may pass: `unavailable`. */
export function failureKind(error: unknown): FailureKind {
  const { name, type } = rootOf(error);
  if (type !== undefined) {
    if (REFUSED_SIZES.includes(type)) return 'too_large';
    if (LOST_SEQUENCES.includes(type)) return 'sequence_lost';
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'unknown_topic';
    if (FENCED_MEMBERS.includes(type)) return 'fenced';
    if (REFUSALS.includes(type)) return 'refused';
  }
  return name === 'KafkaJSRequestTimeoutError' ? 'timeout' : 'unavailable';
}

/** The failure in words for an operator: no stack, no names of classes. */
export function wordsOf(error: unknown): string {
  const { message, type } = rootOf(error);
  const words = message.replace(/^(Connection error: )+/, '').trim() || 'unknown failure';
  return type === undefined ? words : `${words} (${type})`;
}

/** kafkajs wraps the failure that its retries ended with. */
function rootOf(error: unknown): KafkaFailure {
  let failure: unknown = error;
  for (let depth = 0; depth < 8; depth++) {
    const { cause, type } = failure as KafkaFailure;
    if (type !== undefined || !(cause instanceof Error) || cause === failure) break;
    failure = cause;
  }
  return failure instanceof Error ? failure : { name: 'Error', message: String(failure) };
}
