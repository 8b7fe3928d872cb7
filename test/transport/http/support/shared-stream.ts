// One connection of single connection mode over a client of HTTP that a test drives by hand: every request that was sent, what
// each is answered with, and what the connection and its operations were told.

import { expect } from 'vitest';
import * as CloseCode from '../../../../src/protocol/close-codes.js';
import type { Result } from '../../../../src/protocol/result.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import type {
  Closure,
  Failure,
  Handle,
  Limits,
  OpenContext,
  Request,
  ResponseHead,
  Sink,
} from '../../../../src/transport/contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../../../../src/transport/http/exchange.js';
import { type HttpOptions, resolveHttpOptions } from '../../../../src/transport/http/options.js';
import type { SharedConnection } from '../../../../src/transport/http/single-connection/connection.js';
import { openSharedConnection } from '../../../../src/transport/http/single-connection/open.js';
import { OpenError } from '../../../../src/transport/open-error.js';

const utf8 = new TextEncoder();

/** One request, to be answered by a test. */
export class FakeExchange implements Exchange {
  readonly request: HttpRequest;
  readonly #events: ExchangeEvents;
  cancelled = false;
  over = false;

  constructor(request: HttpRequest, events: ExchangeEvents) {
    this.request = request;
    this.#events = events;
  }

  cancel(): void {
    this.cancelled = true;
    this.over = true;
  }

  sending(): this {
    if (!this.over) this.#events.sending();
    return this;
  }

  head(status: number, headers: Readonly<Record<string, string>> = {}): this {
    if (!this.over) this.#events.head({ status, headers });
    return this;
  }

  write(text: string): this {
    if (!this.over) this.#events.chunk(utf8.encode(text));
    return this;
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.#events.end();
  }

  /** A whole answer. */
  answer(status: number, body: string = '', headers: Readonly<Record<string, string>> = {}): void {
    this.head(status, headers);
    if (body !== '') this.write(body);
    this.end();
  }

  fail(failure: Partial<Failure> = {}): void {
    if (this.over) return;
    this.over = true;
    this.#events.failed({ code: 'network', phase: 'operation', message: 'The network failed.', ...failure });
  }
}

export class FakeClient implements HttpClient {
  readonly sent: FakeExchange[] = [];
  /** Whether a request is on its way as soon as it is given, as with fetch; else a test calls `sending()`. */
  sendsAtOnce = true;
  state: 'open' | 'closing' | 'destroyed' = 'open';
  #closed: () => void = () => {};

  send(request: HttpRequest, events: ExchangeEvents): FakeExchange {
    const exchange = new FakeExchange(request, events);
    this.sent.push(exchange);
    if (this.sendsAtOnce) events.sending();
    return exchange;
  }

  close(): Promise<void> {
    this.state = 'closing';
    return new Promise((resolve) => {
      this.#closed = resolve;
    });
  }

  /** Whatever ran has finished. */
  finishClosing(): void {
    this.#closed();
  }

  destroy(): void {
    this.state = 'destroyed';
    for (const exchange of this.sent) exchange.cancel();
  }

  /** The one sent last with this method. */
  latest(method: HttpRequest['method']): FakeExchange {
    const found = this.sent.findLast(({ request }) => request.method === method);
    if (found === undefined) throw new Error(`No ${method} was sent.`);
    return found;
  }

  /** The orders to stop so far; they go out at the end of a turn. */
  async stops(): Promise<readonly FakeExchange[]> {
    await Promise.resolve();
    return this.sent.filter(({ request }) => request.method === 'DELETE');
  }

  /** The order to stop that was sent last. */
  async stop(): Promise<FakeExchange> {
    await this.stops();
    return this.latest('DELETE');
  }

  count(method: HttpRequest['method']): number {
    return this.sent.filter(({ request }) => request.method === method).length;
  }
}

export interface OpeningSettings {
  readonly address?: string;
  readonly options?: HttpOptions;
  readonly limits?: Partial<Limits>;
  readonly headers?: Readonly<Record<string, string>>;
}

const limits: Limits = { openTimeoutMs: 10_000, ackTimeoutMs: 10_000, closeTimeoutMs: 1_000, maxMessageBytes: 1_000 };

/** What a sink was told. */
export class Heard implements Sink {
  readonly told: string[] = [];
  readonly results: Result[] = [];
  readonly heads: (ResponseHead | undefined)[] = [];
  failure: Failure | undefined;
  handle: Handle | undefined;

