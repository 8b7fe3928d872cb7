// What an answer that stays open is made of, whatever its media type: the body, and the events of an operation in it.

import type { Result } from '../../protocol/result.js';
import type { Errors } from '../../protocol/to-graphql-error.js';

export interface BodyFormat {
  readonly contentType: string;
  /** What it begins with. It is sent at once, so that the client sees that there is an answer. */
  readonly opening: string;
  /** Sent when nothing else has been for a while. Undefined where the format has nothing that says nothing. */
  readonly heartbeat: string | undefined;
  /** Asks the client to come back after so many milliseconds, before a body that ends unfinished. Empty where it cannot. */
  comeBack(retryMs: number): string;
}

/** The events of one operation. */
export interface EventFormat {
  /** Throws where the result is no JSON. */
  next(result: Result): string;
  /** The last words of an operation that failed. Throws where its errors are no JSON. */
  failed(errors: Errors): string;
  /** The last words of one that ended by itself. */
  complete(): string;
}

export type StreamFormat = BodyFormat & EventFormat;
