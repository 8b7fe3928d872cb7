// Interceptors: what a program puts around its operations. They are functions around `start`, in order on the way in and in
// reverse order on the way out, composed once per session.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Handle, Request, Sink } from '../transport/contract.js';

/**
 * Starts a request and answers with a handle on it. What comes of it goes to the sink: `sending` before each send, `next` for
 * every answer or event, then exactly one `error` or `complete`, unless it was cancelled. Events are handed on in order and in
 * the turn in which they come; what is handed on later may be overtaken by a gap.
 */
export type Start = (request: Request, sink: Sink) => Handle;

/**
 * Wraps `start`. It is called once, when the session is made; what it returns is called for every request. It may change the
 * request (not its `id` or `kind`), pass it on later, answer it itself, watch or change what comes back, and pass it on again
 * once it has ended.
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
export type Interceptor = (next: Start) => Start;

export interface InterceptorOptions {
  /** Around each call and subscription, its retries and reconnects included: one start and one end as its consumer sees them. */
  readonly call?: readonly Interceptor[] | undefined;
  /** Around each send on a connection: what they change is on the wire, and a retry passes them again. */
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

/** What stands behind the last interceptor, and who is told when one throws. */
export interface ChainOwner<Subject> {
  start(subject: Subject, request: Request, sink: Sink): Handle;
  /** It may have been thrown when a request passed, or when an answer did. */
  threw(subject: Subject, cause: unknown): void;
}

interface Passage<Subject> {
  readonly subject: Subject;
  /** What the last interceptor hands to whatever stands behind it. */
  inner: Sink | undefined;
}

/** A request that is on its way through the interceptors is known by its id, which no two of a session share. */
export class InterceptorChain<Subject> {
  readonly #owner: ChainOwner<Subject>;
  readonly #enter: Start;
  readonly #passages = new Map<string, Passage<Subject>>();

  constructor(interceptors: readonly Interceptor[], owner: ChainOwner<Subject>) {
    this.#owner = owner;
    this.#enter = interceptors.reduceRight<Start>(
      (next, interceptor) => interceptor(next),
      (request, sink) => this.#leave(request, sink),
    );
  }

  /** Sends a request through all of them. `sink` hears nothing any more once it ended or `abandon` was called. */
  enter(subject: Subject, request: Request, sink: Sink): Handle {
    const { id } = request;
    const passage: Passage<Subject> = { subject, inner: undefined };
    this.#passages.set(id, passage);
    const open = (): boolean => this.#passages.get(id) === passage;
    const outer: Sink = {
      sending: () => {
        if (open()) sink.sending();
      },
      next: (result, bytes) => {
        if (open()) sink.next(result, bytes);
      },
      error: (failure) => {
        if (open()) this.#passages.delete(id);
        else return;
        sink.error(failure);
      },
      complete: () => {
        if (open()) this.#passages.delete(id);
        else return;
        sink.complete();
      },
    };
    const none: Handle = { cancel: () => {} };
    return this.#guarded(subject, () => this.#enter(request, outer)) ?? none;
  }

  /** Whatever the interceptors still do with this request reaches nobody. Answers with what hears of its end. */
  abandon(id: string): Sink | undefined {
    const inner = this.#passages.get(id)?.inner;
    this.#passages.delete(id);
    return inner;
  }

  #leave(request: Request, sink: Sink): Handle {
    const passage = this.#passages.get(request.id);
    // It was cancelled, or its connection ended, while an interceptor kept it.
    if (passage === undefined) return { cancel: () => {} };
    const { subject } = passage;
    const inner: Sink = {
      sending: () => this.#guarded(subject, () => sink.sending()),
      next: (result, bytes) => this.#guarded(subject, () => sink.next(result, bytes)),
      error: (failure) => this.#guarded(subject, () => sink.error(failure)),
      complete: () => this.#guarded(subject, () => sink.complete()),
    };
    passage.inner = inner;
    return this.#owner.start(subject, request, inner);
  }

  /** A program's mistake must end the operation it concerns, and nothing else. */
  #guarded<T>(subject: Subject, run: () => T): T | undefined {
    try {
      return run();
    } catch (cause) {
      this.#owner.threw(subject, cause);
      return undefined;
    }
  }
}
