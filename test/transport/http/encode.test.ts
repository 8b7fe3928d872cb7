// From an operation to the HTTP request that asks for it: method, address, headers, body.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import type { Request } from '../../../src/transport/contract.js';
import type { HttpRequest } from '../../../src/transport/http/exchange.js';
import type { HttpOptions } from '../../../src/transport/http/options.js';
import { deferred, openHttp, subscription } from './support/connection.js';

function sent(
  request: Partial<Request> = {},
  options: HttpOptions = {},
  credentials: Readonly<Record<string, string>> = {},
): HttpRequest {
  const { client, start } = openHttp(options, { credentials: { headers: credentials } });
  start(request);
  return client.latest.request;
}

const bodyOf = (request: HttpRequest): unknown => JSON.parse(String(request.body));
const parametersOf = ({ path }: HttpRequest): URLSearchParams => new URL(path, 'http://server.test').searchParams;

describe('the body of a request', () => {
  test('holds the document alone where there is nothing else', () => {
    const request = sent();
    expect(request).toMatchObject({ method: 'POST', path: '/graphql?key=1', longLived: false });
    expect(request.headers['content-type']).toBe('application/json');
    expect(bodyOf(request)).toEqual({ query: '{ a }' });
  });

  test('holds what is set', () => {
    const request = sent({
      query: 'query A($n: Int) { a(n: $n) }',
      operationName: 'A',
      variables: JsonText.of({ n: 1, text: 'ä"\n' }),
      extensions: JsonText.of({ trace: 'x' }),
    });
    expect(bodyOf(request)).toEqual({
      query: 'query A($n: Int) { a(n: $n) }',
      operationName: 'A',
      variables: { n: 1, text: 'ä"\n' },
      extensions: { trace: 'x' },
    });
  });
});

describe('headers', () => {
  test('of a call win over those of the credentials, which win over those of the transport, in any case', () => {
    const { headers } = sent(
      { headers: { 'X-One': 'call' } },
      { headers: { 'X-ONE': 'transport', 'X-Two': 'transport', 'x-three': 'transport' } },
      { 'x-One': 'credentials', 'X-TWO': 'credentials' },
    );
    expect(headers).toMatchObject({ 'x-one': 'call', 'x-two': 'credentials', 'x-three': 'transport' });
    expect(Object.keys(headers).filter((name) => name.toLowerCase() === 'x-one')).toHaveLength(1);
  });

  test('may be cookies, and may replace what the transport sends by itself', () => {
    const { headers } = sent({ headers: { Cookie: 'a=1; b=2', Accept: 'application/json' } });
    expect(headers).toMatchObject({ cookie: 'a=1; b=2', accept: 'application/json' });
  });

  test('hold user and password of the address, unless the credentials bring others', () => {
    expect(sent().headers.authorization).toBe(`Basic ${btoa('user:secret')}`);
    expect(sent({}, {}, { Authorization: 'Bearer t' }).headers.authorization).toBe('Bearer t');
  });

  test('of credentials are new for every request after they were renewed, and nothing else changes', () => {
    const { client, connection, start } = openHttp(
      { headers: { a: '1' } },
      { credentials: { headers: { token: 'old' } } },
    );
    start();
    connection.reauthenticate({ headers: { Token: 'new' } });
    start();
    expect(client.exchanges.map(({ request }) => request.headers.token)).toEqual(['old', 'new']);
    expect({ ...client.exchanges[1]?.request.headers, token: 'old' }).toEqual(client.exchanges[0]?.request.headers);
  });

  test('of one call do not reach another', () => {
    const { client, start } = openHttp();
    start({ headers: { secret: '1' } });
    start();
    expect(client.latest.request.headers).not.toHaveProperty('secret');
  });
});

