// How the commands end: one table, for the program, the help and whoever writes a script around them.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import { MissingDependencyError } from '../protocol/errors/missing-dependency-error.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { SchemaError, type SchemaErrorCode } from '../schema/errors/schema-error.js';

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

export const meanings: Readonly<Record<ExitCode, string>> = {
  0: 'all is well',
  1: 'what was asked for was done, and something was found: a stale module, an invalid document',
  2: 'the command line is wrong',
  3: 'a file or schema cannot be read, understood or written',
  4: 'the server cannot be reached, or refuses',
  5: 'the server does not tell its schema: introspection is disabled',
};

/** Holdfast itself is at fault; as in `sysexits.h`. */
export const internalError = 70;

const schemaErrors: Readonly<Record<SchemaErrorCode, ExitCode>> = {
  unreadable: 3,
  'no-query-type': 3,
  'no-root': 3,
  lost: 1,
  'introspection-disabled': 5,
  'introspection-failed': 4,
};

/** The command line was wrong. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** A command cannot do what it was asked for. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: ExitCode;

  /** @param message What happened, to what, and what to do. */
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** How a command ends that threw this. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError || error instanceof OptionError) return 2;
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof SchemaError) return schemaErrors[error.code];
  if (error instanceof MissingDependencyError) return 3;
  return error instanceof HoldfastError ? 4 : internalError;
}
