// A transport without a network, driven by hand: a test accepts or refuses each attempt to open, reads what was sent, and
// answers, breaks or closes each connection when it likes.

import * as CloseCode from '../../../src/protocol/close-codes.js';
import type { JsonObject } from '../../../src/protocol/json.js';
import type { GraphQLError, Result } from '../../../src/protocol/result.js';
import type {
  Capabilities,
  Closure,
  Connection,
  ConnectionEvents,
  Credentials,
  Failure,
  Handle,
  OpenContext,
  Request,
  ResponseHead,
  Sink,
  Transport,
} from '../../../src/transport/contract.js';
import { OpenError } from '../../../src/transport/open-error.js';
import { closedWith } from './failures.js';

export interface FakeConnectionSettings {
  /** How long the server says it remembers idempotency keys, ms. Default 0: it does not honour them. */
  readonly idempotencyWindowMs?: number;
  readonly idempotencyStore?: string;
  /** Whether the connection can be pinged. Default true. */
  readonly ping?: boolean;
  /** Whether `sending()` is called as part of `start`, as a WebSocket does; else a test calls `request.sending()`. Default true. */
  readonly sendsAtOnce?: boolean;
  /** Default `connection`. */
  readonly kind?: Capabilities['kind'];
  /** Whether it takes new credentials. Default false. */
  readonly reauthenticate?: boolean;
  /** Whether it can hold back one operation alone. Default false. */
  readonly flow?: boolean;
  /** The peer does not answer a close frame: `close` takes its whole grace. Default false: it ends at once. */
  readonly ignoresClose?: boolean;
}

export class FakeTransport implements Transport {
  readonly name: string = 'fake';
  /** Every attempt to open, the first one first. */
  readonly opens: FakeOpen[] = [];
  readonly #settings: FakeConnectionSettings;

  /** The settings of every connection that does not have others. */
  constructor(settings: FakeConnectionSettings = {}) {
    this.#settings = settings;
  }

  open(context: OpenContext, events: ConnectionEvents): Promise<Connection> {
    const attempt = new FakeOpen(context, events, this.#settings);
    this.opens.push(attempt);
    return attempt.connection;
  }

  /** The latest attempt to open. */
  get latest(): FakeOpen {
    const attempt = this.opens.at(-1);
    if (attempt === undefined) throw new Error('The session has not opened a connection yet.');
    return attempt;
  }
}

export class FakeOpen {
  readonly context: OpenContext;
  readonly events: ConnectionEvents;
  readonly connection: Promise<FakeConnection>;
  readonly #settings: FakeConnectionSettings;
  #resolve!: (connection: FakeConnection) => void;
  #reject!: (error: Error) => void;

