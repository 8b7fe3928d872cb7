// A call whose deadline passed before its answer.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

const places: Readonly<Record<Delivery, string>> = {
  'not-sent': 'while it waited for a connection',
  unknown: 'while it waited for the answer',
  answered: 'while it waited to be sent again after an answer that failed',
};

/** The deadline passed. `delivery` says whether the server may still be working on it; it was told to stop. */
export class DeadlineError extends SessionError {
  override readonly name: string = 'DeadlineError';
  readonly deadlineMs: number;

  constructor(what: string, deadlineMs: number, delivery: Delivery, attempts: number, failure: Failure | undefined) {
    super(
      `${what} passed its deadline of ${deadlineMs} ms ${places[delivery]}${failure === undefined ? '.' : `. Last failure: ${failure.message}`}`,
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
