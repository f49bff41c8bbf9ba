import type { Socket } from 'node:net';
import type { RetryOptions, SASLOptions } from 'kafkajs';
import kafkajs from 'kafkajs';
import { CONNECT_MS_MAX, openSocket } from './connection.js';
import { calmIdleTimers } from './idle-timers.js';
import { levelFor, logCreatorFor } from './log.js';
import type { KafkaSettings } from './options.js';
import { writeRecordsFaster } from './produce-request.js';
import { readRecordsFaster } from './record-decoder.js';

calmIdleTimers();
writeRecordsFaster();
readRecordsFaster();

/**
 * One try each: producer, members and the link to the cluster have retries of their own, which know when to give up.
 * Unset values would be the defaults of kafkajs, which are others where NODE_ENV is `test`.
 */
const ONE_TRY: Required<Omit<RetryOptions, 'restartOnFailure'>> = {
  retries: 0,
  initialRetryTime: 50,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
};
/** A broker that says nothing for so long is taken for frozen. Answers of the group protocol may take longer by themselves. */
export const REQUEST_MS_MAX = 12_000;

let turn = 0;

/** Beginning with another one each time: kafkajs begins with the first, and a client of one try would never get further. */
function inTurn(brokers: readonly string[]): string[] {
  const from = turn++ % brokers.length;
  return [...brokers.slice(from), ...brokers.slice(0, from)];
}

/**
 * A kafkajs client of its own, with the connections that it makes. Not shared between producer, members and admin:
 * kafkajs keeps the offsets of all members of a group in one map per client, so that two of them disturb each other.
 */
export class KafkaClient {
  readonly kafka: InstanceType<typeof kafkajs.Kafka>;
  private readonly sockets = new Set<Socket>();
  private closed = false;

  /** `onLost` is told of each connection that ended without our doing. */
  constructor(settings: KafkaSettings, onLost: () => void, retry: Partial<RetryOptions> = {}) {
    this.kafka = new kafkajs.Kafka({
      // None any more is the one answer that its retries take for final.
      brokers: () => (this.closed ? [] : inTurn(settings.brokers)),
      clientId: settings.clientId,
      logLevel: levelFor(settings.logger),
      logCreator: logCreatorFor(settings.logger),
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      retry: { ...ONE_TRY, ...retry },
      ...(settings.tls && { ssl: { ...settings.tls } }),
      ...(settings.sasl && { sasl: { ...settings.sasl } as SASLOptions }),
      socketFactory: ({ host, port, onConnect }) => {
        // kafkajs may come back after it was disconnected: a loop of its own that nobody can end otherwise.
        if (this.closed) throw new Error('the client is closed');
        const socket = openSocket({ host, port }, settings.tls, onConnect);
        this.sockets.add(socket);
        socket.once('close', () => {
          if (this.sockets.delete(socket) && !this.closed) onLost();
        });
        return socket;
      },
    });
  }

  /** Ends its connections so that kafkajs makes new ones: after a request timeout it would go on with the dead one. */
  dropConnections(): void {
    for (const socket of this.sockets) {
      this.sockets.delete(socket);
      socket.destroy(new Error('the broker did not answer'));
    }
  }

  /** Ends what is left, at once and for good. */
  close(): void {
    this.closed = true;
    this.dropConnections();
  }
}
