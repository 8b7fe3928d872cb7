// A call whose deadline passed before its answer.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/** The deadline passed. `delivery` says whether the server may still be working on it; it was told to stop. */
export class DeadlineError extends SessionError {
  override readonly name: string = 'DeadlineError';
  readonly deadlineMs: number;

  constructor(what: string, deadlineMs: number, delivery: Delivery, attempts: number, failure: Failure | undefined) {
    const place = delivery === 'not-sent' ? 'while it waited for a connection' : 'while it waited for the answer';
    super(
      `${what} passed its deadline of ${deadlineMs} ms ${place}${failure === undefined ? '.' : `. Last failure: ${failure.message}`}`,
      {
        code: 'deadline',
        phase: delivery === 'not-sent' ? 'queue' : 'operation',
        delivery,
        retryable: delivery === 'not-sent',
        attempts,
        failure,
      },
    );
    this.deadlineMs = deadlineMs;
  }
}
