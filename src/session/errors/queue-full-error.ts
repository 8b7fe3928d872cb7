// More calls wait for the connection than the session may hold.

import { SessionError } from './session-error.js';

/** `maxWaiting` calls wait already. The server is away or slower than the program calls. */
export class QueueFullError extends SessionError {
  override readonly name: string = 'QueueFullError';

  constructor(what: string, maxWaiting: number) {
    super(
      `${what} was not accepted: ${maxWaiting} operations wait for the connection already. Call less, or raise the option "maxWaiting".`,
      { code: 'queue-full', phase: 'queue', retryable: true },
    );
  }
}
