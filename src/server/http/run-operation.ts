// Runs one operation and answers it in the form that its client prefers of those that can hold what comes of it: JSON,
// server-sent events (GraphQL over SSE, "distinct connections mode"), or multipart.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import type { ServerCore } from '../core.js';
import { forParts, forResult, forSubscription } from './accept.js';
import { sendAnswer, toAnswer } from './answer.js';
import type { Exchange } from './exchange.js';
import { forward, only } from './forward.js';
import { gather } from './gather.js';
import { readHeaders } from './headers.js';
import { MultipartAnswer, multipartSubscription } from './multipart.js';
import { kindsFor } from './read-operation.js';
import { serverSentEvents } from './server-sent-events.js';
import type { StreamFormat } from './stream-format.js';
import { StreamedBody } from './streamed-body.js';

export async function runOperation(core: ServerCore, exchange: Exchange, payload: OperationPayload): Promise<void> {
  const { accepted, over, track } = exchange;
  const execution = await execute(core, exchange, payload);
  if (execution.kind === 'stream') {
    const { events, incremental } = execution;
    track(over.then(() => events.return?.()));
    const format = incremental === true ? partsFormat(exchange) : subscriptionFormat(exchange);
    if (format !== undefined) await stream(core, exchange, format, events);
    else answer(core, exchange, { kind: 'result', result: await gather(events) });
  } else if (forResult(accepted) === 'event-stream' && !isDisallowed(execution)) {
    const result = execution.kind === 'result' ? execution.result : { errors: execution.errors };
    await stream(core, exchange, serverSentEvents, only(result));
  } else {
    answer(core, exchange, execution);
  }
}

async function execute(core: ServerCore, exchange: Exchange, payload: OperationPayload): Promise<Execution> {
  const { counters, pipeline } = core;
  const { request, accepted, abort, over } = exchange;
  counters.operations += 1;
  void over.then(() => {
    counters.operations -= 1;
  });
  const canStream = forSubscription(accepted) !== undefined;
  const kinds = kindsFor(request.method).filter((kind) => kind !== 'subscription' || canStream);
  const { signal } = abort;
  const context = { signal, headers: readHeaders(request), connectionParams: undefined, connection: {} };
  return pipeline.execute(payload, context, { kinds });
}

function isDisallowed(execution: Execution): boolean {
  return execution.kind === 'refused' && execution.disallowed !== undefined;
}

function answer(core: ServerCore, exchange: Exchange, execution: Parameters<typeof toAnswer>[0]): void {
  if (exchange.abort.signal.aborted) return;
  const precise = forResult(exchange.accepted) === 'graphql-response';
  sendAnswer(exchange, toAnswer(execution, precise), core.report);
}

async function stream(
  { timers, options: { keepAliveMs }, report }: ServerCore,
  { response, abort, over }: Exchange,
  format: StreamFormat,
  events: AsyncIterator<Result, undefined>,
): Promise<void> {
  if (abort.signal.aborted) return;
  const body = new StreamedBody(response, format, { timers, keepAliveMs, over });
  await forward(events, { format, outlet: body, abort, report });
  body.end();
}

function subscriptionFormat({ accepted }: Exchange): StreamFormat | undefined {
  switch (forSubscription(accepted)) {
    case 'event-stream':
      return serverSentEvents;
    case 'multipart-subscription':
      return multipartSubscription;
    default:
      return undefined;
  }
}

function partsFormat({ accepted }: Exchange): StreamFormat | undefined {
  switch (forParts(accepted)) {
    case 'event-stream':
      return serverSentEvents;
    case 'multipart':
      return new MultipartAnswer();
    default:
      return undefined;
  }
}
