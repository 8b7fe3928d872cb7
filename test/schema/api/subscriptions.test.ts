// Subscriptions through the API of a schema, against a real server over every way there is to it, and over one that breaks.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/index.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { faultProxy } from '../../../src/testing/fault-proxy.js';
import { local } from '../../../src/transport/local/index.js';
import { endpoint } from '../../../src/transport/route/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { eventually } from '../../testing/eventually.js';
import { type Bookshop, day, openBookshop, scalars } from './support/bookshop.js';

let bookshop: Bookshop;

beforeAll(async () => {
  bookshop = await openBookshop();
});
afterAll(() => bookshop[Symbol.asyncDispose]());

const ways = {
  'by address alone': () => endpoint(bookshop.url),
  'over graphql-transport-ws': () => webSocket(bookshop.ws, { protocols: ['graphql-transport-ws'] }),
  'over the legacy graphql-ws': () => webSocket(bookshop.ws, { protocols: ['graphql-ws'] }),
  'in process': () => local(bookshop.server.executor),
};

describe.each(Object.entries(ways))('a subscription %s', (_, transport) => {
  test('hands out events whose data is the value of its field, and is stopped when its loop is left', async () => {
    await using session = await connect({ transport: transport() });
    const api = createApi(session, bookshop.schema, { scalars });
    const added = api.subscription.bookAdded!<{ title: string; published: Date }>({}, ['title', 'published']);
    await eventually(() => bookshop.shop.listeners, 1);
    bookshop.shop.add('Tehanu', { published: '1990-02-28' });
    for await (const event of added) {
      expect(event).toEqual({ type: 'data', data: { title: 'Tehanu', published: day('1990-02-28') }, replayed: false });
      break;
    }
    await eventually(() => bookshop.shop.listeners, 0);
    expect(session.operations).toBe(0);
  });

  test('has its data alone, and the field of several by its name', async () => {
    await using session = await connect({ transport: transport() });
    const api = createApi(session, bookshop.schema, { scalars });
    const from = day('2026-02-27');
    const days: unknown[] = [];
    for await (const date of api.subscription.days!({ from, count: 3 }).data({ onGap: 'fail' })) days.push(date);
    expect(days).toEqual([day('2026-02-27'), day('2026-02-28'), day('2026-03-01')]);
    const named: unknown[] = [];
    const aliased = api.subscription({ 'date: days': { $args: { from, count: 1 } } });
    for await (const event of aliased) named.push(event.type === 'gap' ? event.gap : event.data);
    expect(named).toEqual([{ date: day('2026-02-27') }]);
  });
});

test('a subscription outlives its connection: what may be missing is a gap, in order, and it goes on', async () => {
  await using proxy = await faultProxy({ target: { port: bookshop.serving.port } });
  await using session = await connect({
    transport: webSocket(proxy.url('ws', '/graphql')),
    retry: { connect: { delayMs: () => 1 } },
  });
  const api = createApi(session, bookshop.schema, { scalars });
  await using added = api.subscription.bookAdded!<{ title: string }>({ genre: 'FICTION' }, 'title');
  await eventually(() => bookshop.shop.listeners, 1);
  bookshop.shop.add('Before');
  expect((await added.next()).value).toMatchObject({ type: 'data', data: { title: 'Before' } });
  const { listened } = bookshop.shop;
  proxy.cut();
  expect((await added.next()).value).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
  // The listener of the connection that was cut may still be there.
  await eventually(() => bookshop.shop.listened, listened + 1);
  bookshop.shop.add('After');
  expect((await added.next()).value).toMatchObject({ type: 'data', data: { title: 'After' } });
});

test('a subscription whose event cannot be decoded ends with the place of it, and the server is told', async () => {
  await using session = await connect({ transport: webSocket(bookshop.ws) });
  const refusing = {
    Date: {
      ...scalars.Date,
      decode: () => {
        throw new RangeError('No date');
      },
    },
  };
  const api = createApi(session, bookshop.schema, { scalars: refusing as typeof scalars });
  const added = api.subscription.bookAdded!({}, 'published');
  await eventually(() => bookshop.shop.listeners, 1);
  bookshop.shop.add('Tehanu', { published: '1990-02-28' });
  const error = await rejection(added.next(), ScalarError);
  expect(error).toMatchObject({ scalar: 'Date', path: ['bookAdded', 'published'], cause: { message: 'No date' } });
  await eventually(() => bookshop.shop.listeners, 0);
  expect(await added.next()).toEqual({ done: true, value: undefined });
});

test('a subscription that is refused rejects out of its iterator', async () => {
  await using session = await connect({ transport: webSocket(bookshop.ws) });
  const api = createApi(session, bookshop.schema);
  const controller = new AbortController();
  const added = api.subscription.bookAdded!({}, 'title', { signal: controller.signal });
  await eventually(() => bookshop.shop.listeners, 1);
  controller.abort();
  await expect(added.next()).rejects.toMatchObject({ name: 'CancelledError' });
  await eventually(() => bookshop.shop.listeners, 0);
});