  sending(): void {
    this.told.push('sending');
  }

  next(result: Result, _bytes: number, head?: ResponseHead | undefined): void {
    this.results.push(result);
    this.heads.push(head);
    this.told.push(`next ${JSON.stringify(result)}`);
  }

  error(failure: Failure): void {
    this.failure = failure;
    this.told.push(`error ${failure.code}`);
  }

  complete(): void {
    this.told.push('complete');
  }
}

export const sse = { 'content-type': 'text/event-stream' };

export function next(id: string, payload: object): string {
  return `event: next\ndata: ${JSON.stringify({ id, payload })}\n\n`;
}

export function complete(id: string): string {
  return `event: complete\ndata: ${JSON.stringify({ id })}\n\n`;
}

export const ended: Closure = {
  by: 'us',
  code: CloseCode.normal,
  reason: '',
  clean: true,
  failure: { code: 'aborted', phase: 'close', message: 'Closed.' },
};

/** A connection that is being opened. */
export class Opening {
  readonly client: FakeClient = new FakeClient();
  readonly clock: VirtualClock = new VirtualClock(1_000_000);
  readonly abort: AbortController = new AbortController();
  heard = 0;
  connection: SharedConnection | undefined;
  failure: Failure | undefined;
  closure: Closure | undefined;
  readonly settled: Promise<void>;

  constructor({ address = 'https://example.com/graphql', options = {}, headers, ...settings }: OpeningSettings = {}) {
    const context: OpenContext = {
      signal: this.abort.signal,
      generation: 1,
      credentials: { headers },
      clock: this.clock,
      limits: { ...limits, ...settings.limits },
    };
    const events = {
      heard: () => {
        this.heard += 1;
      },
      keepAlive: () => {},
      pong: () => {},
      control: () => {},
      goingAway: () => {},
      backlog: () => {},
    };
    this.settled = openSharedConnection(this.client, resolveHttpOptions(address, options), context, events).then(
      (connection) => {
        this.connection = connection;
        void connection.closed.then((closure) => {
          this.closure = closure;
        });
      },
      (error: unknown) => {
        if (!(error instanceof OpenError)) throw error;
        this.failure = error.failure;
      },
    );
  }

  /** Everything that needs no time has happened. */
  async settle(): Promise<void> {
    await this.clock.advance(0);
  }
}

export interface Started {
  readonly id: string;
  readonly heard: Heard;
  readonly post: FakeExchange;
}

let ids = 0;

/** A connection that is open. */
export class OpenStream {
  readonly opening: Opening;
  readonly client: FakeClient;
  readonly clock: VirtualClock;
  readonly connection: SharedConnection;
  readonly stream: FakeExchange;

  constructor(opening: Opening, connection: SharedConnection, stream: FakeExchange) {
    this.opening = opening;
    this.client = opening.client;
    this.clock = opening.clock;
    this.connection = connection;
    this.stream = stream;
  }

  /** Starts an operation with an id that was never used. */
  start(given: Partial<Request> = {}, heard: Heard = new Heard()): Started {
    ids += 1;
    const id = String(ids);
    const request: Request = {
      id,
      kind: 'subscription',
      query: 'subscription { ticks }',
      operationName: undefined,
      variables: undefined,
      extensions: undefined,
      headers: undefined,
      ...given,
    };
    heard.handle = this.connection.start(request, heard);
    return { id, heard, post: this.client.latest('POST') };
  }

  /** How the connection ended. */
  async closure(): Promise<Closure> {
    await this.opening.settle();
    expect(this.opening.closure).toBeDefined();
    return this.opening.closure as Closure;
  }
}

export async function openStream(settings: OpeningSettings = {}): Promise<OpenStream> {
  const opening = new Opening(settings);
  opening.client.latest('PUT').answer(201, 'token-1');
  const stream = opening.client.latest('GET').head(200, sse);
  await opening.settled;
  if (opening.connection === undefined) throw new Error(`It did not open: ${opening.failure?.message}`);
  return new OpenStream(opening, opening.connection, stream);
}

/** With `start` as a function of its own. */
export function bound(open: OpenStream): Pick<OpenStream, 'connection' | 'stream' | 'client' | 'opening' | 'start'> {
  const { connection, stream, client, opening } = open;
  return { connection, stream, client, opening, start: (...given) => open.start(...given) };
}
