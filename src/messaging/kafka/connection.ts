import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { TlsOptions } from './tls-files.js';

/** How long a connection may take to come about, its encryption included. */
export const CONNECT_MS_MAX = 3_000;
const KEEP_ALIVE_MS = 30_000;

/** A connection to a broker, encrypted where `tls` is given. `onOpen` once it can be used. */
export function openSocket(
  { host, port }: { readonly host: string; readonly port: number },
  tls: TlsOptions | undefined,
  onOpen: () => void,
): Socket {
  const socket = tls
    ? // A name is what the certificate is checked by and is sent for it; an address may not be sent.
      connectSecurely({ host, port, ...(isIP(host) === 0 && { servername: host }), ...tls })
    : connect({ host, port });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // kafkajs forgets one that does not come about; the system would try on for minutes.
  const patience = setTimeout(() => socket.destroy(), CONNECT_MS_MAX + 1_000);
  socket.once(tls ? 'secureConnect' : 'connect', () => {
    clearTimeout(patience);
    onOpen();
  });
  socket.once('close', () => clearTimeout(patience));
  return socket;
}
