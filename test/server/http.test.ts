import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { nothing, startServer, until } from './support/serving.js';

const json = 'application/json';
const precise = 'application/graphql-response+json';
const hello = { query: '{ hello }' };

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { 'content-type': json, ...headers }, body: text });
}

describe('answers', () => {
  test('a query and a mutation', async () => {
    await using t = await startServer();
    const query = await post(t.url, {
      query: 'query A { hello } query B($name: String) { hello(name: $name) }',
      operationName: 'B',
      variables: { name: 'you' },
      extensions: { any: 1 },
    });
    expect(query.status).toBe(200);
    expect(query.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await query.json()).toEqual({ data: { hello: 'Hello you' } });
    const mutation = await post(t.url, { query: 'mutation { add(amount: 3) }', variables: null, operationName: null });
    expect(await mutation.json()).toEqual({ data: { add: 3 } });
    await until(() => t.server.stats().operations === 0);
  });

  test('the address may have a query string, and the type a charset', async () => {
    await using t = await startServer();
    const response = await post(`${t.url}?trace=1`, hello, { 'content-type': 'Application/JSON; charset="UTF-8"' });
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });

  const wellFormed: readonly [string, object, number][] = [
    ['a query that runs', hello, 200],
    ['a query that runs with an error', { query: '{ fails }' }, 200],
    ['a syntax error', { query: '{' }, 400],
    ['a validation error', { query: '{ nothing }' }, 400],
    ['a variable that does not fit', { query: 'query ($n: Int!) { huge(bytes: $n) }' }, 400],
    ['an unknown operation', { query: 'query A { hello }', operationName: 'B' }, 400],
  ];

  test.each(wellFormed)(
    '%s: under application/json 200, under graphql-response+json the precise status',
    async (_, body, status) => {
      await using t = await startServer();
      for (const accept of [json, '*/*', `${precise};q=0, ${json}`]) {
        const plain = await post(t.url, body, { accept });
        expect([plain.status, plain.headers.get('content-type')]).toEqual([200, `${json}; charset=utf-8`]);
      }
      for (const accept of [precise, `text/html, ${precise.toUpperCase()}; q=0.9`]) {
        const exact = await post(t.url, body, { accept });
        expect([exact.status, exact.headers.get('content-type')]).toEqual([status, `${precise}; charset=utf-8`]);
        const answer = (await exact.json()) as { data?: unknown; errors?: { message: string }[] };
        expect('data' in answer).toBe(status === 200);
      }
    },
  );
});

describe('refusals', () => {
  test.each([
    ['PATCH', 'PATCH', '', hello, 405],
    ['OPTIONS', 'OPTIONS', '', hello, 405],
    ['another path', 'POST', '/other', hello, 404],
  ])('%s', async (_, method, path, body, status) => {
    await using t = await startServer();
    const response = await fetch(`${t.url}${path}`, {
      method,
      headers: { 'content-type': json },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, POST, QUERY, PUT, DELETE' : null);
    const code = status === 405 ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND';
    expect(await response.json()).toEqual({ errors: [{ message: expect.stringMatching(/./), extensions: { code } }] });
    expect(t.probe.began).toEqual([]);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    '',
  ])('the content type "%s": 415', async (type) => {
    await using t = await startServer();
    const response = await post(t.url, hello, { 'content-type': type });
    expect(response.status).toBe(415);
    expect(t.probe.began).toEqual([]);
  });

  test.each<readonly [string, unknown, string?]>([
    ['no JSON', '{"query":'],
    ['nothing', ''],
    ['a list', [hello], 'BATCHING_DISABLED'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['no query', {}],
    ['a query that is a number', { query: 5 }],
    ['variables that are a list', { ...hello, variables: [1] }],
    ['variables that are a text', { ...hello, variables: '{}' }],
    ['an operation name that is a number', { ...hello, operationName: 5 }],
    ['extensions that are a list', { ...hello, extensions: [] }],
  ])('a body that is %s: 400 under either type', async (_, body, code = 'BAD_REQUEST') => {
    await using t = await startServer();
    for (const accept of [json, precise]) {
      const response = await post(t.url, body, { accept });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        errors: [{ message: expect.stringMatching(/./), extensions: { code } }],
      });
    }
  });

  test('a body beyond the limit: 413, and the next request is served', async () => {
    await using t = await startServer({ limits: { messageBytes: 1_000 } });
    const response = await post(t.url, { query: `{ hello } # ${'x'.repeat(2_000)}` });
    expect(response.status).toBe(413);
    expect((await post(t.url, { query: `{ hello } # ${'x'.repeat(900)}` })).status).toBe(200);
    expect(t.probe.began).toEqual(['hello']);
  });

  test('a body without end is answered with 413 before its end', async () => {
    await using t = await startServer({ limits: { messageBytes: 1_000 } });
    const status = await new Promise((resolve, reject) => {
      const endless = request(t.url, { method: 'POST', headers: { 'content-type': json } }, (response) => {
        resolve(response.statusCode);
        endless.destroy();
      });
      endless.on('error', reject);
      endless.write('x'.repeat(10_000));
    });
    expect(status).toBe(413);
  });

  test('a subscription: 400 under either type, with a code and the types that it needs, and it does not run', async () => {
    await using t = await startServer();
    for (const accept of [json, precise]) {
      const response = await post(t.url, { query: 'subscription { count(to: 1) }' }, { accept });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [
          {
            extensions: {
              code: 'SUBSCRIPTION_NEEDS_STREAM',
              accept: ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'],
            },
          },
        ],
      });
    }
    expect(t.probe.began).toEqual([]);
  });

  test('an answer that is no JSON: 500, reported, and the next request is served', async () => {
    await using t = await startServer();
    const response = await post(t.url, { query: '{ unserialisable }' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ errors: [{ message: 'The answer could not be serialised as JSON.' }] });
    expect(t.failures.map(({ source }) => source)).toEqual(['result']);
    expect((await post(t.url, hello)).status).toBe(200);
  });
});

