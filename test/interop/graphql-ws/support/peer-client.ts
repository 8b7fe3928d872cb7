// A client of graphql-ws for tests: on the package `ws`, with the sockets that it opens and the messages that it reads in
// sight, and at rest when its test is over.

import { type Client, type ClientOptions, createClient, type Message, type SubscribePayload } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface PeerClient {
  readonly client: Client;
  /** Every socket so far, in the order of opening. */
  readonly sockets: readonly WebSocket[];
  /** Every message that was read, on all sockets. */
  readonly messages: readonly Message[];
}

/** How an operation ended: completed, or with what its sink was given. */
export type Ending = 'complete' | { readonly error: unknown };

export interface Running {
  readonly results: readonly unknown[];
  readonly ended: Promise<Ending>;
  stop(): void;
}

/** Connects at once and keeps its socket, and does not wait before it tries again, unless its options say otherwise. */
export function startPeerClient(url: string, options: Partial<ClientOptions> = {}): PeerClient {
  const sockets: WebSocket[] = [];
  const messages: Message[] = [];
  class Seen extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  }
  const client = createClient({
    url,
    webSocketImpl: Seen,
    lazy: false,
    onNonLazyError: () => {},
    retryWait: () => new Promise((resolve) => setImmediate(resolve)),
    ...options,
  });
  client.on('message', (message) => messages.push(message));
  onTestFinished(async () => {
    // It waits for a connection that it is still making, and rejects when there will be none.
    const disposed = Promise.resolve(client.dispose()).catch(() => {});
    for (const socket of sockets) socket.terminate();
    await disposed;
  });
  return { client, sockets, messages };
}

/** The socket in use, once the server has accepted it. */
export function connected({ client }: PeerClient): Promise<{ readonly socket: WebSocket; readonly payload: unknown }> {
  return new Promise((resolve) => {
    const off = client.on('connected', (socket, payload) => {
      off();
      resolve({ socket: socket as WebSocket, payload });
    });
  });
}

export function run({ client }: PeerClient, request: string | SubscribePayload): Running {
  const results: unknown[] = [];
  let stop = (): void => {};
  const ended = new Promise<Ending>((resolve) => {
    stop = client.subscribe(typeof request === 'string' ? { query: request } : request, {
      next: (result) => results.push(result),
      error: (error) => resolve({ error }),
      complete: () => resolve('complete'),
    });
  });
  return { results, ended, stop: () => stop() };
}

/** What an operation was answered with, from its first result to its end. */
export async function answersTo(peer: PeerClient, request: string | SubscribePayload): Promise<readonly unknown[]> {
  const { results, ended } = run(peer, request);
  const ending = await ended;
  return ending === 'complete' ? results : [...results, ending];
}

let marks = 0;

/** Resolves when the server has read everything that was sent on this socket before, and we what it had sent. */
export function settled({ client }: PeerClient, socket: WebSocket): Promise<void> {
  const mark = ++marks;
  return new Promise((resolve) => {
    const off = client.on('pong', (received, payload) => {
      if (!received || payload?.mark !== mark) return;
      off();
      resolve();
    });
    socket.send(JSON.stringify({ type: 'ping', payload: { mark } }));
  });
}
