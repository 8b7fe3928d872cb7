// A schema that cannot be had or used: it does not parse, has no query type, lacks a root or field that the program asks for,
// or the server does not tell it.

import type { Delivery } from '../../protocol/delivery.js';
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
  /** Default: that of the cause, where that says it. */
  readonly delivery?: Delivery | undefined;
  readonly cause?: unknown;
}

/** What asking a server for it failed with says also whether asking again may help: `retryable`, `delivery`, `attempts` are its. */
export class SchemaError extends HoldfastError {
  override readonly name: string = 'SchemaError';
  declare readonly code: SchemaErrorCode;
  /** Where the schema came from: a path, an address, `the SDL text`. */
  readonly source: string;
  readonly place: SourcePlace | undefined;

  /** @param message What happened and what to do. The source and the place are put before it. */
  constructor(code: SchemaErrorCode, message: string, { source, place, delivery, cause }: SchemaErrorOptions) {
    const where = place === undefined ? source : `${source}, line ${place.line}, column ${place.column}`;
    const failed: Partial<HoldfastError> = cause instanceof HoldfastError ? cause : {};
    const { retryable, attempts } = failed;
    super(`${where}: ${message}`, {
      code,
      phase: 'prepare',
      delivery: delivery ?? failed.delivery,
      retryable,
      attempts,
      cause,
    });
    this.source = source;
    this.place = place;
  }
}
