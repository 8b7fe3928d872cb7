// An operation as JSON, over HTTP and over WebSocket: what is left out, and what stands in the place of a text that is not sent.

import { describe, expect, test } from 'vitest';
import type { OperationStart } from '../../src/protocol/dialects/dialect.js';
import { clientDialect } from '../../src/protocol/dialects/index.js';
import { JsonText } from '../../src/protocol/json-text.js';
import { operationText } from '../../src/protocol/operation-text.js';

const persistedQuery = JsonText.of({ persistedQuery: { version: 1, sha256Hash: 'a0' } });

const cases: readonly (readonly [name: string, operation: OperationStart, withoutQuery: object])[] = [
  ['a document that is known by its id', { query: '', documentId: 'a "b"' }, { documentId: 'a "b"' }],
  [
    'a document that is known by its hash',
    { query: '', documentId: undefined, extensions: persistedQuery },
    { extensions: persistedQuery.value },
  ],
  [
    'everything at once',
    { query: '', documentId: 'a', operationName: 'A', variables: { n: 1 }, extensions: persistedQuery },
    { documentId: 'a', operationName: 'A', variables: { n: 1 }, extensions: persistedQuery.value },
  ],
];

describe.each(cases)('%s', (_name, operation, withoutQuery) => {
  test('has no query in the body of an HTTP request', () => {
    expect(JSON.parse(operationText(operation))).toEqual(withoutQuery);
  });

  test.each(['graphql-transport-ws', 'graphql-ws'] as const)(
    'has an empty query over %s, whose servers demand a text',
    (subprotocol) => {
      const { payload } = JSON.parse(clientDialect(subprotocol).start('1', operation)) as { readonly payload: object };
      expect(payload).toEqual({ query: '', ...withoutQuery });
    },
  );
});

test('An operation with its text has no member more than it needs', () => {
  const text = operationText({ query: '{ a }', operationName: undefined, variables: undefined });
  expect(text).toBe('{"query":"{ a }"}');
});
