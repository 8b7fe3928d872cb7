// A client of HTTP that a test answers for: it records every request, and plays back heads, chunks, ends and failures.

import type { Closure, Failure } from '../../../../src/transport/contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../../../../src/transport/http/exchange.js';

export const json: Readonly<Record<string, string>> = { 'content-type': 'application/json' };
export const sse: Readonly<Record<string, string>> = { 'content-type': 'text/event-stream' };
export const multipart: Readonly<Record<string, string>> = { 'content-type': 'multipart/mixed; boundary=graphql' };

export class FakeExchange implements Exchange {
  readonly request: HttpRequest;
  /** The request was given up. */
  cancelled = false;
  paused = false;
  readonly flow: { pause(): void; resume(): void } = {
    pause: () => {
      this.paused = true;
    },
    resume: () => {
      this.paused = false;
    },
  };
  readonly #events: ExchangeEvents;

  constructor(request: HttpRequest, events: ExchangeEvents) {
    this.request = request;
    this.#events = events;
  }

  /** The request's body as JSON. */
  get body(): unknown {
    return JSON.parse(String(this.request.body));
  }

  cancel(): void {
    this.cancelled = true;
  }

  /** What was kept back until its turn came is handed over. */
  sending(): void {
    if (!this.cancelled) this.#events.sending();
  }

  head(status: number = 200, headers: Readonly<Record<string, string>> = json): this {
    if (!this.cancelled) this.#events.head({ status, headers });
    return this;
  }

  chunk(bytes: string | Uint8Array): this {
    if (!this.cancelled) this.#events.chunk(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    return this;
  }

  end(): void {
    if (!this.cancelled) this.#events.end();
  }

  fail(failure: Partial<Failure> = {}): void {
    if (!this.cancelled)
      this.#events.failed({ code: 'network', phase: 'operation', message: 'The wire broke.', ...failure });
  }

  /** A whole answer at once; what is no text is written as JSON. */
  answer(body: unknown, status: number = 200, headers: Readonly<Record<string, string>> = json): void {
    this.head(status, headers)
      .chunk(typeof body === 'string' ? body : JSON.stringify(body))
      .end();
  }
}

export class FakeClient implements HttpClient {
  readonly exchanges: FakeExchange[] = [];
  readonly ended: Promise<Closure> | undefined;
  destroyed = false;
  /** Requests wait for their turn, until a test says otherwise. */
  full = false;
  /** Each call of `close`, with its grace. */
  readonly closes: number[] = [];
  /** Lets `close` finish. */
  released: () => void = () => {};

  constructor(ended?: Promise<Closure>) {
    this.ended = ended;
  }

  get latest(): FakeExchange {
    const latest = this.exchanges.at(-1);
    if (latest === undefined) throw new Error('Nothing was sent.');
    return latest;
  }

  send(request: HttpRequest, events: ExchangeEvents): Exchange {
    const exchange = new FakeExchange(request, events);
    this.exchanges.push(exchange);
    if (!this.full) exchange.sending();
    return exchange;
  }

  close(graceMs: number): Promise<void> {
    this.closes.push(graceMs);
    return new Promise((resolve) => {
      this.released = resolve;
    });
  }

  destroy(): void {
    this.destroyed = true;
  }
}
