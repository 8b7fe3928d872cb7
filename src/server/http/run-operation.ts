// Runs one operation and answers it in the form that its client prefers of those that can hold what comes of it: JSON,
// server-sent events (GraphQL over SSE, "distinct connections mode"), or multipart.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecuteOptions, Execution } from '../../protocol/executor.js';
import { isPromiseLike } from '../call-hook.js';
import type { ServerCore } from '../core.js';
import type { Accepted } from './accept.js';
import { toAnswer } from './answer.js';
import { Call } from './call.js';
import type { Exchange } from './exchange.js';
import type { Exchanges } from './exchanges.js';
import { forward, inOneGo } from './forward.js';
import { gather } from './gather.js';
import { MultipartAnswer, multipartSubscription } from './multipart.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import { kindsFor } from './read-operation.js';
import type { Replies } from './replies.js';
import { serverSentEvents } from './server-sent-events.js';
import type { StreamFormat } from './stream-format.js';
import { takePlace } from './stream-place.js';
import { StreamedBody } from './streamed-body.js';

/** What the parts of one endpoint share. */
export interface HttpParts {
  readonly core: ServerCore;
  readonly replies: Replies;
  readonly exchanges: Exchanges;
}

type Stream = Extract<Execution, { kind: 'stream' }>;

/** At once where nothing has to be waited for. */
export function runOperation(
  parts: HttpParts,
  exchange: Exchange,
  payload: OperationPayload,
): PlainResponse | Promise<PlainResponse> {
  const { core } = parts;
  const { request, accepted } = exchange;
  const call = new Call(request, core.counters);
  const options = executeOptions(request, accepted, request.headers['idempotency-key']);
  const execution = core.pipeline.execute(payload, call, options);
  return isPromiseLike(execution)
    ? execution.then((settled) => answerWith(parts, exchange, call, settled))
    : answerWith(parts, exchange, call, execution);
}

function answerWith(
  parts: HttpParts,
  exchange: Exchange,
  call: Call,
  execution: Execution,
): PlainResponse | Promise<PlainResponse> {
  if (execution.kind !== 'stream') return answerWhole(parts, exchange, call, execution);
  const format = streamFormat(exchange.accepted, execution.incremental === true);
  if (format !== undefined) return stream(parts, exchange, call, execution, format);
  return gathered(parts, execution).then((whole) => answerWhole(parts, exchange, call, whole));
}

function answerWhole(
  { core, replies }: HttpParts,
  { accepted }: Exchange,
  call: Call,
  whole: Exclude<Execution, Stream>,
): PlainResponse {
  call.over();
  if (accepted.result === 'event-stream' && (whole.kind === 'result' || whole.disallowed === undefined)) {
    const result = whole.kind === 'result' ? whole.result : { errors: whole.errors };
    const text = serverSentEvents.opening + inOneGo(result, serverSentEvents, core.report);
    return replies.events(serverSentEvents.contentType, text);
  }
  return replies.answer(accepted, toAnswer(whole, preciseFor(core, accepted)));
}

/** The status codes that the client knows, where it knows any of GraphQL's own. */
function preciseFor({ options }: ServerCore, { result }: Accepted): '2025' | '2026' | undefined {
  return result === 'graphql-response' ? options.statusCodes : undefined;
}

export function executeOptions(
  { method }: PlainRequest,
  { subscription, parts }: Accepted,
  idempotencyKey: string | undefined,
): ExecuteOptions {
  return { kinds: kindsFor(method, subscription !== undefined), incremental: parts?.format, idempotencyKey };
}

/** An answer in parts, for a client that can only take one. */
export async function gathered({ exchanges }: HttpParts, { events }: Stream): Promise<Exclude<Execution, Stream>> {
  const result = await gather(events);
  exchanges.track(Promise.resolve(events.return?.()));
  return { kind: 'result', result };
}

async function stream(
  { core, replies, exchanges }: HttpParts,
  exchange: Exchange,
  call: Call,
  { events, incremental }: Stream,
  format: StreamFormat,
): Promise<PlainResponse> {
  const { timers, report, options } = core;
  const finish = (): void => {
    call.abort(over);
    exchanges.track(Promise.resolve(events.return?.()));
  };
  const place = await takePlace(core, exchange.request);
  if (typeof place !== 'function') {
    finish();
    return replies.answer(exchange.accepted, place);
  }
  const body: StreamedBody = new StreamedBody({
    format,
    timers,
    keepAliveMs: options.keepAliveMs,
    stallTimeoutMs: options.stallTimeoutMs,
    opened: () => void forward(events, { format, outlet: body, operation: call, report }).then(() => body.end()),
    closed: () => {
      finish();
      place();
      exchange.closed();
    },
  });
  exchanges.stream(exchange, body, incremental !== true);
  return replies.events(format.contentType, body);
}

const over = new DOMException('The stream is over, or its client went away.', 'AbortError');

function streamFormat({ subscription, parts }: Accepted, incremental: boolean): StreamFormat | undefined {
  switch (incremental ? parts?.type : subscription) {
    case 'event-stream':
      return serverSentEvents;
    case 'multipart':
      return incremental ? new MultipartAnswer(parts?.spec) : multipartSubscription;
    default:
      return undefined;
  }
}
