// One request of a fetch-style runtime as the HTTP of GraphQL sees it, and the moment at which its client goes away: the runtime
// says so by the request's signal, or by cancelling the answer's body.

import type { RequestHeaders } from '../../hook-types.js';
import type { BodyText, PlainRequest } from '../../http/plain.js';
import type { FetchRequest, RequestInfo } from './platform.js';

/** Beyond the limit the rest is read and dropped, so that the client gets to its answer, but not for ever. */
const toleratedExcess = 4;

const clientGone = new DOMException('The client went away before its answer was complete.', 'AbortError');

export class FetchExchange implements PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly remoteAddress: string | undefined;
  readonly parsedBody: unknown;
  readonly #request: FetchRequest;
  readonly #listeners: (() => void)[] = [];
  #abort: AbortController | undefined;
  #aborted = false;
  #over = false;

  constructor(request: FetchRequest, { remoteAddress, parsedBody }: RequestInfo) {
    const { pathname, search } = new URL(request.url);
    this.method = request.method;
    this.url = pathname + search;
    this.headers = toHeaders(request.headers);
    this.remoteAddress = remoteAddress;
    this.parsedBody = parsedBody;
    this.#request = request;
  }

  get aborted(): boolean {
    return this.#aborted || (!this.#over && this.#request.signal.aborted);
  }

  /** Made when it is asked for: most answers never need it. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.aborted) this.abort();
      else if (!this.#over) this.#request.signal.addEventListener('abort', this.abort);
    }
    return this.#abort.signal;
  }

  whenAborted(listener: () => void): void {
    // It hears of the request's own.
    if (this.signal.aborted) listener();
    else this.#listeners.push(listener);
  }

  /** The client has gone, or its answer is cut. */
  readonly abort = (): void => {
    if (this.#over) return;
    this.#aborted = true;
    this.finish();
    this.#abort?.abort(clientGone);
    for (const listener of this.#listeners) listener();
  };

  /** The answer is complete: what becomes of the request now concerns nobody. */
  finish(): void {
    this.#over = true;
    if (this.#abort !== undefined) this.#request.signal.removeEventListener('abort', this.abort);
  }

  readText(limitBytes: number, read: (body: BodyText) => void): void {
    void this.#read(limitBytes).then(read);
  }

  async #read(limitBytes: number): Promise<BodyText> {
    const decoder = new TextDecoder();
    let text = '';
    let size = 0;
    try {
      for await (const chunk of this.readChunks()) {
        size += chunk.byteLength;
        if (size > limitBytes * toleratedExcess) return 'too-large';
        text = size > limitBytes ? '' : text + decoder.decode(chunk, { stream: true });
      }
    } catch {
      return 'gone';
    }
    return size > limitBytes ? 'too-large' : { text: text + decoder.decode() };
  }

  async *readChunks(): AsyncGenerator<Uint8Array, void> {
    const reader = this.#request.body?.getReader();
    if (reader === undefined) return;
    let ended = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        ended = done;
        if (value === undefined) return;
        yield value;
      }
    } finally {
      // What this rejects with has been thrown by `read`.
      if (!ended) reader.cancel().catch(ignore);
    }
  }

  /** The rest of the body is not wanted. */
  drop(): void {
    const { body, bodyUsed } = this.#request;
    if (!bodyUsed) body?.getReader().cancel().catch(ignore);
  }
}

function ignore(): void {}

/** Names in lower case, as `Headers` gives them. */
export function toHeaders(headers: FetchRequest['headers'] | RequestHeaders): RequestHeaders {
  if (typeof headers.forEach !== 'function') return headers as RequestHeaders;
  const plain: Record<string, string> = {};
  headers.forEach((value, name) => {
    plain[name] = value;
  });
  return plain;
}
