// The rejection of `Transport.open`: an Error, so that stacks and unhandled-rejection reports stay useful, around the Failure.

import type { Failure } from './contract.js';

export class OpenError extends Error {
  override readonly name: string = 'OpenError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.failure = failure;
  }
}