  constructor(context: OpenContext, events: ConnectionEvents, settings: FakeConnectionSettings) {
    this.context = context;
    this.events = events;
    this.#settings = settings;
    this.connection = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The server acknowledges. */
  accept(settings: FakeConnectionSettings = {}): FakeConnection {
    const connection = new FakeConnection(this, { ...this.#settings, ...settings });
    this.#resolve(connection);
    return connection;
  }

  refuse(failure: Failure): void {
    this.#reject(new OpenError(failure));
  }

  /** Rejects with whatever this is, as a transport with a defect would. */
  breakWith(error: unknown): void {
    this.#reject(error as Error);
  }
}

export class FakeConnection implements Connection {
  readonly generation: number;
  readonly capabilities: Capabilities;
  readonly closed: Promise<Closure>;
  readonly ping: ((payload?: JsonObject | undefined) => void) | undefined;
  /** Everything that was started on it, in order. */
  readonly requests: FakeRequest[] = [];
  /** The payloads of the pings that were sent. */
  readonly pings: (JsonObject | undefined)[] = [];
  /** The new credentials that it was given while it lived. */
  readonly renewed: Credentials[] = [];
  readonly reauthenticate: ((credentials: Credentials) => void) | undefined;
  /** How the session ended it, where it did. */
  ended: { readonly how: 'close' | 'terminate'; readonly closure: Closure } | undefined;
  readonly #open: FakeOpen;
  readonly #settings: FakeConnectionSettings;
  #over = false;
  #settleClosed!: (closure: Closure) => void;
  #cancelTimer: (() => void) | undefined;

  constructor(open: FakeOpen, settings: FakeConnectionSettings) {
    this.#open = open;
    this.#settings = settings;
    this.generation = open.context.generation;
    this.capabilities = {
      kind: settings.kind ?? 'connection',
      operations: ['query', 'mutation', 'subscription'],
      resume: false,
      reauthenticate: settings.reauthenticate === true,
      idempotencyWindowMs: settings.idempotencyWindowMs ?? 0,
      idempotencyStore: settings.idempotencyStore,
    };
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.reauthenticate =
      settings.reauthenticate === true ? (credentials) => void this.renewed.push(credentials) : undefined;
    this.ping = settings.ping === false ? undefined : (payload) => void this.pings.push(payload);
  }

  /** The request that was started last. */
  get latest(): FakeRequest {
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error('Nothing was started on this connection yet.');
    return request;
  }

  /** The texts of what was started, in order. */
  get queries(): string[] {
    return this.requests.map(({ request }) => request.query);
  }

  start(request: Request, sink: Sink): Handle {
    // As the contract has it: on a connection that has begun to end nothing is sent.
    if (this.#over) return { cancel: () => {} };
    const started = new FakeRequest(request, sink);
    this.requests.push(started);
    if (this.#settings.sendsAtOnce !== false) sink.sending();
    const flow = { pause: () => started.hold(true), resume: () => started.hold(false) };
    return { cancel: () => started.cancel(), ...(this.#settings.flow === true ? { flow } : undefined) };
  }

  async close(closure: Closure, graceMs: number): Promise<void> {
    this.ended ??= { how: 'close', closure };
    this.#over = true;
    if (this.#settings.ignoresClose === true) {
      this.#cancelTimer = this.#open.context.clock.setTimer(graceMs, () => this.#end(closure));
    } else {
      this.#end(closure);
    }
    await this.closed;
  }

  terminate(closure: Closure): void {
    this.ended ??= { how: 'terminate', closure };
    this.#end(closure);
  }

  /** It ends without the session's doing. Default: the socket breaks, without a close frame. */
  lose(failure: Failure = closedWith(CloseCode.abnormal)): void {
    const code = failure.closeCode ?? CloseCode.abnormal;
    const clean = code !== CloseCode.abnormal;
    this.#end({ by: clean ? 'peer' : 'network', code, reason: failure.closeReason ?? '', clean, failure });
  }

  heard(): void {
    this.#open.events.heard();
  }

  pong(payload?: JsonObject): void {
    this.heard();
    this.#open.events.pong(payload);
  }

  keepAlive(): void {
    this.heard();
    this.#open.events.keepAlive();
  }

  goingAway(withinMs?: number): void {
    this.#open.events.goingAway({ reason: 'drain', withinMs });
  }

  backlog(level: 'high' | 'low'): void {
    this.#open.events.backlog(level);
  }

  #end(closure: Closure): void {
    this.#over = true;
    this.#cancelTimer?.();
    this.#settleClosed(closure);
  }
}

/** One send of an operation, as the server sees it. Nothing stops a test from answering after the end of the connection. */
export class FakeRequest {
  readonly request: Request;
  readonly #sink: Sink;
  #cancelled = 0;
  /** The client holds its events back. */
  held = false;

  constructor(request: Request, sink: Sink) {
    this.request = request;
    this.#sink = sink;
  }

  /** The client told the server to stop. */
  get cancelled(): boolean {
    return this.#cancelled > 0;
  }

  get idempotencyKey(): unknown {
    return this.request.extensions?.value.idempotencyKey;
  }

  cancel(): void {
    this.#cancelled += 1;
  }

  hold(held: boolean): void {
    this.held = held;
  }

  sending(): void {
    this.#sink.sending();
  }

  /** The answer to a call, or one event. */
  next(result: Result, bytes: number = 100, head?: ResponseHead): void {
    this.#sink.next(result, bytes, head);
  }

  data(data: unknown, bytes?: number): void {
    this.next({ data }, bytes);
  }

  /** The server's `error` message. */
  errors(...errors: GraphQLError[]): void {
    const message = errors[0]?.message ?? 'no message';
    this.fail({ code: 'graphql-errors', phase: 'operation', message, errors, delivery: 'answered' });
  }

  fail(failure: Failure): void {
    this.#sink.error(failure);
  }

  complete(): void {
    this.#sink.complete();
  }
}
