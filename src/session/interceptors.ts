// Interceptors: what a program puts around its operations. They are functions around `start`, in order on the way in and in
// reverse order on the way out. What they are composed to is in interceptor-chain.ts.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Clock, Handle, Request, Sink } from '../transport/contract.js';
import type { Session } from './session.js';

/**
 * Starts a request and answers with a handle on it. What comes of it goes to the sink: `sending` before each send, `next` for
 * every answer, part of an answer (the last one without `hasNext`) or event, then exactly one `error` or `complete`, unless it
 * was cancelled. Parts and events are handed on in order and in the turn in which they come; what is handed on later may be
 * overtaken by a gap or a new answer. Who keeps the `next` of a query or mutation back keeps its `complete` back as well:
 * without an answer before it, it is a failure.
 */
export type Start = (request: Request, sink: Sink) => Handle;

/**
 * The session that an interceptor is in, for operations of its own. These pass through the interceptors of the session like all
 * others: an interceptor has to let its own pass.
 */
export interface InterceptorSession extends Pick<Session, 'result'> {
  readonly clock: Clock;
  /** Resolves when the session is ready for the first time; never, where that never comes. */
  readonly firstReady: Promise<void>;
}

/**
 * Wraps `start`. It is called once for each way to the server: when the session is made, and over a route for each of the
 * others when that is first needed. What it returns is called for every request. It may change the request (not its `id` or
 * `kind`), pass it on later, answer it itself, and watch or change what comes back. Among the `call` interceptors it may pass a
 * request on again once that has ended, at most 100 times in a row without anything being sent; an attempt is one send. What it
 * throws ends the operation with an InterceptorError; the others are told by `cancel`. What it hands to `error` does the same,
 * unless its `code` is `invalid-operation` and nothing was sent: then its `cause`, a HoldfastError, is what the caller gets.
 *
 * @example
 * ```ts
 * const timing: Interceptor = (next) => (request, sink) => {
 *   const startedAt = performance.now();
 *   const report = () => console.log(request.operationName, Math.round(performance.now() - startedAt), 'ms');
 *   return next(request, {
 *     ...sink,
 *     error: (failure) => { report(); sink.error(failure); },
 *     complete: () => { report(); sink.complete(); },
 *   });
 * };
 * ```
 */
export type Interceptor = (next: Start, session: InterceptorSession) => Start;

export interface InterceptorOptions {
  /**
   * Around each call, stream and subscription, its retries and reconnects included: one start and one end as its consumer sees
   * them. The answer to a call is whole, the parts of a stream are as the server sent them.
   */
  readonly call?: readonly Interceptor[] | undefined;
  /**
   * Around each send on a connection: what they change is on the wire, and a retry passes them again. The session does not
   * depend on them for what it knows: they cannot hide that a request was sent, nor take its idempotency key off.
   */
  readonly attempt?: readonly Interceptor[] | undefined;
}

export interface ResolvedInterceptors {
  readonly call: readonly Interceptor[];
  readonly attempt: readonly Interceptor[];
}

/** Throws an OptionError for what is no list of functions. */
export function resolveInterceptors(options: InterceptorOptions | undefined): ResolvedInterceptors {
  const given: unknown = options ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(
      'interceptors',
      `Option "interceptors" must be an object of lists, as in { call: [tracing] }; it is ${describe(given)}.`,
    );
  }
  refuseUnknownOptions('interceptors', given, ['call', 'attempt']);
  const { call = [], attempt = [] } = given as InterceptorOptions;
  for (const [name, list] of Object.entries({ call, attempt })) {
    if (Array.isArray(list) && list.every((entry) => typeof entry === 'function')) continue;
    throw new OptionError(`interceptors.${name}`, `Option "interceptors.${name}" must be a list of functions.`);
  }
  return { call: [...call], attempt: [...attempt] };
}
