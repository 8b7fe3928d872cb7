// The common face of the session's errors: a HoldfastError that also carries the Failure it was made from.

import { HoldfastError, type HoldfastErrorOptions } from '../../protocol/errors/holdfast-error.js';
import type { Failure } from '../../transport/contract.js';

export interface SessionErrorOptions extends HoldfastErrorOptions {
  readonly failure?: Failure | undefined;
}

/** Every error that a session throws, except for wrong options and documents. */
export class SessionError extends HoldfastError {
  override readonly name: string = 'SessionError';
  /** What went wrong on the way, where something did: close code and reason, HTTP status and headers, the original error. */
  readonly failure: Failure | undefined;

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

  /** The WebSocket close code, where a connection ended. */
  get closeCode(): number | undefined {
    return this.failure?.closeCode;
  }
}
