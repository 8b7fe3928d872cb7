// The four requests of GraphQL over SSE, "single connection mode": PUT reserves a stream, GET opens it, any request for an
// operation that names it is answered with 202 and its events go into the stream, DELETE stops an operation.

import type { OperationPayload } from '../../../protocol/dialects/dialect.js';
import type { Execution } from '../../../protocol/executor.js';
import type { ServerCore } from '../../core.js';
import { forResult } from '../accept.js';
import { fault, sendAnswer, sendText, toAnswer } from '../answer.js';
import type { Exchange } from '../exchange.js';
import { forward, only } from '../forward.js';
import { readHeaders } from '../headers.js';
import { kindsFor, operationMethods, readOperation, readUrl } from '../read-operation.js';
import { eventsOf, serverSentEvents } from '../server-sent-events.js';
import { StreamedBody } from '../streamed-body.js';
import { Reservations } from './reservations.js';
import type { ReservedStream } from './reserved-stream.js';

export class SingleConnection {
  readonly #core: ServerCore;
  readonly #reservations: Reservations;

  constructor(core: ServerCore) {
    this.#core = core;
    this.#reservations = new Reservations(core);
  }

  /** Undefined where the request is none of this mode. */
  answer(exchange: Exchange): Promise<void> | undefined {
    const { request, accepted } = exchange;
    const { method = '' } = request;
    if (method === 'PUT') return this.#reserve(exchange);
    if (method !== 'DELETE' && !operationMethods.includes(method)) return undefined;
    const header = request.headers['x-graphql-event-stream-token'];
    const { parameters } = readUrl(request);
    const token = header ?? parameters.get('token');
    const stream = token === null ? undefined : this.#reservations.find(String(token));
    if (stream === undefined) {
      // A parameter of this name may be somebody else's.
      return header === undefined && method !== 'DELETE' ? undefined : this.#refuse(exchange, 404, notFound);
    }
    if (method === 'DELETE') return this.#stop(exchange, stream, parameters.get('operationId'));
    const opens = method === 'GET' && !parameters.has('query') && forResult(accepted) === 'event-stream';
    return opens ? this.#open(exchange, stream) : this.#start(exchange, stream);
  }

  /** Nothing can be reserved from now on. Streams that are open stay. */
  close(): void {
    this.#reservations.close();
  }

  async #reserve(exchange: Exchange): Promise<void> {
    const stream = this.#reservations.reserve();
    if (stream !== undefined) sendText(exchange, 201, stream.token);
    else await this.#refuse(exchange, 503, 'The server has no room for another event stream.', { 'Retry-After': '1' });
  }

  async #open(exchange: Exchange, stream: ReservedStream): Promise<void> {
    if (!stream.isReserved) return this.#refuse(exchange, 409, 'This event stream is open already.');
    const { response, over } = exchange;
    const { timers, options } = this.#core;
    this.#reservations.claim(stream);
    stream.open(new StreamedBody(response, serverSentEvents, { timers, keepAliveMs: options.keepAliveMs, over }));
    void over.then(() => this.#reservations.remove(stream));
  }

  async #stop(exchange: Exchange, stream: ReservedStream, id: string | null): Promise<void> {
    if (id === null)
      return this.#refuse(exchange, 400, 'The parameter "operationId" must say which operation to stop.');
    stream.stop(id);
    sendText(exchange, 200, '');
  }

  async #start(exchange: Exchange, stream: ReservedStream): Promise<void> {
    const { limits } = this.#core.options;
    const asked = await readOperation(exchange, limits.messageBytes);
    if (asked === 'gone' || exchange.abort.signal.aborted) return;
    if ('fault' in asked) return sendAnswer(exchange, asked.fault, this.#core.report);
    const { payload } = asked;
    const id = payload.extensions?.operationId;
    if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > limits.idBytes) {
      const message = `"extensions.operationId" must be a text of at most ${limits.idBytes} bytes.`;
      return this.#refuse(exchange, 400, message);
    }
    const { operationsPerConnection } = limits;
    if (stream.size >= operationsPerConnection) {
      const message = `This event stream has ${operationsPerConnection} operations already; no more are allowed.`;
      return this.#refuse(exchange, 429, message);
    }
    const operation = stream.start(id);
    if (operation === undefined) {
      return this.#refuse(exchange, 409, `This event stream has an operation with the id ${JSON.stringify(id)}.`);
    }
    try {
      await this.#run(exchange, stream, { id, operation, payload });
    } finally {
      stream.ended(id, operation);
    }
  }

  async #run(
    exchange: Exchange,
    stream: ReservedStream,
    { id, operation, payload }: { id: string; operation: AbortController; payload: OperationPayload },
  ): Promise<void> {
    const { report } = this.#core;
    // Whoever goes before hearing that it was taken in does not know that it could be stopped.
    const unheard = (): void => {
      stream.ended(id, operation);
      operation.abort(exchange.abort.signal.reason);
    };
    exchange.abort.signal.addEventListener('abort', unheard);
    const execution = await this.#execute(exchange, payload, operation.signal);
    if (execution.kind === 'refused' && !operation.signal.aborted) {
      return sendAnswer(exchange, toAnswer(execution, true), report);
    }
    if (!exchange.abort.signal.aborted) sendText(exchange, operation.signal.aborted ? 204 : 202, '');
    const events =
      execution.kind === 'stream' ? execution.events : execution.kind === 'result' ? only(execution.result) : undefined;
    if (events === undefined) return;
    const sent = forward(events, { format: eventsOf(id), outlet: stream, abort: operation, report });
    // Its id is free when the client has its end; its source may take longer to close.
    const closed = sent.then(() => {
      stream.ended(id, operation);
      return events.return?.(undefined);
    });
    exchange.track(closed);
    await closed;
  }

  #execute({ request }: Exchange, payload: OperationPayload, signal: AbortSignal): Promise<Execution> {
    const context = { signal, headers: readHeaders(request), connectionParams: undefined, connection: {} };
    return this.#core.pipeline.execute(payload, context, { kinds: kindsFor(request.method) });
  }

  async #refuse(exchange: Exchange, ...of: Parameters<typeof fault>): Promise<void> {
    sendAnswer(exchange, fault(...of), this.#core.report);
  }
}

const notFound = 'There is no such event stream: reserve one with PUT.';
