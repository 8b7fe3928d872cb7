// A mutation that may or may not have run. It is never sent again by the session: only the program can find out.

import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/** The mutation was handed to the network and its answer will never come. Look at the server's state before you repeat it. */
export class OutcomeUnknownError extends SessionError {
  override readonly name: string = 'OutcomeUnknownError';

  constructor(what: string, failure: Failure, attempts: number) {
    super(
      `${what} was sent and its connection was lost before the answer, so it may or may not have run: ${failure.message} ` +
        'Read the state it would have changed before repeating it, or use a server that honours idempotency keys.',
      { code: 'outcome-unknown', phase: 'operation', delivery: 'unknown', retryable: false, attempts, failure },
    );
  }
}
