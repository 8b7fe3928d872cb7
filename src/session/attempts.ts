// Starts attempts on their connections, through the interceptors of attempts where there are any.

import type { Connection, Failure, Handle, Request, Sink } from '../transport/contract.js';
import { type ChainOwner, type Interceptor, InterceptorChain } from './interceptors.js';
import type { Attempt } from './operation.js';

interface Start {
  readonly attempt: Attempt;
  readonly connection: Connection;
}

export class Attempts implements ChainOwner<Start> {
  readonly #chain: InterceptorChain<Start> | undefined;
  readonly #threw: (attempt: Attempt, cause: unknown) => void;

  constructor(interceptors: readonly Interceptor[], threw: (attempt: Attempt, cause: unknown) => void) {
    this.#chain = interceptors.length === 0 ? undefined : new InterceptorChain(interceptors, this);
    this.#threw = threw;
  }

  begin(attempt: Attempt, request: Request, connection: Connection): void {
    attempt.handle =
      this.#chain === undefined
        ? connection.start(request, attempt)
        : this.#chain.enter({ attempt, connection }, request, this.#whileCurrent(attempt));
  }

  /** Tells the server to stop. */
  stop(attempt: Attempt): void {
    attempt.handle?.cancel();
    this.#chain?.abandon(attempt.id);
  }

  /** Its connection ended. The session knows; its interceptors are told. */
  lost(attempt: Attempt, failure: Failure): void {
    this.#chain?.abandon(attempt.id)?.error(failure);
  }

  /** Behind the last interceptor. */
  start({ attempt, connection }: Start, request: Request, sink: Sink): Handle {
    if (!attempt.current) return { cancel: () => {} };
    return connection.start({ ...request, kind: attempt.operation.request.kind }, completing(request, sink));
  }

  threw({ attempt }: Start, cause: unknown): void {
    this.#threw(attempt, cause);
  }

  /** What an interceptor does with an attempt that is over concerns nobody, and nothing of it is kept. */
  #whileCurrent(attempt: Attempt): Sink {
    const over = (): void => {
      if (!attempt.current) this.#chain?.abandon(attempt.id);
    };
    return {
      sending: () => attempt.sending(),
      next: (result, bytes) => {
        attempt.next(result, bytes);
        over();
      },
      error: (failure) => attempt.error(failure),
      complete: () => attempt.complete(),
    };
  }
}

/** A call ends with its last answer; interceptors hear a `complete` after it, whatever the protocol does. */
function completing({ kind }: Request, sink: Sink): Sink {
  if (kind === 'subscription') return sink;
  return {
    ...sink,
    next: (result, bytes) => {
      sink.next(result, bytes);
      if (result.hasNext !== true) sink.complete();
    },
  };
}
