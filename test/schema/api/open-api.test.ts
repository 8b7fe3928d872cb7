// A session, a schema and the API over both in one call: what it needs, what it uses, and what is left when it fails.

import { buildSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectError, OptionError } from '../../../src/index.js';
import { openApi } from '../../../src/schema/api/open-api.js';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { memoryCache } from '../../../src/schema/sources/cache/memory-cache.js';
import { createServer, serve } from '../../../src/server/index.js';
import { faultProxy } from '../../../src/testing/fault-proxy.js';
import { local } from '../../../src/transport/local/index.js';
import { endpoint } from '../../../src/transport/route/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { eventually } from '../../testing/eventually.js';
import { type Bookshop, openBookshop, scalars, sdl } from './support/bookshop.js';

let bookshop: Bookshop;

beforeAll(async () => {
  bookshop = await openBookshop();
});
afterAll(() => bookshop[Symbol.asyncDispose]());
/** Whatever a test opened is closed. */
afterEach(() => eventually(() => bookshop.server.stats().connections, 0));

const asked = (): number =>
  bookshop.shop.seen.filter(({ operationName }) => /introspect/i.test(operationName ?? '')).length;

test('an address is enough to run a query, a mutation and a subscription', async () => {
  const api = await openApi(bookshop.url);
  expect(await api.query.books!({ author: 'Tolkien' })).toMatchObject([{ title: 'The Hobbit', genre: 'FICTION' }]);
  expect(await api.mutation.note!({ text: 'hello' })).toBe('hello');
  const days: unknown[] = [];
  for await (const event of api.subscription.days!({ from: '2026-01-01', count: 2 })) days.push(event);
  expect(days).toMatchObject([{ data: '2026-01-01' }, { data: '2026-01-02' }]);
  await api.close();
  expect(api.session.state.status).toBe('closed');
  await expect(api.query.today!()).rejects.toMatchObject({ name: 'SessionClosedError' });
});

test('the address for WebSockets that an endpoint is given is the one that subscriptions take', async () => {
  await using calls = await faultProxy({ target: { port: bookshop.serving.port } });
  await using events = await faultProxy({ target: { port: bookshop.serving.port } });
  const transport = endpoint(calls.url('http', '/graphql'), { webSocketUrl: events.url('ws', '/graphql') });
  await using api = await openApi({ transport });
  await api.query.today!();
  expect([calls.accepted > 0, events.accepted]).toEqual([true, 0]);
  const days = api.subscription.days!({ from: '2026-01-01', count: 1 });
  expect((await days.next()).value).toMatchObject({ data: '2026-01-01' });
  expect([events.accepted, bookshop.server.stats().connections]).toEqual([1, 1]);
});

test('a schema that is given is not asked for, nor one that a cache has', async () => {
  const before = asked();
  await using given = await openApi(bookshop.url, { schema: sdl });
  await given.query.today!();
  expect(asked()).toBe(before);
  const cache = memoryCache();
  await using first = await openApi(bookshop.url, { cache });
  const once = asked();
  expect(once).toBeGreaterThan(before);
  await using second = await openApi({ transport: bookshop.url }, { cache });
  await using third = await openApi(
    { transport: webSocket(bookshop.ws) },
    { cache, cacheKey: new URL(bookshop.url).href },
  );
  expect(Object.keys(third.query)).toEqual(Object.keys(first.query));
  expect(await second.query.today!()).toBe('2026-01-01');
  expect(asked()).toBe(once);
});

test('any transport will do, and options of the API go with it', async () => {
  await using api = await openApi({ transport: local(bookshop.server.executor) }, { checkDocuments: true });
  expect(await api.query.today!()).toBe('2026-01-01');
  await expect(api.execute('{ todai }')).rejects.toMatchObject({ name: 'ValidationError', suggestions: ['today'] });
});

test('a server that does not tell its schema is an error that says what to do, and nothing stays open', async () => {
  const server = createServer({ schema: buildSchema('type Query { a: Int }'), development: false });
  const serving = await serve(server, { port: 0, quiet: true, signals: false });
  try {
    const error = await rejection(openApi({ transport: webSocket(serving.webSocketUrl) }), SchemaError);
    expect(error.code).toBe('introspection-disabled');
    await eventually(() => server.stats().connections, 0);
  } finally {
    await serving.close({ graceMs: 0 });
  }
});

test('options that do not fit the schema that the server tells leave nothing open', async () => {
  const error = await rejection(openApi(bookshop.url, { scalars: { Dates: scalars.Date! } }), OptionError);
  expect(error.message).toContain('Did you mean "Date"');
  await eventually(() => bookshop.server.stats().operations, 0);
});

test('a server that is not there is a ConnectError within the deadline', async () => {
  await using proxy = await faultProxy({ target: { port: bookshop.serving.port } });
  proxy.refuse();
  const transport = webSocket(proxy.url('ws', '/graphql'));
  await rejection(openApi({ transport }, { deadlineMs: 50 }), ConnectError);
  const controller = new AbortController();
  const opening = openApi({ transport }, { signal: controller.signal });
  controller.abort();
  await expect(opening).rejects.toMatchObject({ name: 'CancelledError' });
});

test('a wrong schema or option is refused before anything is opened', async () => {
  await using proxy = await faultProxy({ target: { port: bookshop.serving.port } });
  const address = proxy.url('http', '/graphql');
  await rejection(openApi(address, { schema: 'type Query {' }), SchemaError);
  await rejection(openApi(address, { schema: 1 as never }), OptionError);
  await expect(openApi(address, { schemas: sdl } as never)).rejects.toThrow('Did you mean "schema"');
  await rejection(openApi('not an address'), OptionError);
  expect(proxy.accepted).toBe(0);
});

test('the session of an API that was opened is closed with it', async () => {
  await using api = await openApi({ transport: webSocket(bookshop.ws) });
  const added = api.subscription.bookAdded!();
  await eventually(() => bookshop.shop.listeners, 1);
  const ended = added.next();
  await api[Symbol.asyncDispose]();
  expect(await ended).toEqual({ done: true, value: undefined });
  await eventually(() => bookshop.shop.listeners, 0);
});

test('an option of the session is refused where it does not belong, with the place where it does', async () => {
  const cases = { headers: 'credentials: { headers }', credentials: 'credentials: ...', retry: 'retry: ...' };
  for (const [name, written] of Object.entries(cases)) {
    const error = await rejection(openApi(bookshop.url, { [name]: {} }), OptionError);
    expect(error).toMatchObject({ option: name });
    expect(error.message).toContain(`openApi({ transport: address, ${written} })`);
  }
});
