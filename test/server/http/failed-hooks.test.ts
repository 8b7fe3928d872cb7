// What a client is told whose operation a hook of the application could not handle: the fault is the server's, and the status says
// so. GraphQL over HTTP, section "Status Codes"; RFC 9110, section 15.6.1.

import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/index.js';
import { createFetchHandler } from '../../../src/server/adapters/fetch/index.js';
import type { Engine } from '../../../src/server/execution/engine.js';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import { createServer, type ServerOptions } from '../../../src/server/index.js';
import { undici } from '../../../src/transport/undici/index.js';
import { askRaw, type RawAnswer } from '../support/raw-http.js';
import { makeSchema, Probe } from '../support/schema.js';
import { startServer } from '../support/serving.js';

const precise = 'application/graphql-response+json';
const masked = { errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] };
const secret = new Error('password is hunter2');
const keyed = { query: 'mutation { add(amount: 1) }', extensions: { idempotencyKey: 'key' } };

const throws = (thrown: unknown) => (): never => {
  throw thrown;
};
const rejects = (thrown: unknown) => (): Promise<never> => Promise.reject(thrown);

const start = (options: Partial<ServerOptions>) => startServer({ development: false, ...options });
const ask = (url: string, body: object, accept: string): Promise<RawAnswer> =>
  askRaw(url, { headers: { accept }, body });

describe.each([
  ['throws', throws],
  ['rejects', rejects],
] as const)('a hook that %s', (_, fails) => {
  test.each<[keyof ServerOptions, object]>([
    ['context', { query: '{ hello }' }],
    ['context', keyed],
    ['principal', keyed],
  ])('unexpectedly is a fault of the server, and tells nothing: %s', async (hook, body) => {
    for (const statusCodes of ['2025', '2026'] as const) {
      await using t = await start({ [hook]: fails(secret), statusCodes });
      const { status, text } = await ask(t.url, body, precise);
      expect([status, JSON.parse(text)]).toEqual([500, masked]);
      expect(t.failures).toEqual([{ source: hook, error: secret }]);
      expect(t.probe.began).toEqual([]);
    }
  });

  test('on purpose says what it says, as any refusal does', async () => {
    const error = new GraphQLError('Log in first', { extensions: { code: 'UNAUTHENTICATED' } });
    await using t = await start({ context: fails(error) });
    const { status, text } = await ask(t.url, { query: '{ hello }' }, precise);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { errors: [{ message: 'Log in first', extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    expect(t.failures).toEqual([]);
  });

  test('on purpose says so where documents are looked up, and where a stream is opened, and is no failure', async () => {
    const error = new GraphQLError('Log in first', { extensions: { code: 'UNAUTHENTICATED' } });
    const told = { errors: [{ message: 'Log in first', extensions: { code: 'UNAUTHENTICATED' } }] };
    await using t = await start({ documents: { find: fails(error) }, principal: fails(error) });
    const looked = await ask(t.url, { documentId: 'a' }, precise);
    expect([looked.status, JSON.parse(looked.text)]).toEqual([400, told]);
    const stream = await ask(t.url, { query: 'subscription { forever(name: "a") }' }, 'text/event-stream');
    expect([stream.status, JSON.parse(stream.text)]).toEqual([400, told]);
    const shared = await askRaw(t.url, { method: 'PUT' });
    expect([shared.status, JSON.parse(shared.text)]).toEqual([400, told]);
    expect(t.failures).toEqual([]);
  });

  test('with a GraphQLError around what was unexpected tells nothing of that either', async () => {
    await using t = await start({ context: fails(new GraphQLError('x', { originalError: secret })) });
    const { status, text } = await ask(t.url, { query: '{ hello }' }, precise);
    expect([status, JSON.parse(text)]).toEqual([500, masked]);
  });

  test('looks documents up fails the same way', async () => {
    await using t = await start({ documents: { find: fails(secret) } });
    const { status, text } = await ask(t.url, { documentId: 'a' }, precise);
    expect([status, text]).toEqual([500, expect.stringContaining('DOCUMENTS_UNAVAILABLE')]);
    expect(t.failures).toEqual([{ source: 'documents', error: secret }]);
  });

  test('keeps idempotency keys fails the same way, and runs nothing', async () => {
    await using t = await start({ idempotency: { windowMs: 1_000, name: 'broken', begin: fails(secret) } });
    const { status, text } = await ask(t.url, keyed, precise);
    expect([status, text]).toEqual([500, expect.stringContaining('IDEMPOTENCY_UNAVAILABLE')]);
    expect(text).not.toContain('hunter2');
    expect([t.failures, t.probe.began]).toEqual([[{ source: 'idempotency', error: secret }], []]);
  });

  test('leaves the status of a stream, of a list and of application/json as it is', async () => {
    await using t = await start({ context: fails(secret), batching: true });
    const body = { query: '{ hello }' };
    const json = await ask(t.url, body, 'application/json');
    expect([json.status, JSON.parse(json.text)]).toEqual([200, masked]);
    const list = await ask(t.url, [body], precise);
    expect([list.status, JSON.parse(list.text)]).toEqual([200, [masked]]);
    const stream = await ask(t.url, body, 'text/event-stream');
    expect([stream.status, stream.text]).toEqual([200, expect.stringContaining(JSON.stringify(masked))]);
  });

  test('for an operation of a shared stream is a fault of the server too', async () => {
    await using t = await start({ context: fails(secret) });
    const { text: token } = await askRaw(t.url, { method: 'PUT' });
    const headers = { 'x-graphql-event-stream-token': token };
    const { status, text } = await askRaw(t.url, {
      headers,
      body: { query: '{ hello }', extensions: { operationId: '1' } },
    });
    expect([status, JSON.parse(text)]).toEqual([500, masked]);
  });
});

test('in development the fault is told, with the same status', async () => {
  await using t = await start({ context: throws(secret), development: true });
  const { status, text } = await ask(t.url, { query: '{ hello }' }, precise);
  expect([status, JSON.parse(text)]).toEqual([500, { errors: [{ message: secret.message }] }]);
});

test('a session asks once, and is told what the server says', async () => {
  let asked = 0;
  await using t = await start({
    context: () => {
      asked += 1;
      throw secret;
    },
  });
  await using session = await connect({ transport: undici(t.url) });
  const { errors, meta } = await session.result('{ hello }');
  expect([errors?.[0]?.message, meta.status, asked]).toEqual(['Internal server error', 500, 1]);
});

test('an engine that cannot be loaded behind an adapter that does not wait for it tells nothing', async () => {
  const engine: Engine = { name: 'broken', prepare: graphqlJs().prepare, load: () => Promise.reject(secret) };
  const failures: unknown[] = [];
  const onError = (error: unknown, source: string): void => void failures.push([error, source]);
  const schema = makeSchema(new Probe());
  const graphql = createFetchHandler(createServer({ schema, engine, development: false, onError }));
  const request = new Request('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: precise },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  const answer = await graphql(request);
  expect([answer.status, await answer.json()]).toEqual([500, masked]);
  expect(failures).toEqual([[secret, 'graphql']]);
  await graphql.close();
});
