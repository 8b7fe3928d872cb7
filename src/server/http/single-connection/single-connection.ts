// The four requests of GraphQL over SSE, "single connection mode": PUT reserves a stream, GET opens it, any request for an
// operation that names it is answered with 202 and its events go into the stream, DELETE stops an operation.

import type { OperationPayload } from '../../../protocol/dialects/dialect.js';
import type { Execution } from '../../../protocol/executor.js';
import type { Result } from '../../../protocol/result.js';
import { toAnswer } from '../answer.js';
import { isAborted, whenAborted } from '../call.js';
import type { Exchange } from '../exchange.js';
import { forward } from '../forward.js';
import type { PlainResponse } from '../plain.js';
import { type Asked, kindsFor, operationMethods, readOperation, splitUrl } from '../read-operation.js';
import { cutOff, plainText } from '../replies.js';
import type { HttpParts } from '../run-operation.js';
import { eventsOf, serverSentEvents } from '../server-sent-events.js';
import { takePlace } from '../stream-place.js';
import { StreamedBody } from '../streamed-body.js';
import { Reservations } from './reservations.js';
import { ReservedOperation } from './reserved-operation.js';
import type { ReservedStream } from './reserved-stream.js';

type Answering = PlainResponse | Promise<PlainResponse>;

export class SingleConnection {
  readonly #parts: HttpParts;
  readonly #reservations: Reservations;

  constructor(parts: HttpParts) {
    this.#parts = parts;
    this.#reservations = new Reservations(parts.core);
  }

  /** Undefined where the request is none of this mode. */
  answer(exchange: Exchange): Answering | undefined {
    const { request, accepted } = exchange;
    const { method } = request;
    if (method === 'PUT') return this.#reserve(exchange);
    if (method !== 'DELETE' && !operationMethods.includes(method)) return undefined;
    const header = request.headers['x-graphql-event-stream-token'];
    const { search } = splitUrl(request.url);
    if (header === undefined && search === '' && method !== 'DELETE') return undefined;
    const parameters = new URLSearchParams(search);
    const token = header ?? parameters.get('token');
    const stream = token === null ? undefined : this.#reservations.find(token);
    if (stream === undefined) {
      // A parameter of this name may be somebody else's.
      if (header === undefined && method !== 'DELETE') return undefined;
      return this.#refuse(exchange, 404, 'There is no such event stream: reserve one with PUT.', 'NOT_FOUND');
    }
    if (method === 'DELETE') return this.#stop(exchange, stream, parameters.get('operationId'));
    const opens = method === 'GET' && !parameters.has('query') && accepted.result === 'event-stream';
    return opens ? this.#open(exchange, stream) : this.#start(exchange, stream);
  }

  /** Nothing can be reserved from now on. Streams that are open stay. */
  close(): void {
    this.#reservations.close();
  }

