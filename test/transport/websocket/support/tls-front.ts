// TLS in front of a server that has none, with the certificate of these tests.

import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { listen } from '../../../../src/testing/listen.js';
import { certificate, key } from './certificate.js';

/** Resolves with the port of 127.0.0.1 where it stands. */
export async function tlsFront(target: { readonly port: number }): Promise<number> {
  const sockets = new Set<TLSSocket>();
  const front = createServer({ cert: certificate, key }, (socket) => {
    sockets.add(socket);
    const server = connect(target.port, '127.0.0.1');
    socket.pipe(server).pipe(socket);
    for (const side of [socket, server]) {
      side.on('error', () => {});
      side.on('close', () => {
        socket.destroy();
        server.destroy();
      });
    }
  });
  // A client that does not like the certificate leaves, which is no failure of ours.
  front.on('tlsClientError', () => {});
  const port = await listen('The TLS front', front, '127.0.0.1', 0);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    front.close();
  });
  return port;
}
