// How the body of an answer is to be read when it comes as a stream: chosen by its Content-Type.

import { EventStreamBody } from './event-stream-body.js';
import { bodyKind, boundaryOf, parseMediaType } from './media-type.js';
import { MultipartBody } from './multipart-body.js';
import type { BodyReader, Parse } from './outcome.js';

export interface BodyReaderOptions {
  /** The value of the header; undefined where there was none. */
  readonly contentType: string | undefined;
  /** The operation is a subscription. */
  readonly subscription: boolean;
  /** What one event or part may have. */
  readonly maxMessageBytes: number;
  /** Default: `JSON.parse`. */
  readonly parse?: Parse | undefined;
}

/** Undefined where the answer comes whole. */
export function createBodyReader(options: BodyReaderOptions): BodyReader | undefined {
  const { contentType = '', subscription, maxMessageBytes, parse = JSON.parse } = options;
  const type = parseMediaType(contentType);
  if (type === undefined) return undefined;
  switch (bodyKind(type)) {
    case 'event-stream':
      return new EventStreamBody(maxMessageBytes, parse);
    case 'multipart':
      return new MultipartBody({
        boundary: boundaryOf(type),
        maxPartBytes: maxMessageBytes,
        parse,
        subscription,
        enveloped: type.parameters.subscriptionspec !== undefined,
      });
    default:
      return undefined;
  }
}
