// A subscription whose consumer was too slow for a buffer that was told to fail, or a stream of patches with such a consumer.

import { SessionError } from './session-error.js';

const defaultCure = 'or let its "whenFull" park or drop';

/**
 * More came than `buffer` may hold: events, where its `whenFull` is `fail`, or patches of a stream. What was buffered has been
 * delivered before.
 */
export class BufferFullError extends SessionError {
  override readonly name: string = 'BufferFullError';

  constructor(what: string, maxEvents: number, maxBytes: number, attempts: number, instead: string = defaultCure) {
    super(
      `${what} ended because its consumer is too slow: more than ${maxEvents} events or ${maxBytes} bytes wait for it. Take them faster, raise the option "buffer", ${instead}.`,
      { code: 'buffer-full', phase: 'operation', delivery: 'answered', retryable: true, attempts },
    );
  }
}
