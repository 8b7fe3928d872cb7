// Answers as the runtime's `Response`: Streams standard, section 4.5 for those that stay open. What waits to be taken is counted in
// bytes, so that a client that reads slowly stops its own source.

import type { BodyEvents, BodyStream, BodyWriter, PlainResponse } from '../../http/plain.js';
import type { FetchExchange } from './exchange.js';

/** Statuses of answers that have no body, and whose `Response` may have none. Fetch standard, section 2.2.3. */
const withoutBody: readonly number[] = [101, 204, 205, 304];

const utf8 = new TextEncoder();

export function toResponse({ status, headers, body, dropsRequest }: PlainResponse, exchange: FetchExchange): Response {
  if (dropsRequest === true) exchange.drop();
  if (typeof body !== 'string') {
    return new Response(new ReadableStream(new StreamedBody(body, exchange), countBytes), { status, headers });
  }
  exchange.finish();
  if (withoutBody.includes(status)) return new Response(null, { status, headers });
  const bytes = utf8.encode(body);
  return new Response(bytes, { status, headers: { ...headers, 'Content-Length': String(bytes.byteLength) } });
}

/** More than any backlog: below it the stream tells of every chunk that is taken. */
const room = 2 ** 40;
const countBytes: QueuingStrategy<Uint8Array> = { highWaterMark: room, size: (chunk) => chunk.byteLength };

class StreamedBody implements BodyWriter, UnderlyingDefaultSource<Uint8Array> {
  readonly #body: BodyStream;
  readonly #exchange: FetchExchange;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #events: BodyEvents | undefined;
  #ending = false;

  constructor(body: BodyStream, exchange: FetchExchange) {
    this.#body = body;
    this.#exchange = exchange;
  }

  // What the runtime's stream asks.

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    const { signal } = this.#exchange;
    signal.addEventListener('abort', () => this.#fail(signal.reason));
    this.#events = this.#body.start(this);
    if (this.#controller === undefined) this.#events.closed();
    else if (signal.aborted) this.#fail(signal.reason);
  }

  pull(): void {
    this.#events?.flushed();
    this.#close();
  }

  cancel(): void {
    this.#exchange.abort();
  }

  // What the answer says.

  get backlog(): number {
    return room - (this.#controller?.desiredSize ?? room);
  }

  write(text: string): void {
    if (!this.#ending) this.#controller?.enqueue(utf8.encode(text));
  }

  end(): void {
    this.#ending = true;
    this.#close();
  }

  cut(): void {
    this.#exchange.abort();
  }

  /** When all of it has been taken: until then its client can still be given up. */
  #close(): void {
    if (!this.#ending || this.backlog > 0) return;
    this.#controller?.close();
    this.#exchange.finish();
    this.#over();
  }

  #fail(reason: unknown): void {
    this.#controller?.error(reason);
    this.#over();
  }

  #over(): void {
    if (this.#controller === undefined) return;
    this.#controller = undefined;
    this.#events?.closed();
  }
}
