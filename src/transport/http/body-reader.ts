// How the body of an answer that comes as a stream is read.

import type { GraphQLError, Result } from '../../protocol/result.js';

export type Outcome =
  | { readonly type: 'next'; readonly result: Result; readonly bytes: number }
  | { readonly type: 'complete' }
  | { readonly type: 'errors'; readonly errors: readonly [GraphQLError, ...GraphQLError[]] }
  | { readonly type: 'alive' }
  | { readonly type: 'skipped'; readonly reason: string }
  | { readonly type: 'invalid'; readonly reason: string }
  | { readonly type: 'truncated' };

export interface BodyReader {
  push(chunk: Uint8Array): readonly Outcome[];
  end(): Outcome;
}

export interface BodyReaderOptions {
  readonly contentType: string | undefined;
  readonly subscription: boolean;
  readonly maxMessageBytes: number;
  readonly parse: (text: string) => unknown;
}

/** Undefined where the answer comes whole. */
export function createBodyReader(_options: BodyReaderOptions): BodyReader | undefined {
  return undefined;
}
