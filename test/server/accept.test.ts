import { describe, expect, test } from 'vitest';
import { readAccept } from '../../src/server/http/accept.js';

const sse = 'event-stream';

describe('what a client accepts', () => {
  test.each([
    [undefined, 'json', undefined, undefined],
    ['', 'json', undefined, undefined],
    ['*/*', 'json', undefined, undefined],
    ['text/html', 'json', undefined, undefined],
    ['text/*', 'json', undefined, undefined],
    ['application/json', 'json', undefined, undefined],
    ['Application/GraphQL-Response+JSON', 'graphql-response', undefined, undefined],
    ['application/graphql-response+json, application/json;q=0.9', 'graphql-response', undefined, undefined],
    ['application/json, application/graphql-response+json', 'json', undefined, undefined],
    ['application/json;q=0.9, application/graphql-response+json', 'graphql-response', undefined, undefined],
    ['text/event-stream', sse, sse, sse],
    ['TEXT/EVENT-STREAM; charset=utf-8', sse, sse, sse],
    ['application/json, text/event-stream', 'json', sse, sse],
    ['text/event-stream, application/json', sse, sse, sse],
    ['text/event-stream;q=0.5, application/json;q=0.6', 'json', sse, sse],
    ['text/event-stream;q=0, application/json', 'json', undefined, undefined],
    ['multipart/mixed', 'json', undefined, 'multipart'],
    ['multipart/mixed; boundary="-"; deferSpec=20220824, application/json', 'json', undefined, 'multipart'],
    ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json', 'json', 'multipart', undefined],
    ['multipart/mixed;boundary="a,b;q=0";subscriptionSpec="1.0", text/event-stream', sse, 'multipart', sse],
    ['multipart/mixed;subscriptionSpec=1.0;q=0.1, text/event-stream;q=0.2', sse, sse, sse],
    ['multipart/mixed;subscriptionSpec=2.0', 'json', undefined, 'multipart'],
    ['text/event-stream;q=huge', sse, sse, sse],
    ['"', 'json', undefined, undefined],
    [',;=,;q=0.3', 'json', undefined, undefined],
  ])('%s', (header, result, subscription, parts) => {
    const accepted = readAccept(header);
    expect([accepted.result, accepted.subscription, accepted.parts?.type]).toEqual([result, subscription, parts]);
  });

  test('a header full of quotes takes no longer than another one', () => {
    const header = '\\"'.repeat(1_000_000);
    expect(readAccept(`application/graphql-response+json, "${header}`).result).toBe('graphql-response');
  });
});
