// A server of graphql-ws on a free port, over the schema of our own server's tests: what its hooks and sockets see, and an
// outage on command, after which it listens on the same port again.

import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execute, parse, subscribe, validate } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeSchema, Probe } from '../../../server/support/schema.js';

export type PeerServerOptions = ServerOptions<Record<string, unknown>, Extra>;

/** Of its WebSocket layer, which would end a socket of a slow machine. */
const noPings = 0;

export interface PeerEnd {
  readonly code: number;
  readonly reason: string;
}

export class PeerServer {
  readonly probe: Probe = new Probe();
  /** Every socket so far, in the order of opening. */
  readonly sockets: WebSocket[] = [];
  /** How each ended, in the order of ending. */
  readonly ends: PeerEnd[] = [];
  /** The type of every message that was read, on all sockets. */
  readonly received: string[] = [];
  readonly #options: PeerServerOptions;
  #http: HttpServer | undefined;
  #port = 0;

  /** Use `startPeerServer`. */
  constructor(options: PeerServerOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/graphql`;
  }

  /** The socket opened last. */
  get socket(): WebSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No socket was opened.');
    return socket;
  }

  /** Listens, again on the same port after `stop`. */
  async start(): Promise<void> {
    const http = createServer();
    const webSockets = new WebSocketServer({ server: http });
    webSockets.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('message', (data) => this.received.push(typeOf(String(data))));
      socket.on('close', (code, reason) => this.ends.push({ code, reason: reason.toString() }));
    });
    // For each operation its own, as their listeners are never taken away.
    const context = () => ({ signal: new AbortController().signal });
    // The test runner and Node may load two copies of graphql-js: the one that made the schema must execute it.
    const graphql = { parse, validate, execute, subscribe };
    useServer({ ...graphql, schema: makeSchema(this.probe), context, ...this.#options }, webSockets, noPings);
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
  }

  /** Terminates every socket and listens no more. */
  async stop(): Promise<void> {
    const http = this.#http;
    this.#http = undefined;
    if (http === undefined) return;
    const closed = new Promise((resolve) => http.close(resolve));
    this.terminate();
    http.closeAllConnections();
    await closed;
  }

  /** Ends every socket without a close frame. */
  terminate(): void {
    for (const socket of this.sockets) socket.terminate();
  }
}

export async function startPeerServer(options: PeerServerOptions = {}): Promise<PeerServer> {
  const server = new PeerServer(options);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

function typeOf(text: string): string {
  return (JSON.parse(text) as { readonly type: string }).type;
}
