// Servers on loopback that count their connections: of node:http, and bare ones that write what a test says, byte by byte.

import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen } from '../../../../src/testing/listen.js';

export interface Counted {
  readonly url: string;
  readonly port: number;
  /** Every connection so far. */
  readonly connections: Socket[];
  /** Those that are open. */
  readonly open: Set<Socket>;
}

function counting(server: NetServer): Pick<Counted, 'connections' | 'open'> {
  const connections: Socket[] = [];
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.push(socket);
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { connections, open };
}

export async function httpServer(listener: RequestListener): Promise<Counted & { readonly server: Server }> {
  const server = createHttpServer(listener);
  const counted = counting(server);
  const port = await listen('The server', server, '127.0.0.1', 0);
  return { ...counted, server, port, url: `http://127.0.0.1:${port}/graphql` };
}

/** Answers the first bytes of every request, by its number on the connection: 1, 2, ... */
export async function bareServer(answer: (socket: Socket, request: number, text: string) => void): Promise<Counted> {
  const server = createServer((socket) => {
    let requests = 0;
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      if (/^[A-Z]+ \//.test(text)) answer(socket, ++requests, text);
    });
  });
  const counted = counting(server);
  const port = await listen('The server', server, '127.0.0.1', 0);
  return { ...counted, port, url: `http://127.0.0.1:${port}/graphql` };
}

/** A port of 127.0.0.1 where nothing listens: one that was free a moment ago may be another test's by now. */
export const deadPort = 1;

/** A name that no server of DNS has to be asked for, however slow: a label may have 63 characters. RFC 1035, section 2.3.4. */
export const impossibleName: string = `${'nobody'.repeat(11)}.invalid`;
