import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly ms: number;
  /** JSON; each is sent in its turn, and the first ones again after the last. */
  readonly bodies: readonly string[];
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: (\d+)/i;

/**
 * Callers that each send a request, wait for its answer and send the next; answers per second. On bare sockets: any
 * client for HTTP costs more than the server that it would measure here, on the same processors.
 */
export async function answersPerSecond({ port, path, connections, ms, bodies }: Load): Promise<number> {
  const requests = bodies.map((body) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  let next = 0;
  let answered = 0;
  const start = performance.now();
  const until = start + ms;
  const call = (socket: Socket) => socket.write(requests[next++ % requests.length]!);
  const caller = () =>
    new Promise<void>((resolve, reject) => {
      let pending = Buffer.alloc(0);
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => call(socket));
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.on('data', (bytes) => {
        pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
        const head = pending.indexOf(HEAD_END);
        if (head < 0) return;
        const headText = pending.toString('latin1', 0, head);
        if (pending.length < head + HEAD_END.length + Number(LENGTH.exec(headText)![1])) return;
        if (!headText.startsWith('HTTP/1.1 200')) return void socket.destroy(new Error(pending.toString()));
        pending = Buffer.alloc(0);
        answered++;
        if (performance.now() < until) call(socket);
        else socket.end();
      });
    });
  await Promise.all(Array.from({ length: connections }, caller));
  return (answered * 1e3) / (performance.now() - start);
}
