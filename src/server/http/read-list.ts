// Several operations in one request, as a list in its body. No specification has it, many clients do; it is off unless the
// option `batching` says how many there may be.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ServerCore } from '../core.js';
import { type Answer, badRequest, fault } from './answer.js';
import { readRequest } from './read-request.js';

/** What to run, or what to answer instead. */
export function readList(
  { options, telemetry }: Pick<ServerCore, 'options' | 'telemetry'>,
  values: readonly unknown[],
): readonly OperationPayload[] | Answer {
  const { batchSize } = options;
  if (batchSize <= 1) return batchingDisabled;
  if (values.length === 0) return badRequest('The body is an empty list: there is nothing to run.');
  if (values.length > batchSize) {
    telemetry.limited('batching');
    return fault(
      400,
      `The list has ${values.length} operations. The server's option "batching" allows ${batchSize}: send them in several requests.`,
      'LIMIT_EXCEEDED',
    );
  }
  const payloads: OperationPayload[] = [];
  for (const [index, value] of values.entries()) {
    const payload = readRequest(value);
    if (typeof payload === 'string') return badRequest(`Item ${index} of the list is no request. ${payload}`);
    payloads.push(payload);
  }
  return payloads;
}

const batchingDisabled: Answer = fault(
  400,
  'The body is a list of operations, and the server\'s option "batching" is off: send one operation in each request.',
  'BATCHING_DISABLED',
);