describe('what resolvers see', () => {
  test('a client that goes away aborts the signal of its operation', async () => {
    await using t = await startServer();
    const abort = new AbortController();
    const gone = fetch(t.url, {
      method: 'POST',
      headers: { 'content-type': json, 'x-user': 'me' },
      body: JSON.stringify({ query: '{ slow(gate: "g") }' }),
      signal: abort.signal,
    });
    await until(() => t.probe.contexts.length === 1);
    const context = t.probe.contexts[0] as {
      signal: AbortSignal;
      headers: Record<string, string>;
      connection: unknown;
    };
    expect(context.headers['x-user']).toBe('me');
    expect(context.connection).toEqual({});
    expect(context.signal.aborted).toBe(false);
    abort.abort();
    await expect(gone).rejects.toThrow();
    await until(() => context.signal.aborted);
    await until(() => t.server.stats().operations === 0);
    t.probe.open('g');
    expect(t.failures).toEqual([]);
  });

  test('a signal is not aborted by the end of an answer', async () => {
    await using t = await startServer();
    await (await post(t.url, hello)).text();
    await until(() => t.server.stats().operations === 0);
    expect((t.probe.contexts[0] as { signal: AbortSignal }).signal.aborted).toBe(false);
  });

  test('a client that goes away before the end of its body leaves nothing behind', async () => {
    await using t = await startServer();
    const half = request(t.url, { method: 'POST', headers: { 'content-type': json, 'content-length': '100' } });
    half.on('error', () => {});
    half.write('{');
    await new Promise((resolve) => half.once('socket', (socket) => socket.once('connect', resolve)));
    half.destroy();
    expect((await post(t.url, hello)).status).toBe(200);
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
    expect(t.failures).toEqual([]);
  });

  test('an operation is over with its answer, not with its connection', async () => {
    await using t = await startServer();
    const { hostname, port, pathname } = new URL(t.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify(hello);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let closed = false;
    socket.once('close', () => {
      closed = true;
    });
    await new Promise((resolve) => socket.once('data', resolve));
    await until(() => t.server.stats().operations === 0);
    expect(closed).toBe(false);
    socket.destroy();
  });

  test('requests pipelined on one connection are aborted with it, also those whose turn has not come', async () => {
    await using t = await startServer();
    const { hostname, port, pathname } = new URL(t.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify({ query: '{ slow(gate: "never") }' });
    const one = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(one.repeat(20));
    await until(() => t.probe.contexts.length === 20);
    expect(t.server.stats().operations).toBe(20);
    socket.destroy();
    await until(() => t.server.stats().operations === 0);
    expect((t.probe.contexts as { signal: AbortSignal }[]).every(({ signal }) => signal.aborted)).toBe(true);
  });
});
