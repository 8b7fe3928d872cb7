// What every operation's context begins with. Its signal is made when somebody reads it, which most resolvers never do.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../../protocol/executor.js';
import type { OperationContext } from '../hook-types.js';
import type { OperationSignal } from './operation-signal.js';

/** Not a private member: objects with a context as their prototype read the signal there. */
const held: unique symbol = Symbol('signal');

interface Holder {
  readonly [held]: OperationSignal;
}

// An own member of the context, because applications copy contexts with `...`. One descriptor for all of them: a getter in each
// object literal would give every operation a hidden class of its own, which costs more than the operation.
const lazily: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: Holder): AbortSignal {
    return this[held].signal;
  },
};

export function ownContext(
  payload: OperationPayload,
  { headers, connectionParams, connection, remoteAddress }: ExecutionContext,
  signal: OperationSignal,
): OperationContext {
  const own: Omit<OperationContext, 'signal'> & Holder = {
    payload,
    headers,
    connectionParams,
    connection,
    remoteAddress,
    [held]: signal,
  };
  return Object.defineProperty(own, 'signal', lazily) as OperationContext & Holder;
}

/** The same with the members of an object in front. */
export function mergedContext(own: OperationContext, given: object): object {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(own), ...Object.getOwnPropertyDescriptors(given) },
  );
}
