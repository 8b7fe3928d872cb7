// A gap in a subscription whose consumer asked to fail on gaps.

import type { Gap } from '../subscription-event.js';
import { SessionError } from './session-error.js';

/** Events may have been missed, and `.data({ onGap: 'fail' })` was asked to say so by failing. */
export class GapError extends SessionError {
  override readonly name: string = 'GapError';
  readonly gap: Gap;

  constructor(what: string, gap: Gap) {
    super(
      `${what} was interrupted (${gap.reason}) from ${new Date(gap.lostAt).toISOString()}: events may have been missed.`,
      {
        code: 'gap',
        phase: 'operation',
        delivery: 'answered',
        retryable: true,
      },
    );
    this.gap = gap;
  }
}
