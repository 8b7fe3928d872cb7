// GraphQL over HTTP without any HTTP: a request as an adapter would make it, and a client that reads what it is answered with.

import type { BodyEvents, BodyText, BodyWriter, PlainRequest, PlainResponse } from '../../../src/server/http/plain.js';

export interface GivenRequest {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly remoteAddress?: string;
}

export class FakeRequest implements PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: PlainRequest['headers'];
  readonly remoteAddress: string | undefined;
  readonly #body: unknown;
  readonly #abort = new AbortController();
  readonly #listeners: (() => void)[] = [];

  constructor({ method = 'POST', url = '/graphql', headers = {}, body, remoteAddress }: GivenRequest) {
    this.method = method;
    this.url = url;
    this.headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    this.remoteAddress = remoteAddress;
    this.#body = body;
  }

  get #text(): string {
    return typeof this.#body === 'string' ? this.#body : JSON.stringify(this.#body);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The client goes. */
  leave(): void {
    this.#abort.abort(new Error('The client went.'));
    for (const listener of this.#listeners.splice(0)) listener();
  }

  whenAborted(listener: () => void): void {
    if (this.signal.aborted) listener();
    else this.#listeners.push(listener);
  }

  readText(_limitBytes: number, read: (body: BodyText) => void): void {
    queueMicrotask(() => read({ text: this.#text }));
  }

  async *readChunks(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(this.#text);
  }
}

/** Reads an answer that stays open. */
export class FakeReader implements BodyWriter {
  text = '';
  backlog = 0;
  ended: 'complete' | 'cut' | undefined;
  readonly #events: BodyEvents;

  constructor({ body }: PlainResponse) {
    if (typeof body === 'string') throw new Error(`No stream: ${body}`);
    this.#events = body.start(this);
    if (this.ended !== undefined) this.#events.closed();
  }

  write(text: string): void {
    this.text += text;
  }

  end(): void {
    this.#end('complete');
  }

  cut(): void {
    this.#end('cut');
  }

  /** The client goes. */
  leave(): void {
    this.#events.closed();
  }

  #end(how: 'complete' | 'cut'): void {
    if (this.ended !== undefined) return;
    this.ended = how;
    queueMicrotask(() => this.#events?.closed());
  }
}

export function errorsOf({ body }: PlainResponse): readonly { message: string; extensions?: { code?: string } }[] {
  if (typeof body !== 'string') throw new Error('It is a stream.');
  return (JSON.parse(body) as { errors: [] }).errors;
}
