// A schema that cannot be had or used: it does not parse, has no query type, lacks a root or field that the program asks for,
// or the server does not tell it.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';

/**
 * - `unreadable`: it is no schema, or one that does not parse; `no-query-type`: it has no root for queries;
 * - `no-root`: the program asks for a root that it lacks; `lost`: it lacks what a generated module uses;
 * - `introspection-disabled`: the server does not tell it; `introspection-failed`: asking for it failed.
 */
export type SchemaErrorCode =
  | 'unreadable'
  | 'no-query-type'
  | 'no-root'
  | 'lost'
  | 'introspection-disabled'
  | 'introspection-failed';

/** Where in the source: both count from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

export interface SchemaErrorOptions {
  /** Where the schema came from, as a person would name it: a path, an address, `the SDL text`. */
  readonly source: string;
  readonly place?: SourcePlace | undefined;
  readonly cause?: unknown;
}

export class SchemaError extends HoldfastError {
  override readonly name: string = 'SchemaError';
  declare readonly code: SchemaErrorCode;
  /** Where the schema came from: a path, an address, `the SDL text`. */
  readonly source: string;
  readonly place: SourcePlace | undefined;

  /** @param message What happened and what to do. The source and the place are put before it. */
  constructor(code: SchemaErrorCode, message: string, { source, place, cause }: SchemaErrorOptions) {
    const where = place === undefined ? source : `${source}, line ${place.line}, column ${place.column}`;
    super(`${where}: ${message}`, { code, phase: 'prepare', cause });
    this.source = source;
    this.place = place;
  }
}