  /** A reservation takes a place already: operations may begin before anybody comes for the stream. */
  async #reserve(exchange: Exchange): Promise<PlainResponse> {
    const { core, replies } = this.#parts;
    const place = await takePlace(core, exchange.request);
    if (typeof place !== 'function') return replies.answer(exchange.accepted, place);
    const stream = this.#reservations.reserve(place);
    if (stream !== undefined) return plainText(201, stream.token);
    place();
    const message = 'The server is shutting down, and takes no more event streams.';
    return this.#refuse(exchange, 503, message, 'SHUTTING_DOWN', { 'Retry-After': '1' });
  }

  #open(exchange: Exchange, stream: ReservedStream): PlainResponse {
    if (!stream.isReserved) return this.#refuse(exchange, 409, 'This event stream is open already.', 'CONFLICT');
    const { core, replies, exchanges } = this.#parts;
    const { timers, options } = core;
    this.#reservations.claim(stream);
    const body = new StreamedBody({
      format: serverSentEvents,
      timers,
      keepAliveMs: options.keepAliveMs,
      stallTimeoutMs: options.stallTimeoutMs,
      opened() {},
      closed: () => {
        this.#reservations.remove(stream);
        exchange.closed();
      },
      busy: () => stream.busy,
    });
    stream.open(body);
    exchanges.stream(exchange, body, true);
    return replies.events(serverSentEvents.contentType, body);
  }

  #stop(exchange: Exchange, stream: ReservedStream, id: string | null): PlainResponse {
    if (id === null) return this.#badRequest(exchange, 'The parameter "operationId" must say which operation to stop.');
    stream.stop(id);
    return plainText(200, '');
  }

  async #start(exchange: Exchange, stream: ReservedStream): Promise<PlainResponse> {
    const { core, replies } = this.#parts;
    const { limits } = core.options;
    const asked = await new Promise<Asked>((resolve) => readOperation(core, exchange.request, resolve));
    if (asked === 'gone' || isAborted(exchange.request)) return cutOff;
    if ('fault' in asked) return replies.answer(exchange.accepted, asked.fault);
    if ('list' in asked) return this.#badRequest(exchange, 'An event stream takes one operation in each request.');
    const { payload } = asked;
    const id = payload.extensions?.operationId;
    if (typeof id !== 'string' || id === '' || utf8Length(id) > limits.idBytes) {
      return this.#badRequest(
        exchange,
        `"extensions.operationId" must be a text of at most ${limits.idBytes} bytes, the server's option "limits.idBytes".`,
      );
    }
    const { operationsPerConnection } = limits;
    if (stream.size >= operationsPerConnection) {
      core.telemetry.limited('limits.operationsPerConnection');
      const message = `This event stream has ${operationsPerConnection} operations already, as many as the server's option "limits.operationsPerConnection" allows.`;
      return this.#refuse(exchange, 429, message, 'LIMIT_EXCEEDED');
    }
    const operation = new ReservedOperation(exchange.request);
    if (!stream.start(id, operation)) {
      const message = `This event stream has an operation with the id ${JSON.stringify(id)}.`;
      return this.#refuse(exchange, 409, message, 'CONFLICT');
    }
    return this.#run(exchange, stream, id, operation, payload);
  }

  async #run(
    exchange: Exchange,
    stream: ReservedStream,
    id: string,
    operation: ReservedOperation,
    payload: OperationPayload,
  ): Promise<PlainResponse> {
    const { core, replies } = this.#parts;
    const { request } = exchange;
    // Whoever goes before hearing that it was taken in does not know that it could be stopped.
    whenAborted(request, () => {
      stream.ended(id, operation);
      operation.abort(request.signal.reason);
    });
    const execution = await core.pipeline.execute(payload, operation, {
      kinds: kindsFor(request.method, true),
      incremental: exchange.accepted.parts?.format,
      idempotencyKey: request.headers['idempotency-key'],
    });
    if (execution.kind === 'refused' && execution.begun !== true) {
      const wasStopped = operation.aborted;
      stream.ended(id, operation);
      return wasStopped ? plainText(204, '') : replies.answer(exchange.accepted, toAnswer(execution, '2025'));
    }
    operation.isEndless = execution.kind === 'stream' && execution.incremental !== true;
    const wasStopped = operation.aborted;
    this.#send(stream, id, operation, eventsIn(execution));
    return plainText(wasStopped ? 204 : 202, '');
  }

  /** Its id is free when the client has its end; its source may take longer to close. */
  #send(
    stream: ReservedStream,
    id: string,
    operation: ReservedOperation,
    events: AsyncIterator<Result, undefined>,
  ): void {
    const { core, exchanges } = this.#parts;
    const sent = forward(events, { format: eventsOf(id), outlet: stream, operation, report: core.report });
    exchanges.track(
      sent.then(() => {
        stream.ended(id, operation);
        return events.return?.(undefined);
      }),
    );
  }

  #badRequest({ accepted }: Exchange, message: string): PlainResponse {
    return this.#parts.replies.badRequest(accepted, message);
  }

  #refuse(
    { accepted }: Exchange,
    ...of: [status: number, message: string, code: string, headers?: Record<string, string>]
  ): PlainResponse {
    return this.#parts.replies.fault(accepted, ...of);
  }
}

/** A refusal after something ran is told in the stream: its request was good, and whoever repeats it runs that again. */
function eventsIn(execution: Execution): AsyncIterator<Result, undefined> {
  if (execution.kind === 'stream') return execution.events;
  return only(execution.kind === 'result' ? execution.result : { errors: execution.errors });
}

/** One result as the events of a stream. */
async function* only(result: Result): AsyncGenerator<Result, undefined> {
  yield result;
  return undefined;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
