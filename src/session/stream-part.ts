// What a stream hands out: an answer that comes in parts (`@defer`, `@stream`), as the whole so far or as what was added.

import type { ResultPatch } from '../protocol/incremental/part.js';
import type { JsonObject } from '../protocol/json.js';
import type { GraphQLError, Result } from '../protocol/result.js';

/** The whole answer as far as it has come. It never changes; what it has in common with the next one is shared. */
export interface StreamSnapshot<T = unknown> {
  /** Fields and items that are still to come are not there yet. */
  readonly data: T | null | undefined;
  /** All so far. They do not throw here. */
  readonly errors: readonly GraphQLError[] | undefined;
  readonly extensions: JsonObject | undefined;
  /** Whether there is more to come. */
  readonly hasNext: boolean;
  /**
   * The connection was lost after the snapshot before this one, and the query was sent again: this one belongs to the new
   * answer and may lack what the one before had. Always false for the first.
   */
  readonly restarted: boolean;
}

/** What one part added, whichever format the server sends. */
export interface StreamPatch<T = unknown> {
  /** Of the first part: what the patches of all parts belong to. Undefined from the second one on. */
  readonly data: T | null | undefined;
  /** In this order, each on top of what the ones before it made. */
  readonly patches: readonly ResultPatch[];
  /** Of the part itself; those of a patch are in the patch. */
  readonly errors: readonly GraphQLError[] | undefined;
  readonly extensions: JsonObject | undefined;
  /** Whether there is more to come. */
  readonly hasNext: boolean;
}

/** How the parts are wanted: the option `as`. */
export type StreamForm = 'snapshot' | 'patch';

export type StreamPart<T = unknown> = StreamSnapshot<T> | StreamPatch<T>;

/** What comes on its way to a slow consumer. */
export interface PartBuffer<Part> {
  /** What was taken in stays true, also when a new attempt begins: there cannot be another one. */
  readonly final: boolean;
  /** The bounds, where more is held than they allow. */
  readonly exceeded: { readonly maxEvents: number; readonly maxBytes: number } | undefined;
  /** Takes in what came. Answers with what is wrong with it, as a clause; then nothing more is to come. */
  add(result: Result, bytes: number): string | undefined;
  /** What the consumer gets next, if anything waits for it. */
  take(): Part | undefined;
  /** What comes next is the beginning of an answer. */
  restart(): void;
  clear(): void;
}
