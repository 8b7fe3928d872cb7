// What an operation hears from the body of an answer that comes as a stream, whatever the format of the stream.

import type { GraphQLError, Result } from '../result.js';

export type Outcome =
  /** The answer, a part of it (`hasNext`), or an event. `bytes`: its size as it was received. */
  | { readonly type: 'next'; readonly result: Result; readonly bytes: number }
  /** The end, as it should be. */
  | { readonly type: 'complete' }
  /** The end, because of errors that are no part of any result. */
  | { readonly type: 'errors'; readonly errors: readonly [GraphQLError, ...GraphQLError[]] }
  /** A heartbeat, or anything else that only shows that the server is there. */
  | { readonly type: 'alive' }
  /** Something could not be read, and the stream goes on. Worth a warning. */
  | ({ readonly type: 'skipped' } & Unreadable)
  /** The stream breaks the rules. Nothing comes after it. */
  | ({ readonly type: 'invalid' } & Unreadable)
  /** One event or part has at least so many bytes, and that is too many. Nothing comes after it. */
  | { readonly type: 'too-large'; readonly bytes: number }
  /** Only from `end()`: the body ended before the stream did. What was still to come is lost. */
  | { readonly type: 'truncated' };

export interface Unreadable {
  /** A clause for a message, as in "a part is not valid JSON". */
  readonly reason: string;
  /** How the text begins that could not be read; empty where there is none. */
  readonly start: string;
  /** What the JSON parser threw. */
  readonly cause?: unknown;
}

/** Reads one body. Never throws, and keeps no more than one event or part in memory. */
export interface BodyReader {
  /** Takes the next bytes, which are not used after the call, and answers with what they say, in order. */
  push(chunk: Uint8Array): readonly Outcome[];
  /** The body has ended: `complete` where that is the end of the stream too, else `truncated`. */
  end(): Extract<Outcome, { type: 'complete' | 'truncated' }>;
}

/** Turns JSON into a value, and throws where it is none. */
export type Parse = (text: string) => unknown;
