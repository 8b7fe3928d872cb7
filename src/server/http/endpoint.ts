// Where HTTP requests become operations, whatever framework carries them. Owns what is in progress: whoever closes or drains
// the endpoint waits for it, within a bound.

import { isPromiseLike } from '../call-hook.js';
import type { ServerCore } from '../core.js';
import { graphiqlResponse } from '../graphiql/serve-page.js';
import type { Drainable, DrainPlan } from '../life.js';
import { originRefused } from '../refused-origin.js';
import { readAccept } from './accept.js';
import { isAborted } from './call.js';
import { Cors, preflightOrigin } from './cors.js';
import type { ResolvedEndpointOptions } from './endpoint-options.js';
import type { Exchange } from './exchange.js';
import { Exchanges } from './exchanges.js';
import { answerPage } from './pages.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import { type Asked, operationMethods, readOperation, splitUrl } from './read-operation.js';
import { cutOff, Replies } from './replies.js';
import { runList } from './run-list.js';
import { type HttpParts, runOperation } from './run-operation.js';
import { SingleConnection } from './single-connection/single-connection.js';

/** Undefined: it comes another way, when the request has been read. */
type Answering = PlainResponse | undefined | Promise<PlainResponse | undefined>;

export class HttpEndpoint implements Drainable {
  readonly #core: ServerCore;
  readonly #options: ResolvedEndpointOptions;
  readonly #parts: HttpParts;
  readonly #singleConnection: SingleConnection;
  readonly #cors: Cors | undefined;
  readonly #leaveLife: () => void;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(core: ServerCore, options: ResolvedEndpointOptions) {
    this.#core = core;
    this.#options = options;
    this.#parts = { core, replies: new Replies(core), exchanges: new Exchanges(core.timers) };
    this.#singleConnection = new SingleConnection(this.#parts);
    this.#cors = Cors.of(core.options.allowedOrigins);
    this.#leaveLife = core.life.join(this);
  }

  /** Answers one request. Never rejects. Whose client has gone gets an answer too, which nobody hears. */
  respond(request: PlainRequest): Promise<PlainResponse> {
    return new Promise((resolve) => this.answer(request, resolve));
  }

  /** The same for who needs no promise: `write` is called once, in the turn in which the answer is there. It must not throw. */
  answer(request: PlainRequest, write: (response: PlainResponse) => void): void {
    const exchange = this.#parts.exchanges.begin(
      request,
      readAccept(request.headers.accept),
      this.#shared(request, write),
    );
    try {
      this.#settle(exchange, this.#route(exchange));
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  /** The pages for operators are for no other pages. */
  #shared(request: PlainRequest, write: (response: PlainResponse) => void): (response: PlainResponse) => void {
    const cors = this.#cors;
    if (cors === undefined) return write;
    const { healthPath, readinessPath, metricsPath } = this.#options;
    if ([healthPath, readinessPath, metricsPath].includes(splitUrl(request.url).path)) return write;
    return (response) => write(cors.share(request, response));
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

  #settle(exchange: Exchange, answer: Answering): void {
    if (answer === undefined) return;
    if (isPromiseLike(answer)) {
      answer.then(
        (settled) => this.#settle(exchange, settled),
        (error: unknown) => this.#fail(exchange, error),
      );
    } else {
      exchange.answer(this.#isLeaving ? { ...answer, endsConnection: true } : answer);
    }
  }

  #fail(exchange: Exchange, error: unknown): void {
    this.failed(error);
    exchange.answer(cutOff);
  }

  /** What can be answered before it is known what is asked. */
  #route(exchange: Exchange): Answering {
    const { request, accepted } = exchange;
    const { replies } = this.#parts;
    const { path, graphiql } = this.#options;
    const preflight = this.#cors === undefined ? undefined : this.#answerPreflight(exchange, this.#cors);
    if (preflight !== undefined) return preflight;
    const requested = splitUrl(request.url).path;
    if (requested !== path) {
      return (
        answerPage(this.#core, this.#options, requested, request) ??
        replies.fault(accepted, 404, `Nothing is served here. The GraphQL endpoint is ${path}.`, 'NOT_FOUND')
      );
    }
    const refused = this.#refuse(exchange);
    if (refused !== undefined) return refused;
    const page = graphiql && request.method === 'GET' ? graphiqlResponse(request, path) : undefined;
    if (!isPromiseLike(page)) return page ?? this.#ask(exchange);
    return page.then((found) => found ?? this.#ask(exchange));
  }

  /** The same behind the page for browsers. */
  #ask(exchange: Exchange): Answering {
    const { request } = exchange;
    const { core } = this.#parts;
    const shared = this.#singleConnection.answer(exchange);
    if (shared !== undefined) return shared;
    if (!operationMethods.includes(request.method)) return this.#refuseMethod(exchange);
    readOperation(core, request, (asked) => this.#answer(exchange, asked));
    return undefined;
  }

  #answer(exchange: Exchange, asked: Asked | Promise<Asked>): void {
    try {
      const answer = isPromiseLike(asked)
        ? asked.then((read) => this.#run(exchange, read))
        : this.#run(exchange, asked);
      this.#settle(exchange, answer);
    } catch (error) {
      this.#fail(exchange, error);
    }
  }

  #run(exchange: Exchange, asked: Asked): Answering {
    const { request, accepted } = exchange;
    if (asked === 'gone' || isAborted(request)) return cutOff;
    if ('fault' in asked) return this.#parts.replies.answer(accepted, asked.fault);
    return 'list' in asked
      ? runList(this.#parts, exchange, asked.list)
      : runOperation(this.#parts, exchange, asked.payload);
  }

  /** Also elsewhere and while the server leaves: a page that may read answers is to hear why its request is refused. */
  #answerPreflight({ request, accepted }: Exchange, cors: Cors): PlainResponse | undefined {
    const origin = preflightOrigin(request);
    if (origin === undefined) return undefined;
    const allowed = cors.preflight(request);
    if (allowed !== undefined) return allowed;
    originRefused(this.#core, origin);
    const message = `Pages of ${origin} may not use this server. ${nameTheOrigin}`;
    return this.#parts.replies.fault(accepted, 403, message, 'ORIGIN_NOT_ALLOWED');
  }

  #refuseMethod({ request, accepted }: Exchange): PlainResponse {
    const origin = preflightOrigin(request);
    if (origin !== undefined) originRefused(this.#core, origin);
    const advice = origin === undefined ? '' : ` ${nameTheOrigin}`;
    const allowed = operationMethods.join(', ');
    const message = `Send GraphQL requests with one of ${allowed}.${advice}`;
    return this.#parts.replies.fault(accepted, 405, message, 'METHOD_NOT_ALLOWED', {
      Allow: `${allowed}, PUT, DELETE`,
    });
  }

  /** Nothing new is begun by a server that leaves; an operation may still be stopped. */
  #refuse({ request, accepted }: Exchange): PlainResponse | undefined {
    const mayStop = request.method === 'DELETE' && this.#state !== 'closed';
    if ((this.#state !== 'closed' && this.#core.life.isReady) || mayStop) return undefined;
    const message = 'The server is shutting down. Send the request again, and another one will answer.';
    return this.#parts.replies.fault(accepted, 503, message, 'SHUTTING_DOWN', { 'Retry-After': '1' });
  }
}

const nameTheOrigin =
  'Name the origin of a page in the server\'s option "allowedOrigins" if it should read what is answered here.';
