// Where HTTP requests become operations, whatever framework carries them. Owns what is in progress: whoever closes or drains
// the endpoint waits for it, within a bound.

import type { ServerCore } from '../core.js';
import { graphiqlResponse } from '../graphiql/serve-page.js';
import type { Drainable, DrainPlan } from '../life.js';
import { readAccept } from './accept.js';
import { isAborted } from './call.js';
import type { ResolvedEndpointOptions } from './endpoint-options.js';
import type { Exchange } from './exchange.js';
import { Exchanges } from './exchanges.js';
import { answerPage } from './pages.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import { operationMethods, readOperation, splitUrl } from './read-operation.js';
import { cutOff, Replies } from './replies.js';
import { runList } from './run-list.js';
import { type HttpParts, runOperation } from './run-operation.js';
import { SingleConnection } from './single-connection/single-connection.js';

export class HttpEndpoint implements Drainable {
  readonly #core: ServerCore;
  readonly #options: ResolvedEndpointOptions;
  readonly #parts: HttpParts;
  readonly #singleConnection: SingleConnection;
  readonly #leaveLife: () => void;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(core: ServerCore, options: ResolvedEndpointOptions) {
    this.#core = core;
    this.#options = options;
    this.#parts = { core, replies: new Replies(core), exchanges: new Exchanges(core.timers) };
    this.#singleConnection = new SingleConnection(this.#parts);
    this.#leaveLife = core.life.join(this);
  }

  /** Answers one request. Never rejects. Whose client has gone gets an answer too, which nobody hears. */
  respond(request: PlainRequest): Promise<PlainResponse> {
    return new Promise((resolve) => {
      const { exchanges } = this.#parts;
      const exchange = exchanges.begin(request, readAccept(request.headers.accept), resolve);
      this.#answer(exchange).then(
        (response) => exchange.answer(this.#isLeaving ? { ...response, endsConnection: true } : response),
        (error: unknown) => {
          this.failed(error);
          exchange.answer(cutOff);
        },
      );
    });
  }

  /** An adapter could not carry an answer. */
  failed(error: unknown): void {
    this.#core.report(error, 'http');
  }

  /**
   * From now on connections end after their answer. Resolves when everything in progress is done with; what is not after
   * `graceMs` is cut off, and what comes later is refused.
   */
  async close(graceMs: number): Promise<void> {
    if (this.#state === 'open') this.#state = 'closing';
    this.#singleConnection.close();
    const { exchanges } = this.#parts;
    await exchanges.settled(graceMs, () => {
      this.#state = 'closed';
      exchanges.cutAll();
    });
    this.#state = 'closed';
    this.#leaveLife();
  }

  /** Refuses what is new, lets what runs be answered, and ends the streams that do not end by themselves. */
  async drain(plan: DrainPlan): Promise<void> {
    this.#singleConnection.close();
    const { exchanges } = this.#parts;
    exchanges.leave(plan);
    await exchanges.settled(plan.deadlineMs, () => exchanges.cutAll());
  }

  get #isLeaving(): boolean {
    return this.#state !== 'open' || !this.#core.life.isReady;
  }

  async #answer(exchange: Exchange): Promise<PlainResponse> {
    const { request, accepted } = exchange;
    const { replies } = this.#parts;
    const { path, graphiql } = this.#options;
    const requested = splitUrl(request.url).path;
    if (requested !== path) {
      return (
        answerPage(this.#core, this.#options, requested, request) ??
        replies.fault(accepted, 404, `Nothing is served here. The GraphQL endpoint is ${path}.`, 'NOT_FOUND')
      );
    }
    const refused = this.#refuse(exchange);
    if (refused !== undefined) return refused;
    const page = graphiql && request.method === 'GET' ? await graphiqlResponse(request, path) : undefined;
    if (page !== undefined) return page;
    const shared = this.#singleConnection.answer(exchange);
    if (shared !== undefined) return shared;
    if (!operationMethods.includes(request.method)) {
      const allowed = operationMethods.join(', ');
      return replies.fault(accepted, 405, `Send GraphQL requests with one of ${allowed}.`, 'METHOD_NOT_ALLOWED', {
        Allow: `${allowed}, PUT, DELETE`,
      });
    }
    const asked = await readOperation(this.#core, request);
    if (asked === 'gone' || isAborted(request)) return cutOff;
    if ('fault' in asked) return replies.answer(accepted, asked.fault);
    return 'list' in asked
      ? runList(this.#parts, exchange, asked.list)
      : runOperation(this.#parts, exchange, asked.payload);
  }

  /** Nothing new is begun by a server that leaves; an operation may still be stopped. */
  #refuse({ request, accepted }: Exchange): PlainResponse | undefined {
    const mayStop = request.method === 'DELETE' && this.#state !== 'closed';
    if ((this.#state !== 'closed' && this.#core.life.isReady) || mayStop) return undefined;
    const message = 'The server is shutting down. Send the request again, and another one will answer.';
    return this.#parts.replies.fault(accepted, 503, message, 'SHUTTING_DOWN', { 'Retry-After': '1' });
  }
}
