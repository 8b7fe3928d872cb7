// A request of node:http or node:http2 on the seam of GraphQL over HTTP. What is not asked for is not made: neither a copy of
// the headers nor a signal.

import type { RequestHeaders } from '../../hook-types.js';
import { readHeaders } from '../../http/headers.js';
import type { PlainRequest } from '../../http/plain.js';
import type { HttpRequest } from './message.js';
import { readBody } from './read-body.js';

const clientGone = new DOMException('The client went away before its answer was complete.', 'AbortError');

export class NodeRequest implements PlainRequest {
  readonly headers: RequestHeaders;
  readonly parsedBody: unknown;
  readonly #request: HttpRequest;
  #controller: AbortController | undefined;
  #isGone = false;

  /** `url`: where a framework has made another one of it. */
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

  get url(): string {
    return this.#request.url ?? '';
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

  /** The client went before its answer was complete. */
  gone(): void {
    this.#isGone = true;
    this.#controller?.abort(clientGone);
  }

  readText(limitBytes: number): ReturnType<PlainRequest['readText']> {
    return readBody(this.#request, limitBytes);
  }

  readChunks(): AsyncIterable<Uint8Array> {
    return this.#request;
  }
}
