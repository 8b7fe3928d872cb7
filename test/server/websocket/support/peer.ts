// A peer of a made-up server: it opens fake sockets, sends what a test wants, and time stands still.

import type { Execution } from '../../../../src/protocol/executor.js';
import type { DisconnectContext, FailureSource, ServerOptions } from '../../../../src/server/index.js';
import { acceptSocket } from '../../../../src/server/websocket/accept.js';
import type { Socket, SocketEvents } from '../../../../src/server/websocket/socket.js';
import type { Frame } from '../../support/client.js';
import { type FakeCore, fakeCore } from '../../support/core.js';
import { FakeSocket } from '../../support/fake-socket.js';

export const dialects = ['graphql-transport-ws', 'graphql-ws'] as const;
export type Dialect = (typeof dialects)[number];

/** The message that starts an operation. */
export const starts = { 'graphql-transport-ws': 'subscribe', 'graphql-ws': 'start' } as const;
/** The message that a client stops one with. */
export const stops = { 'graphql-transport-ws': 'complete', 'graphql-ws': 'stop' } as const;

export interface FakeServer {
  readonly core: FakeCore;
  readonly endings: DisconnectContext[];
  readonly failures: { readonly error: unknown; readonly source: FailureSource }[];
  /** How often each limit turned something away. */
  limited(): Record<string, number>;
  connect(dialect?: Dialect, socket?: FakeSocket, remoteAddress?: string): Peer;
}

export class Peer {
  readonly dialect: Dialect;
  readonly socket: FakeSocket;
  readonly events: SocketEvents;
  #id = 0;

  constructor(dialect: Dialect, socket: FakeSocket, events: SocketEvents) {
    this.dialect = dialect;
    this.socket = socket;
    this.events = events;
  }

  send(message: unknown): void {
    this.events.message(JSON.stringify(message));
  }

  init(payload?: unknown): this {
    this.send({ type: 'connection_init', payload });
    return this;
  }

  /** Starts an operation, and returns its id. */
  start(id: string = String(++this.#id)): string {
    this.send({ type: starts[this.dialect], id, payload: { query: '{ any }' } });
    return id;
  }

  stop(id: string): void {
    this.send({ type: stops[this.dialect], id });
  }

  /** What was sent since the last call. */
  read(): readonly Frame[] {
    return this.socket.frames.splice(0);
  }

  types(): readonly string[] {
    return this.read().map(({ type }) => type);
  }

  get closes(): FakeSocket['closes'] {
    return this.socket.closes;
  }
}

export function fakeServer(
  options: Partial<ServerOptions> = {},
  execute: (signal: AbortSignal) => Execution | Promise<Execution> = () => ({ kind: 'result', result: { data: {} } }),
): FakeServer {
  const endings: DisconnectContext[] = [];
  const failures: FakeServer['failures'] = [];
  const made = fakeCore((_payload, { signal }) => execute(signal), {
    keepAliveMs: 0,
    idempotency: false,
    onDisconnect: (ending) => void endings.push(ending),
    ...options,
  });
  const core: FakeCore = { ...made, report: (error, source) => void failures.push({ error, source }) };
  return {
    core,
    endings,
    failures,
    limited: () => Object.fromEntries(core.telemetry.tally.limited),
    connect(dialect = 'graphql-transport-ws', socket = new FakeSocket(), remoteAddress = undefined) {
      return new Peer(
        dialect,
        socket,
        acceptSocket(core, socket, { subprotocol: dialect, headers: { 'user-agent': 'test' }, remoteAddress }),
      );
    },
  };
}

/** A subscription that ends only when it is stopped. */
export function endless(signal: AbortSignal): Execution {
  const over = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  const end = { done: true, value: undefined } as const;
  return { kind: 'stream', events: { next: () => over.then(() => end), return: () => Promise.resolve(end) } };
}

/** A socket that can do the three things that every runtime's can, and nothing else. */
export class PlainSocket implements Socket {
  readonly frames: Frame[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];
  terminated = 0;

  send(text: string): void {
    this.frames.push(JSON.parse(text) as Frame);
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }

  terminate(): void {
    this.terminated += 1;
  }
}

/** Settles when promises that are settled have been heard. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
