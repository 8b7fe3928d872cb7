// Answers as server-sent events: GraphQL over SSE; HTML standard, section 9.2.6. JSON holds no line breaks, so an event has one
// line of data.

import type { EventFormat, StreamFormat } from './stream-format.js';

// Browsers pass over an event without data: `complete` has an empty one.
const complete = 'event: complete\ndata:\n\n';

/** A stream of one operation: "distinct connections mode". */
export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  // A comment. Some browsers take a stream for open only when its first byte is there.
  opening: ':\n\n',
  heartbeat: ':\n\n',
  comeBack: (retryMs) => `retry: ${retryMs}\n\n`,
  next: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  failed: (errors) => `event: next\ndata: ${JSON.stringify({ errors })}\n\n${complete}`,
  complete: () => complete,
};

/** The events of one operation among others in a stream: "single connection mode". */
export function eventsOf(id: string): EventFormat {
  const next = (payload: unknown): string => `event: next\ndata: ${JSON.stringify({ id, payload })}\n\n`;
  const complete = (): string => `event: complete\ndata: ${JSON.stringify({ id })}\n\n`;
  return { next, failed: (errors) => next({ errors }) + complete(), complete };
}
