// The common face of the session's errors: a HoldfastError that also carries the Failure it was made from.

import { HoldfastError, type HoldfastErrorOptions } from '../../protocol/errors/holdfast-error.js';
import type { Failure } from '../../transport/contract.js';

/** When an operation that failed went through its life, ms since the epoch: as `meta.timings` says it of one that was answered. */
export interface FailureTimings {
  readonly calledAt: number;
  /** Its last send; undefined where it was never sent. */
  readonly sentAt: number | undefined;
  readonly endedAt: number;
}

export interface SessionErrorOptions extends HoldfastErrorOptions {
  readonly failure?: Failure | undefined;
}

/** Every error that a session throws, except for wrong options and documents. */
export class SessionError extends HoldfastError {
  override readonly name: string = 'SessionError';
  /** What went wrong on the way, where something did: close code and reason, HTTP status and headers, the original error. */
  readonly failure: Failure | undefined;
  #timings: FailureTimings | undefined;

  constructor(message: string, options: SessionErrorOptions) {
    super(message, { ...options, cause: options.cause ?? options.failure?.cause });
    this.failure = options.failure;
  }

  /** The HTTP status, where the failure was an HTTP answer. */
  get status(): number | undefined {
    return this.failure?.status;
  }

  /** The HTTP headers of that answer. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.failure?.headers;
  }

  /** Of a call or stream that failed. */
  get timings(): FailureTimings | undefined {
    return this.#timings;
  }

  /** @internal Said once, by the operation that fails with it. */
  at(timings: FailureTimings): this {
    this.#timings ??= timings;
    return this;
  }

  /** The WebSocket close code, where a connection ended. */
  get closeCode(): number | undefined {
    return this.failure?.closeCode;
  }
}
