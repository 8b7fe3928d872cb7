// A request of node:http or node:http2 on the seam of GraphQL over HTTP. What is not asked for is not made: neither a copy of
// the headers nor a signal.

import type { RequestHeaders } from '../../hook-types.js';
import { readHeaders } from '../../http/headers.js';
import type { BodyText, PlainRequest } from '../../http/plain.js';
import type { HttpRequest } from './message.js';
import { readBody } from './read-body.js';

const clientGone = new DOMException('The client went away before its answer was complete.', 'AbortError');

export class NodeRequest implements PlainRequest {
  readonly headers: RequestHeaders;
  readonly parsedBody: unknown;
  readonly #request: HttpRequest;
  #controller: AbortController | undefined;
  #listener: (() => void) | undefined;
  #moreListeners: (() => void)[] | undefined;
  #isGone = false;

  constructor(request: HttpRequest, parsedBody: unknown) {
    this.#request = request;
    this.parsedBody = parsedBody;
    const { headers } = request;
    // Over HTTP/1.1 that is the only header which is a list.
    const isPlain = request.httpVersionMajor === 1 && headers['set-cookie'] === undefined;
    this.headers = isPlain ? (headers as RequestHeaders) : readHeaders(request);
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  /** A framework that mounts its handlers somewhere takes that off the address, and keeps the whole one beside it. */
  get url(): string {
    const request: HttpRequest & { readonly originalUrl?: string } = this.#request;
    return request.originalUrl ?? request.url ?? '';
  }

  get remoteAddress(): string | undefined {
    return this.#request.socket?.remoteAddress;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isGone) this.#controller.abort(clientGone);
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#isGone;
  }

  whenAborted(listener: () => void): void {
    if (this.#isGone) listener();
    else if (this.#listener === undefined) this.#listener = listener;
    else if (this.#moreListeners === undefined) this.#moreListeners = [listener];
    else this.#moreListeners.push(listener);
  }

  /** The client went before its answer was complete, or it was cut. Idempotent. */
  gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#controller?.abort(clientGone);
    this.#listener?.();
    for (const listener of this.#moreListeners ?? []) listener();
  }

  readText(limitBytes: number, read: (body: BodyText) => void): void {
    readBody(this.#request, limitBytes, read);
  }

  /** Who stops before the end leaves the connection as it is: the answer is still to be written on it. */
  readChunks(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#request.iterator({ destroyOnReturn: false }) };
  }
}
