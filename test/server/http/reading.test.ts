import { describe, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.js';
import { errorsOf, FakeRequest } from '../support/plain.js';
import { makeEndpoint } from './support.js';

const hello = { query: '{ hello }' };

describe('an address', () => {
  test('is read as forms are written', async () => {
    const { ask, ran } = makeEndpoint();
    await ask({ method: 'GET', url: '/graphql?query=%7B+hello%20%7D&variables=%7B%22a%22%3A%22%2B%26%22%7D&x=%zz&x' });
    expect(ran[0]?.payload).toMatchObject({ query: '{ hello }', variables: { a: '+&' } });
  });

  test.each([
    ['an escape that is none', 'query=%zz', '"%"'],
    ['an escape that is cut off', 'query=%7', '"%"'],
    ['an escape that is no UTF-8', 'query=%ff', '"%"'],
    ['a parameter that is there twice', 'query=%7Ba%7D&query=%7Bb%7D', 'twice'],
    ['an empty one and another one of the same name', 'query=&query=%7Bb%7D', 'twice'],
    ['a name that is an escape of the same name', '%71uery=%7Ba%7D&query=%7Bb%7D', 'twice'],
  ])('with %s is refused', async (_, search, why) => {
    const { ask, ran } = makeEndpoint();
    const response = await ask({ method: 'GET', url: `/graphql?${search}` });
    expect([response.status, errorsOf(response)[0]?.message]).toEqual([400, expect.stringContaining(why)]);
    expect(ran).toEqual([]);
  });
});

describe('a document that is named', () => {
  const persistedQuery = { version: 1, sha256Hash: 'abc' };

  test('by its id or its hash needs no text', async () => {
    const { ask, ran } = makeEndpoint();
    await ask({ body: { documentId: 'sha256:abc' } });
    await ask({ body: { extensions: { persistedQuery } } });
    await ask({ method: 'GET', url: '/graphql?documentId=x' });
    await ask({ method: 'GET', url: `/graphql?extensions=${encodeURIComponent(JSON.stringify({ persistedQuery }))}` });
    await ask({ body: { query: '{ hello }', documentId: null } });
    expect(ran.map(({ payload }) => [payload.query, payload.documentId, payload.extensions])).toEqual([
      ['', 'sha256:abc', undefined],
      ['', undefined, { persistedQuery }],
      ['', 'x', undefined],
      ['', undefined, { persistedQuery }],
      ['{ hello }', undefined, undefined],
    ]);
  });

  test.each([
    ['an id that is a number', { documentId: 5 }],
    ['a hash that is none', { extensions: { persistedQuery: 'abc' } }],
    ['an id beside a text that is a number', { documentId: 'x', query: 5 }],
  ])('%s: 400', async (_, body) => {
    const { ask, ran } = makeEndpoint();
    expect((await ask({ body })).status).toBe(400);
    expect(ran).toEqual([]);
  });
});

describe('a body', () => {
  test('with a coding is refused by its name, and told that there is none', async () => {
    const { ask, ran } = makeEndpoint();
    const response = await ask({ body: hello, headers: { 'content-encoding': 'gzip' } });
    expect([response.status, response.headers['Accept-Encoding'], errorsOf(response)[0]?.message]).toEqual([
      415,
      'identity',
      expect.stringContaining('"gzip"'),
    ]);
    expect((await ask({ body: hello, headers: { 'content-encoding': 'Identity' } })).status).toBe(200);
    expect(ran).toHaveLength(1);
  });

  test('that a framework has read already is not read again, and its type still counts', async () => {
    const { endpoint, ran } = makeEndpoint();
    const parsed = (type: string) => {
      const request = new FakeRequest({ headers: { 'content-type': type }, body: 'read already' });
      return Object.defineProperty(request, 'parsedBody', { value: hello });
    };
    expect((await endpoint.respond(parsed('application/json'))).status).toBe(200);
    expect((await endpoint.respond(parsed('application/x-www-form-urlencoded'))).status).toBe(415);
    expect(ran.map(({ payload }) => payload.query)).toEqual(['{ hello }']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'of type %s is not run, whatever other headers say',
    async (type) => {
      const { ask, ran } = makeEndpoint();
      const response = await ask({
        body: hello,
        headers: { 'content-type': type, 'graphql-require-preflight': '1' },
      });
      expect(response.status).toBe(415);
      expect(ran).toEqual([]);
    },
  );
});

describe('what an operation is told', () => {
  test('the key of its header, the address of its client, and its headers', async () => {
    const { ask, ran } = makeEndpoint();
    await ask({ body: hello, headers: { 'idempotency-key': 'k1', 'x-user': 'me' }, remoteAddress: '10.0.0.1' });
    const [one] = ran;
    expect(one?.options?.idempotencyKey).toBe('k1');
    expect(one?.context.remoteAddress).toBe('10.0.0.1');
    expect(one?.context.headers).toMatchObject({ 'x-user': 'me' });
    expect(one?.context.connection).toEqual({});
  });

  test('its signal, which is aborted when its client goes, whoever asks for it and when', async () => {
    const { endpoint, ran } = makeEndpoint(() => new Promise(() => {}));
    const request = new FakeRequest({ body: hello });
    void endpoint.respond(request);
    await eventually(() => ran.length, 1);
    const { context } = ran[0] as (typeof ran)[0];
    expect([context.aborted, context.signal.aborted]).toEqual([false, false]);
    request.leave();
    expect([context.aborted, context.signal.aborted]).toEqual([true, true]);
  });

  test('in which format its parts are wanted', async () => {
    const { ask, ran } = makeEndpoint();
    for (const accept of [
      'application/json',
      'multipart/mixed; deferSpec=20220824, application/json',
      'multipart/mixed;incrementalSpec=v0.2, application/json',
      'text/event-stream;deferSpec="20220824"',
    ]) {
      await ask({ body: hello, headers: { accept } });
    }
    expect(ran.map(({ options }) => options?.incremental)).toEqual([undefined, '2022-08-24', 'current', '2022-08-24']);
  });
});
