// The server of subscriptions-transport-ws on a port of its own: what it was told, and the ways in which a server can die
// and come back. It is CommonJS and takes `graphql` by `require`, so its schema is built with that copy.

import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { type ServerOptions, SubscriptionServer } from 'subscriptions-transport-ws';
import { onTestFinished } from 'vitest';
import type { WebSocketServer } from 'ws';
import { World } from './world.js';

const { buildSchema, execute, subscribe } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

/** A message of the client, as it was received. */
export interface Told {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface TheirServerOptions extends Omit<ServerOptions, 'schema' | 'execute' | 'subscribe'> {
  /** The largest message that its WebSocket library takes, bytes. */
  readonly maxPayload?: number;
}

export class TheirServer {
  readonly world: World = new World(buildSchema);
  /** What clients have sent on all connections, in order. */
  readonly told: Told[] = [];
  readonly #options: TheirServerOptions;
  readonly #sockets = new Set<Socket>();
  #http: HttpServer | undefined;
  #port = 0;
  #connections = 0;
  #pings = 0;

  constructor(options: TheirServerOptions) {
    this.#options = options;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/graphql`;
  }

  /** WebSockets that were opened so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Ping frames that it was sent, and its library answered. */
  get pings(): number {
    return this.#pings;
  }

  get liveSockets(): number {
    return this.#sockets.size;
  }

  /** How many messages of this type it was sent. */
  count(type: string): number {
    return this.told.filter((message) => message.type === type).length;
  }

  /** Listens; after `stop` on the same port as before. */
  async start(): Promise<void> {
    const http = createServer();
    this.#http = http;
    http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    const { maxPayload, ...options } = this.#options;
    const { server } = SubscriptionServer.create(
      { schema: this.world.schema, execute: execute as NonNullable<ServerOptions['execute']>, subscribe, ...options },
      { server: http, path: '/graphql', ...(maxPayload === undefined ? undefined : { maxPayload }) },
    );
    // Its own `ws` is an older one; what is used of it here has not changed.
    (server as WebSocketServer).on('connection', (socket) => {
      this.#connections += 1;
      socket.on('message', (data) => this.told.push(JSON.parse(String(data)) as Told));
      socket.on('ping', () => {
        this.#pings += 1;
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
  }

  /** Ends every socket without a closing handshake. */
  kill(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every socket and listens no more. */
  async stop(): Promise<void> {
    const http = this.#http;
    if (http === undefined) return;
    this.#http = undefined;
    const closed = new Promise((resolve) => http.close(resolve));
    this.kill();
    await closed;
  }
}

export async function theirServer(options: TheirServerOptions = {}): Promise<TheirServer> {
  const server = new TheirServer(options);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}
