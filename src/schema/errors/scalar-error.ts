// A value that a codec of a scalar or enum could not write or read.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { printPath } from './validation-error.js';

/**
 * A codec threw, or an answer has another form than its document. While encoding nothing was sent (`delivery` is `not-sent`);
 * while decoding the operation was answered, and `cause` is what the codec threw.
 */
export class ScalarError extends HoldfastError {
  override readonly name: string = 'ScalarError';
  /** The scalar or enum. Undefined where the form of the answer is wrong. */
  readonly scalar: string | undefined;
  /** Where among the variables, or in the data. */
  readonly path: readonly (string | number)[];

  constructor(
    doing: 'encoding' | 'decoding',
    scalar: string | undefined,
    path: readonly (string | number)[],
    message: string,
    cause?: unknown,
  ) {
    const what = scalar === undefined ? '' : ` as ${scalar}`;
    const code = doing === 'encoding' ? 'cannot-encode' : 'cannot-decode';
    const where = path.length === 0 ? 'The data' : printPath(path);
    super(`${where} cannot be ${doing === 'encoding' ? 'written' : 'read'}${what}: ${message}`, {
      code,
      phase: doing === 'encoding' ? 'prepare' : 'operation',
      delivery: doing === 'encoding' ? 'not-sent' : 'answered',
      cause,
    });
    this.scalar = scalar;
    this.path = path;
  }
}
