// Runs the operations of one list, all at the same time, and answers with the list of their results in the same order. Each has
// a context of its own, and none of them knows of the others.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { GraphQLError } from '../../protocol/result.js';
import { toAnswer } from './answer.js';
import { Call } from './call.js';
import type { Exchange } from './exchange.js';
import type { PlainResponse } from './plain.js';
import { executeOptions, gathered, type HttpParts } from './run-operation.js';

export async function runList(
  parts: HttpParts,
  { request, accepted }: Exchange,
  payloads: readonly OperationPayload[],
): Promise<PlainResponse> {
  const { core, replies } = parts;
  if (accepted.result === 'event-stream') {
    return replies.badRequest(accepted, 'A list of operations is answered with JSON: accept "application/json".');
  }
  if (request.headers['idempotency-key'] !== undefined) {
    return replies.badRequest(
      accepted,
      'One Idempotency-Key cannot stand for a list: give each mutation its own, as "extensions.idempotencyKey".',
    );
  }
  const options = executeOptions(request, { ...accepted, subscription: undefined }, undefined);
  const run = async (payload: OperationPayload): Promise<string> => {
    const call = new Call(request, core.counters);
    const execution = await core.pipeline.execute(payload, call, options);
    const whole = execution.kind === 'stream' ? await gathered(parts, execution) : execution;
    call.over();
    const isSubscription = whole.kind === 'refused' && whole.disallowed === 'subscription';
    return replies.write(isSubscription ? { errors: [noStreams] } : toAnswer(whole, undefined).result).text;
  };
  const texts = await Promise.all(payloads.map(run));
  return replies.json(accepted, 200, `[${texts.join(',')}]`, undefined);
}

const noStreams: GraphQLError = {
  message: 'A subscription cannot be part of a list: send it in a request of its own, which accepts a stream.',
  extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' },
};
