// Where POST requests become operations: GraphQL over HTTP, section "Request". Queries and mutations, one per request. Owns
// the requests in flight: a client that goes away aborts the signal of its operation.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';
import type { ServerCore } from '../core.js';
import { type Answer, fault, responseType, sendAnswer, toAnswer } from './answer.js';
import { accepts, isJsonContent, readHeaders } from './headers.js';
import { readBody } from './read-body.js';
import { readRequest } from './read-request.js';
import { whenOver } from './when-over.js';

const kinds: readonly OperationKind[] = ['query', 'mutation'];

const clientGone = new DOMException('The client closed its connection before the answer.', 'AbortError');

export class HttpEndpoint {
  readonly #core: ServerCore;
  readonly #path: string;
  readonly #inFlight = new Set<Promise<void>>();
  #closing = false;

  constructor(core: ServerCore, path: string) {
    this.#core = core;
    this.#path = path;
  }

  /** Answers one request. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const precise = accepts(request.headers.accept, responseType);
    const abort = new AbortController();
    const over = whenOver(request, response).then(() => {
      this.#inFlight.delete(over);
      if (!response.writableFinished) abort.abort(clientGone);
    });
    this.#inFlight.add(over);
    this.#answer(request, abort.signal, over, precise)
      .then((answer) => {
        if (answer === undefined || abort.signal.aborted) return;
        if (this.#closing) response.shouldKeepAlive = false;
        sendAnswer(response, answer, precise, this.#core.report);
      })
      .catch((error: unknown) => {
        this.#core.report(error, 'http');
        response.destroy();
      });
  }

  /** From now on connections end after their answer. Resolves when every request in flight is done with. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#inFlight);
  }

  /** Undefined where nobody waits for the answer any more. */
  async #answer(
    request: IncomingMessage,
    signal: AbortSignal,
    over: Promise<void>,
    precise: boolean,
  ): Promise<Answer | undefined> {
    if (request.url?.split('?', 1)[0] !== this.#path) {
      return fault(404, `Nothing is served here. The GraphQL endpoint is ${this.#path}.`);
    }
    if (request.method !== 'POST') return fault(405, 'Send GraphQL requests with POST.', { Allow: 'POST' });
    if (!isJsonContent(request.headers['content-type'])) {
      return fault(415, 'Send GraphQL requests as JSON, with the Content-Type "application/json".');
    }
    const limit = this.#core.options.limits.messageBytes;
    const body = await readBody(request, limit);
    if (body === 'gone') return undefined;
    if (body === 'too-large') return fault(413, `The body is larger than ${limit} bytes.`, { Connection: 'close' });
    const payload = readRequest(body.text);
    if (typeof payload === 'string') return fault(400, payload);
    return toAnswer(await this.#execute(payload, request, signal, over), precise);
  }

  async #execute(
    payload: OperationPayload,
    request: IncomingMessage,
    signal: AbortSignal,
    over: Promise<void>,
  ): Promise<Execution> {
    const { counters, pipeline } = this.#core;
    counters.operations += 1;
    void over.then(() => {
      counters.operations -= 1;
    });
    const context = { signal, headers: readHeaders(request), connectionParams: undefined, connection: {} };
    const execution = await pipeline.execute(payload, context, { kinds });
    if (execution.kind === 'stream') await execution.events.return?.();
    return execution;
  }
}
