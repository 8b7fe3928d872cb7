// Real servers on loopback for requests of fetch: of node:http, and of bare TCP for answers that no server should give.

import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Serving {
  /** As in `http://127.0.0.1:40000`. */
  readonly origin: string;
  readonly server: Server;
}

export async function serve(listener: RequestListener): Promise<Serving> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: await originOf(server), server };
}

/** `connected` is called with the first bytes of each connection. */
export async function serveTcp(connected: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (bytes) => connected(socket, bytes.toString('latin1')));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return originOf(server);
}

/** Where nothing listens: a port that was free a moment ago may be another test's by now. fetch asks no port 1. */
export const deadOrigin = 'http://127.0.0.1:2';

/** A name that no server of DNS has to be asked for, however slow: a label may have 63 characters. RFC 1035, section 2.3.4. */
export const impossibleName: string = `${'nobody'.repeat(11)}.invalid`;

async function originOf(server: ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
