// A GraphQL document that cannot be sent, or that does not say which of its operations is meant. Thrown before anything is
// sent, so that one bad document never costs a connection.

import { HoldfastError } from './holdfast-error.js';

/** The document is malformed, holds no operation, or the named operation is not in it. The message shows the place. */
export class DocumentError extends HoldfastError {
  override readonly name: string = 'DocumentError';
  /** 1 for the first line; undefined where the fault has no place in a text. */
  readonly line: number | undefined;
  /** 1 for the first UTF-16 code unit of the line. */
  readonly column: number | undefined;

  constructor(message: string, line?: number, column?: number) {
    super(message, { code: 'bad-document', phase: 'prepare' });
    this.line = line;
    this.column = column;
  }
}
