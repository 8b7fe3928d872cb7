// Answers as server-sent events: GraphQL over SSE, "distinct connections mode"; HTML standard, section 9.2.6. JSON holds no
// line breaks, so an event has one line of data.

import type { StreamFormat } from './stream-format.js';

// Browsers pass over an event without data: `complete` has an empty one.
const complete = 'event: complete\ndata:\n\n';

export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  // A comment. Some browsers take a stream for open only when its first byte is there.
  opening: ':\n\n',
  heartbeat: ':\n\n',
  next: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  failed: (errors) => `event: next\ndata: ${JSON.stringify({ errors })}\n\n${complete}`,
  complete: () => complete,
};
