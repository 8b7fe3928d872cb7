// A subscription whose consumer was too slow for a buffer that was told to fail.

import { SessionError } from './session-error.js';

/** More events came than `buffer` may hold, and its `whenFull` is `fail`. What was buffered has been delivered before. */
export class BufferFullError extends SessionError {
  override readonly name: string = 'BufferFullError';

  constructor(what: string, maxEvents: number, maxBytes: number, attempts: number) {
    super(
      `${what} ended because its consumer is too slow: more than ${maxEvents} events or ${maxBytes} bytes wait for it. Take them faster, raise the option "buffer", or let its "whenFull" park or drop.`,
      { code: 'buffer-full', phase: 'operation', delivery: 'answered', retryable: true, attempts },
    );
  }
}
