// Where HTTP requests become operations. Owns the exchanges in flight: a client that goes away aborts the signal of its
// operation, and whoever closes the endpoint waits for the rest.

import { cut, endConnectionAfter, type HttpRequest, type HttpResponse } from '../adapters/node/message.js';
import { whenOver } from '../adapters/node/when-over.js';
import type { ServerCore } from '../core.js';
import { readAccept } from './accept.js';
import { fault, sendAnswer } from './answer.js';
import type { Exchange } from './exchange.js';
import { operationMethods, readOperation, readUrl } from './read-operation.js';
import { runOperation } from './run-operation.js';
import { SingleConnection } from './single-connection/single-connection.js';

const clientGone = new DOMException('The client went away before its answer was complete.', 'AbortError');

export class HttpEndpoint {
  readonly #core: ServerCore;
  readonly #path: string;
  readonly #singleConnection: SingleConnection;
  readonly #open = new Set<HttpResponse>();
  /** What has to settle before the endpoint is closed. */
  readonly #pending = new Set<Promise<unknown>>();
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(core: ServerCore, path: string) {
    this.#core = core;
    this.#path = path;
    this.#singleConnection = new SingleConnection(core);
  }

  /** Answers one request. Never throws. */
  handle(request: HttpRequest, response: HttpResponse): void {
    const abort = new AbortController();
    const over = whenOver(request, response).then(() => {
      this.#open.delete(response);
      if (!response.writableEnded) abort.abort(clientGone);
    });
    this.#open.add(response);
    this.#track(over);
    if (this.#state !== 'open') endConnectionAfter(response);
    const accepted = readAccept(request.headers.accept);
    this.#answer({ request, response, accepted, abort, over, track: this.#track }).catch((error: unknown) => {
      this.#core.report(error, 'http');
      cut(response);
    });
  }

  /**
   * From now on connections end after their answer. Resolves when every exchange in flight is done with; those that are not
   * after `graceMs` are cut off, and what comes later is refused.
   */
  async close(graceMs: number): Promise<void> {
    if (this.#state === 'open') this.#state = 'closing';
    this.#singleConnection.close();
    for (const response of this.#open) endConnectionAfter(response);
    const cancel = this.#core.timers.set(graceMs, () => {
      this.#state = 'closed';
      for (const response of this.#open) cut(response);
    });
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    cancel();
    this.#state = 'closed';
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { request, abort } = exchange;
    const { options, report } = this.#core;
    const refuse = (...of: Parameters<typeof fault>): void => sendAnswer(exchange, fault(...of), report);
    if (this.#state === 'closed') return refuse(503, 'The server is shutting down.', { 'Retry-After': '1' });
    if (readUrl(request).path !== this.#path) {
      return refuse(404, `Nothing is served here. The GraphQL endpoint is ${this.#path}.`);
    }
    const shared = this.#singleConnection.answer(exchange);
    if (shared !== undefined) return shared;
    if (!operationMethods.includes(request.method ?? '')) {
      const allowed = operationMethods.join(', ');
      return refuse(405, `Send GraphQL requests with one of ${allowed}.`, { Allow: `${allowed}, PUT, DELETE` });
    }
    const asked = await readOperation(exchange, options.limits.messageBytes);
    if (asked === 'gone' || abort.signal.aborted) return;
    if ('fault' in asked) sendAnswer(exchange, asked.fault, report);
    else await runOperation(this.#core, exchange, asked.payload);
  }

  readonly #track = (work: Promise<unknown>): void => {
    this.#pending.add(work);
    void work.then(() => this.#pending.delete(work));
  };
}
