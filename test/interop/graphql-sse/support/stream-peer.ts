// A server of GraphQL over SSE on node:http, that of graphql-sse or our own: what reaches it, what runs on it, and its streams
// and itself to be ended by a test.

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, execute, type GraphQLSchema, subscribe, validate } from 'graphql';
import { createHandler as createTheirHandler } from 'graphql-sse/lib/use/http';
import { onTestFinished } from 'vitest';
import { createHandler, createServer as createOurServer } from '../../../../src/server/index.js';

const sdl = /* GraphQL */ `
  type Query {
    hello(name: String): String
    fails: String
    slow(gate: String!): String
  }
  type Mutation {
    add(amount: Int!): Int
    addSlowly(amount: Int!, gate: String!): Int
  }
  type Subscription {
    count(to: Int!): Int
    ticks(name: String!): Int
  }
`;

/** Makes the listener of one life of the server. */
type MakeListener = (schema: GraphQLSchema) => Promise<RequestListener>;

export type PeerName = 'graphql-sse' | 'our server';

const listeners: Readonly<Record<PeerName, MakeListener>> = {
  'graphql-sse': async (schema) => {
    // The test runner and Node may load two copies of graphql-js: the one that made the schema must execute it.
    const handle = createTheirHandler({ schema, execute, subscribe, validate });
    return (request, response) => {
      handle(request, response).catch(() => response.destroy());
    };
  },
  // Like theirs, it tells what resolvers throw.
  'our server': async (schema) => (await createHandler(createOurServer({ schema, development: true }))).request,
};

export const peerNames: readonly PeerName[] = ['graphql-sse', 'our server'];

export interface PeerOptions {
  /** Which methods pages of other origins may use. Default: none. */
  readonly allowedMethods?: string | undefined;
  /** Answers every reservation with this status, as servers do that have never heard of one. */
  readonly refusesReservations?: number | undefined;
}

export class StreamPeer {
  /** The sum of all amounts, over all lives. */
  sum = 0;
  /** How often a mutation was run. */
  mutations = 0;
  /** The method of every request, in order. */
  readonly methods: string[] = [];
  /** Names of the sources that run. */
  readonly running: Map<string, Source> = new Map();
  /** The event streams that are open, and how many there ever were. */
  readonly streams: Set<ServerResponse> = new Set();
  streamsSoFar = 0;
  /** TCP connections at the same time. */
  mostConnections = 0;
  readonly #make: MakeListener;
  readonly #options: PeerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #gates = new Map<string, () => void>();
  #server: Server | undefined;
  #port = 0;

  /** Use `startPeer`. */
  constructor(name: PeerName, options: PeerOptions) {
    this.#make = listeners[name];
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  /** Listens, again on the same port after `stop`, and has forgotten every stream. */
  async start(): Promise<void> {
    const listener = await this.#make(this.#schema());
    const server = createServer((request, response) => {
      if (this.#permits(request, response)) return;
      this.methods.push(request.method ?? '');
      if (request.method === 'PUT' && this.#options.refusesReservations !== undefined) {
        response.writeHead(this.#options.refusesReservations).end();
        return;
      }
      if (request.headers.accept?.startsWith('text/event-stream')) {
        this.streams.add(response);
        this.streamsSoFar += 1;
        response.on('close', () => this.streams.delete(response));
      }
      listener(request, response);
    });
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.mostConnections = Math.max(this.mostConnections, this.#sockets.size);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    for (const source of [...this.running.values()]) source.end();
  }

  /** Breaks every event stream off, or ends it in the way of HTTP; nothing else. */
  cutStreams(how: 'broken off' | 'ended'): void {
    for (const response of [...this.streams]) {
      if (how === 'ended') response.end();
      else response.socket?.destroy();
    }
  }

  /** Lets a `slow` query or a slow mutation answer. */
  open(gate: string): void {
    this.#gates.get(gate)?.();
  }

  /** Whether something waits there. */
  isWaiting(gate: string): boolean {
    return this.#gates.has(gate);
  }

  tick(n: number): void {
    for (const source of this.running.values()) source.emit(n);
  }

  /** Whether a page only asked for permission. */
  #permits({ method }: IncomingMessage, response: ServerResponse): boolean {
    const { allowedMethods } = this.#options;
    if (allowedMethods === undefined) return false;
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-allow-methods', allowedMethods);
    if (method === 'OPTIONS') response.writeHead(204).end();
    return method === 'OPTIONS';
  }

  #schema(): GraphQLSchema {
    const schema = buildSchema(sdl);
    const field = (type: 'Query' | 'Mutation' | 'Subscription', name: string) => {
      const found = schema.getType(type);
      if (found === undefined || !('getFields' in found)) throw new Error(`No type ${type}`);
      const one = found.getFields()[name];
      if (one === undefined || !('args' in one)) throw new Error(`No field ${name}`);
      return one;
    };
    field('Query', 'hello').resolve = (_source, { name }) => `Hello ${name ?? 'world'}`;
    field('Query', 'fails').resolve = () => {
      throw new Error('It failed');
    };
    field('Query', 'slow').resolve = async (_source, { gate }) => {
      await this.#wait(gate);
      return `after ${gate}`;
    };
    field('Mutation', 'add').resolve = (_source, { amount }) => {
      this.mutations += 1;
      this.sum += amount;
      return this.sum;
    };
    field('Mutation', 'addSlowly').resolve = async (_source, { amount, gate }) => {
      this.mutations += 1;
      this.sum += amount;
      await this.#wait(gate);
      return this.sum;
    };
    const count = field('Subscription', 'count');
    count.subscribe = async function* (_source, { to }) {
      for (let n = 1; n <= to; n += 1) yield n;
    };
    count.resolve = (n) => n;
    const ticks = field('Subscription', 'ticks');
    ticks.subscribe = (_source, { name }) => new Source(name, this.running).events();
    ticks.resolve = (n) => n;
    return schema;
  }

  #wait(gate: string): Promise<void> {
    return new Promise((resolve) => this.#gates.set(gate, resolve));
  }
}

/** Emits what it is told to, until it is left. */
class Source {
  readonly #name: string;
  readonly #running: Map<string, Source>;
  readonly #queue: number[] = [];
  #wake: () => void = () => {};
  #over = false;

  constructor(name: string, running: Map<string, Source>) {
    this.#name = name;
    this.#running = running;
  }

  emit(n: number): void {
    this.#queue.push(n);
    this.#wake();
  }

  end(): void {
    this.#over = true;
    if (this.#running.get(this.#name) === this) this.#running.delete(this.#name);
    this.#wake();
  }

  events(): AsyncGenerator<number, undefined> {
    this.#running.set(this.#name, this);
    const next = async (): Promise<IteratorResult<number, undefined>> => {
      while (!this.#over) {
        const value = this.#queue.shift();
        if (value !== undefined) return { done: false, value };
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      return { done: true, value: undefined };
    };
    const leave = async (): Promise<IteratorReturnResult<undefined>> => {
      this.end();
      return { done: true, value: undefined };
    };
    // A generator by its looks: graphql-sse leaves nothing else.
    return {
      next,
      return: leave,
      throw: leave,
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: async () => {
        await leave();
      },
    };
  }
}

export async function startPeer(name: PeerName, options: PeerOptions = {}): Promise<StreamPeer> {
  const peer = new StreamPeer(name, options);
  await peer.start();
  onTestFinished(() => peer.stop());
  return peer;
}
