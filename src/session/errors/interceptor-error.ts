// An interceptor of the program threw, or ended an operation with a failure of its own.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/** The operation ended; the session and other operations go on. What was thrown is the `cause`. */
export class InterceptorError extends SessionError {
  override readonly name: string = 'InterceptorError';

  constructor(what: string, failure: Failure, delivery: Delivery, attempts: number) {
    super(`${what} was ended by an interceptor: ${failure.message}`, {
      code: failure.code,
      phase: failure.phase,
      delivery,
      attempts,
      failure,
    });
  }
}
