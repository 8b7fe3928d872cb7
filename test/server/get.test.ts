import { METHODS, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startServer } from './support/serving.js';
import { StreamClient } from './support/stream-client.js';

const precise = 'application/graphql-response+json';

function address(url: string, parameters: Readonly<Record<string, string>>): string {
  return `${url}?${new URLSearchParams(parameters)}`;
}

describe('GET', () => {
  test('runs a query with everything that a body can say', async () => {
    await using t = await startServer();
    const response = await fetch(
      address(t.url, {
        query: 'query A { hello } query B($name: String) { hello(name: $name) }',
        operationName: 'B',
        variables: '{"name":"ü & co"}',
        extensions: '{"any":1}',
      }),
    );
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual({ data: { hello: 'Hello ü & co' } });
    expect((t.probe.contexts[0] as { payload: object }).payload).toMatchObject({ extensions: { any: 1 } });
  });

  test('an empty parameter is left out', async () => {
    await using t = await startServer();
    const response = await fetch(
      address(t.url, { query: '{ hello }', operationName: '', variables: '', extensions: '' }),
    );
    expect(response.status).toBe(200);
  });

  test('a mutation: 405 that names POST under every type, and it does not run', async () => {
    await using t = await startServer();
    for (const accept of ['application/json', precise, 'text/event-stream']) {
      const response = await fetch(address(t.url, { query: 'mutation { add(amount: 1) }' }), { headers: { accept } });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await response.json()).toEqual({
        errors: [{ message: 'Send mutations with POST.', extensions: { code: 'METHOD_NOT_ALLOWED' } }],
      });
    }
    expect(t.probe.began).toEqual([]);
  });

  test('a mutation beside a query: the one that is named counts', async () => {
    await using t = await startServer();
    const query = 'query Q { hello } mutation M { add(amount: 1) }';
    expect((await fetch(address(t.url, { query, operationName: 'Q' }))).status).toBe(200);
    expect((await fetch(address(t.url, { query, operationName: 'M' }))).status).toBe(405);
    expect(t.probe.began).toEqual(['hello']);
  });

  test('a subscription for JSON: 400', async () => {
    await using t = await startServer();
    const response = await fetch(address(t.url, { query: 'subscription { count(to: 1) }' }));
    expect(response.status).toBe(400);
    expect(t.probe.began).toEqual([]);
  });

  test.each([
    ['no query', {}],
    ['variables that are no JSON', { query: '{ hello }', variables: '{' }],
    ['variables that are a list', { query: '{ hello }', variables: '[]' }],
    ['extensions that are no JSON', { query: '{ hello }', extensions: 'x' }],
  ])('%s: 400', async (_, parameters) => {
    await using t = await startServer();
    const response = await fetch(address(t.url, parameters));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringMatching(/./), extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(t.probe.began).toEqual([]);
  });
});

// Not every version of Node that runs this parses the method.
describe.runIf(METHODS.includes('QUERY'))('QUERY', () => {
  const send = (url: string, query: string, accept: string): Promise<StreamClient> =>
    StreamClient.open(url, { method: 'QUERY', headers: { accept }, body: { query } });

  test('runs a query in a body', async () => {
    await using t = await startServer();
    const client = await send(t.url, '{ hello }', precise);
    expect([client.status, client.headers['content-type']]).toEqual([200, `${precise}; charset=utf-8`]);
    expect(JSON.parse(await client.complete())).toEqual({ data: { hello: 'Hello world' } });
  });

  test('a mutation: 405 that names POST, and it does not run', async () => {
    await using t = await startServer();
    const client = await send(t.url, 'mutation { add(amount: 1) }', precise);
    expect([client.status, client.headers.allow]).toEqual([405, 'POST']);
    expect(t.probe.began).toEqual([]);
  });

  test('without JSON: 415', async () => {
    await using t = await startServer();
    const status = await new Promise((resolve, reject) => {
      const sent = request(t.url, { method: 'QUERY', headers: { 'content-type': 'text/plain' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end('{ hello }');
    });
    expect(status).toBe(415);
  });
});
