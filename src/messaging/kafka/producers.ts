import type { Message, Producer } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { CompressionType } from '../names.schema.js';
import { RECORD_BYTES_MAX } from '../record.js';
import { KafkaClient } from './client.js';
import { settledWithin } from './deadline.js';
import type { KafkaSettings } from './options.js';

const { CompressionTypes } = kafkajs;

const TYPES: Record<CompressionType, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};
/** So that a leader that changed and partitions that were added are seen without an error. */
const METADATA_MS_MAX = 30_000;
/** How long the broker waits for its replicas. */
const REPLICAS_MS_MAX = 10_000;
const RETIRE_MS_MAX = 30_000;

/** The answer held no word about the partition: kafkajs does not know it yet, and sent nothing. */
export class UnknownToProducer extends Error {}

/** A producer of one producer id, for one life. */
export class ProducerLife {
  /** It never connected, and never will. */
  stillborn = false;
  private readonly producer: Producer;
  private readonly client: KafkaClient;
  private readonly connected: Promise<void>;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly settings: KafkaSettings,
    onLost: () => void,
  ) {
    this.client = new KafkaClient(settings, onLost);
    this.producer = this.client.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MS_MAX,
      // The partition is chosen before; kafkajs' own choice costs 2 µs a record.
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition!,
      // At least one, or an idempotent producer is refused.
      retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 200 },
    });
    this.connected = this.producer.connect();
    // Whoever sends will hear of it.
    this.connected.catch(() => {
      this.stillborn = true;
    });
  }

  /** The offset of the first. Throws what kafkajs throws. */
  send(topic: string, messages: Message[]): Promise<number> {
    const sent = this.deliver(topic, messages);
    this.inFlight.add(sent);
    const landed = () => this.inFlight.delete(sent);
    sent.then(landed, landed);
    return sent;
  }

  dropConnections(): void {
    this.client.dropConnections();
  }

  /** What is on its way ends with a failure. */
  abort(): void {
    this.client.close();
  }

  /** Once nothing is on its way any more. */
  async retire(timeoutMs = RETIRE_MS_MAX): Promise<void> {
    await settledWithin(timeoutMs, Promise.allSettled([...this.inFlight, this.connected]));
    await settledWithin(1_000, this.producer.disconnect());
    this.client.close();
  }

  private async deliver(topic: string, messages: Message[]): Promise<number> {
    await this.connected;
    const { compression: usual } = this.settings;
    const compression = TYPES[usual === 'none' && isLarge(messages) ? 'gzip' : usual];
    const answers = await this.producer.send({ topic, messages, acks: -1, timeout: REPLICAS_MS_MAX, compression });
    const baseOffset = answers.find(({ partition }) => partition === messages[0]!.partition)?.baseOffset;
    if (baseOffset === undefined) throw new UnknownToProducer('kafkajs does not know the partition yet');
    return Number(baseOffset);
  }
}

/** Larger than what we take: a dead letter, whose record the broker may have taken only because it was compressed. */
function isLarge(messages: readonly Message[]): boolean {
  const [message] = messages;
  return messages.length === 1 && Buffer.isBuffer(message?.value) && message.value.length > RECORD_BYTES_MAX;
}

/** The producer of today. */
export class Producers {
  private life: ProducerLife | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly onLost: () => void,
  ) {}

  get current(): ProducerLife {
    if (this.life?.stillborn) this.retire(this.life);
    this.life ??= new ProducerLife(this.settings, this.onLost);
    return this.life;
  }

  /**
   * Never to be used again. What is on its way with it, of other partitions, still lands: each partition has one request
   * on its way, so that nothing overtakes.
   */
  retire(life: ProducerLife): void {
    if (this.life === life) this.life = undefined;
    void life.retire();
  }

  async close(timeoutMs: number): Promise<void> {
    const { life } = this;
    this.life = undefined;
    await life?.retire(timeoutMs);
  }
}