describe('what may answer', () => {
  test.each([
    ['a query', {}, undefined, /^application\/graphql-response\+json, application\/json;q=0\.9$/],
    [
      'a subscription',
      subscription,
      undefined,
      /^text\/event-stream, multipart\/mixed;.*subscriptionSpec=1\.0.*, application\/graphql/,
    ],
    [
      'a subscription, by option',
      subscription,
      ['multipart'] as const,
      /^multipart\/mixed;.*subscriptionSpec=1\.0.*, application\/graphql/,
    ],
    ['a subscription, by option', subscription, ['sse'] as const, /^text\/event-stream$/],
    [
      'a query in parts',
      deferred,
      undefined,
      /^text\/event-stream, multipart\/mixed;.*deferSpec=20220824.*, application\/graphql/,
    ],
    [
      'a query in parts, by option',
      deferred,
      ['multipart', 'sse'] as const,
      /^multipart\/mixed;.*, text\/event-stream, application\/graphql/,
    ],
  ])('to %s is listed', (_what, request, streams, accept) => {
    expect(sent(request, { streams }).headers.accept).toMatch(accept);
  });

  test('is asked for each document by itself', () => {
    const { client, start } = openHttp();
    for (const request of [{}, deferred, {}, deferred]) start(request);
    const inParts = client.exchanges.map(({ request }) => request.headers.accept?.includes('multipart'));
    expect(inParts).toEqual([false, true, false, true]);
  });

  test('to a subscription alone may stay open for long', () => {
    expect([sent(), sent(deferred), sent(subscription)].map(({ longLived }) => longLived)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('a query by GET', () => {
  const options = { queryMethod: 'GET' } as const;

  test('has everything in the address, behind what that has of its own, and no body', () => {
    const variables = JsonText.of({ text: 'a b&c=d+ü' });
    const extensions = JsonText.of({ trace: '%' });
    const request = sent({ query: '{ a(b: "&?#") }', operationName: 'A', variables, extensions }, options);
    expect(request).toMatchObject({ method: 'GET', body: undefined });
    expect(request.path).toMatch(/^\/graphql\?key=1&query=/);
    expect(Object.fromEntries(parametersOf(request))).toEqual({
      key: '1',
      query: '{ a(b: "&?#") }',
      operationName: 'A',
      variables: variables.text,
      extensions: extensions.text,
    });
  });

  test('leaves out what is not set', () => {
    expect([...parametersOf(sent({}, options)).keys()]).toEqual(['key', 'query']);
  });

  test('keeps a content type, which servers take as proof that no page sent it', () => {
    expect(sent({}, options).headers['content-type']).toBe('application/json');
  });

  test('goes by POST where its address would be longer than 2,048 characters', () => {
    const length = (text: string): number => {
      const { path, method } = sent({ query: `{ a(b: "${text}") }` }, options);
      return method === 'GET' ? 'http://server.test'.length + path.length : Number.POSITIVE_INFINITY;
    };
    const room = 2_048 - length('');
    expect(length('x'.repeat(room))).toBe(2_048);
    const request = sent({ query: `{ a(b: "${'x'.repeat(room + 1)}") }` }, options);
    expect(request).toMatchObject({ method: 'POST', path: '/graphql?key=1' });
    expect(bodyOf(request)).toHaveProperty('query');
  });

  test('is a query: mutations and subscriptions go by POST', () => {
    expect(sent({ kind: 'mutation', query: 'mutation { m }' }, options).method).toBe('POST');
    expect(sent(subscription, options).method).toBe('POST');
  });

  test('may be a query alone without its text', () => {
    const byHash = { ...options, queryMethod: 'POST', hashedQueryMethod: 'GET' } as const;
    const request = sent({ query: '', documentId: 'sha256:a0' }, byHash);
    expect(request.method).toBe('GET');
    expect(Object.fromEntries(parametersOf(request))).toEqual({ key: '1', documentId: 'sha256:a0' });
    expect(sent({}, byHash).method).toBe('POST');
  });
});

test('A query by QUERY has the body of a POST', () => {
  const request = sent({}, { queryMethod: 'QUERY' });
  expect(request).toMatchObject({ method: 'QUERY', path: '/graphql?key=1' });
  expect(bodyOf(request)).toEqual({ query: '{ a }' });
  expect(sent({ kind: 'mutation' }, { queryMethod: 'QUERY' }).method).toBe('POST');
  expect(sent({ query: '', documentId: 'x' }, { queryMethod: 'QUERY' }).method).toBe('QUERY');
});
