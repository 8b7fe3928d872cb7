// Queries and mutations through the API of a schema, against a real server over every way there is to it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, GraphQLResultError, type Interceptor, type Session, upload } from '../../../src/index.js';
import type { Api } from '../../../src/schema/api/api.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { local } from '../../../src/transport/local/index.js';
import { endpoint } from '../../../src/transport/route/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { type Bookshop, day, openBookshop, scalars } from './support/bookshop.js';

let bookshop: Bookshop;

beforeAll(async () => {
  bookshop = await openBookshop();
});
afterAll(() => bookshop[Symbol.asyncDispose]());

const ways = {
  'over HTTP': () => endpoint(bookshop.url),
  'over graphql-transport-ws': () => webSocket(bookshop.ws, { protocols: ['graphql-transport-ws'] }),
  'over the legacy graphql-ws': () => webSocket(bookshop.ws, { protocols: ['graphql-ws'] }),
  'in process': () => local(bookshop.server.executor),
};

describe.each(Object.entries(ways))('%s', (_, transport) => {
  let session: Session;
  let api: Api;

  beforeAll(async () => {
    session = await connect({ transport: transport() });
    api = createApi(session, bookshop.schema, { scalars });
  });
  afterAll(() => session.close());

  test('a root field is a function of its arguments and a selection, and gives its value', async () => {
    expect(await api.query.books!({ author: 'Le Guin' }, { id: true, title: true, author: { name: true } })).toEqual([
      { id: '1', title: 'The Dispossessed', author: { name: 'Le Guin' } },
      { id: '3', title: 'Steering the Craft', author: { name: 'Le Guin' } },
    ]);
    expect(await api.query.book!({ id: '2' }, 'author.name')).toEqual({ author: { name: 'Tolkien' } });
    expect(await api.query.book!({ id: '99' }, ['title'])).toBeNull();
  });

  test('without a selection there is one that the server takes', async () => {
    expect(await api.query.book!({ id: '1' })).toEqual({
      id: '1',
      title: 'The Dispossessed',
      genre: 'FICTION',
      published: day('1974-05-01'),
      reviews: ['Good'],
      author: { name: 'Le Guin', born: day('1929-10-21') },
    });
    expect(await api.query.today!()).toEqual(day('2026-01-01'));
  });

  test('several root fields go in one request, under the names that were given to them', async () => {
    const before = bookshop.shop.seen.length;
    const answer = await api.query({
      'old: books': { $args: { until: day('1950-01-01') }, title: true },
      'new: books': { $args: { genre: 'SCIENCE' }, title: true },
      today: true,
    });
    expect(answer).toEqual({
      old: [{ title: 'The Hobbit' }],
      new: [{ title: 'Steering the Craft' }],
      today: day('2026-01-01'),
    });
    expect(bookshop.shop.seen.slice(before)).toHaveLength(1);
  });

  test('mutations run in the order in which they are written', async () => {
    bookshop.shop.notes.length = 0;
    const answer = await api.mutation({
      'z: note': { $args: { text: 'first' } },
      'a: note': { $args: { text: 'second' } },
      note: { $args: { text: 'third' } },
    });
    expect(answer).toEqual({ z: 'first', a: 'second', note: 'third' });
    expect(bookshop.shop.notes).toEqual(['first', 'second', 'third']);
  });

  test('scalars are encoded in input objects and decoded in answers', async () => {
    const input = { title: 'New', published: day('2001-02-03') };
    const { id, ...rest } = await api.mutation.addBook!<{ id: string }>({ input }, ['id', 'title', 'published']);
    bookshop.shop.books.splice(
      bookshop.shop.books.findIndex((book) => book.id === id),
      1,
    );
    expect(rest).toEqual({ title: 'New', published: day('2001-02-03') });
    expect(bookshop.shop.seen.at(-1)).toMatchObject({
      variables: { input: { title: 'New', published: '2001-02-03' } },
    });
  });

  test('errors of the server throw, with the partial data, or are in the result, with the value of the field', async () => {
    const error = await rejection(api.query.halfFails!({}, ['title', 'published']), GraphQLResultError);
    expect(error.errors).toMatchObject([{ message: 'No date', path: ['halfFails', 'published'] }]);
    expect(error.data).toEqual({ halfFails: { title: 'The Dispossessed', published: null } });
    const answer = await api.query.halfFails!.result({}, { title: true, published: true, author: ['born'] });
    expect(answer.data).toEqual({ title: 'The Dispossessed', published: null, author: { born: day('1929-10-21') } });
    expect(answer.errors).toEqual(error.errors);
    expect(answer.meta.attempts).toBe(1);
    expect(await api.mutation.fails!.result()).toMatchObject({ data: null, errors: [{ path: ['fails'] }] });
  });

  test('an operation has the name that its caller chose, or one of its own', async () => {
    await api.query.today!({}, undefined, { operationName: 'WhatDayIsIt' });
    await api.query.today!();
    await api.query({ today: true }, { operationName: 'Again' });
    const [chosen, own, again] = bookshop.shop.seen.slice(-3).map(({ operationName }) => operationName);
    expect([chosen, again]).toEqual(['WhatDayIsIt', 'Again']);
    expect(own).toMatch(/^[A-Za-z]\w*$/);
  });

  test('what the schema does not allow is refused before it is sent', async () => {
    const before = bookshop.shop.seen.length;
    const calls = [
      api.query.books!({ autor: 'Le Guin' }, ['id']),
      api.query.books!({}, ['titel']),
      api.query.book!(),
      api.query({ boks: true }),
      api.query.books!(['id'] as never),
      api.query.books!({}, { $args: { author: 'Le Guin' }, id: true }),
    ];
    const errors = await Promise.all(calls.map((call) => rejection(call, ValidationError)));
    expect(errors.slice(0, 4).map(({ suggestions }) => suggestions[0])).toEqual([
      'author',
      'title',
      undefined,
      'books',
    ]);
    expect(errors.map(({ path }) => path.slice(0, 2))).toEqual([
      ['query', 'books'],
      ['query', 'books'],
      ['query', 'book'],
      ['query', 'boks'],
      ['query', 'books'],
      ['query', 'books'],
    ]);
    await rejection(api.query.books!({ until: 'yesterday' }, ['id']), ScalarError);
    expect(bookshop.shop.seen).toHaveLength(before);
    expect(session.operations).toBe(0);
  });
});

test('a file goes with a mutation', async () => {
  await using session = await connect(bookshop.url);
  const api = createApi(session, bookshop.schema);
  const file = upload(new Blob(['blue'], { type: 'text/plain' }), { filename: 'cover.txt' });
  expect(await api.mutation.setCover!({ book: '1', file })).toBe('cover.txt: blue');
});

describe('options of a call', () => {
  test('reach the session: signals, deadlines, keys, extensions', async () => {
    const sent: unknown[] = [];
    const watching: Interceptor = (next) => (request, sink) => {
      sent.push(request.extensions?.value);
      return next(request, sink);
    };
    await using session = await connect({ transport: webSocket(bookshop.ws), interceptors: { attempt: [watching] } });
    const api = createApi(session, bookshop.schema);
    const controller = new AbortController();
    const cancelled = api.query.slow!({ gate: 'signal' }, undefined, { signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError' });
    const late = api.query.slow!({ gate: 'deadline' }, undefined, { deadlineMs: 20 });
    await expect(late).rejects.toMatchObject({ name: 'DeadlineError' });
    await api.mutation.note!({ text: 'x' }, undefined, { idempotencyKey: 'once', extensions: { trace: 'y' } });
    expect(sent.at(-1)).toEqual({ idempotencyKey: 'once', trace: 'y' });
    await expect(api.query.today!({}, undefined, { deadlineMS: 1 } as never)).rejects.toThrow(
      'Did you mean "deadlineMs"',
    );
    for (const gate of ['signal', 'deadline']) bookshop.shop.open(gate);
  });

  test('go through interceptors of calls and attempts: in by their order, out by the reverse, for calls and for each event', async () => {
    const log: string[] = [];
    const telling =
      (name: string): Interceptor =>
      (next) =>
      (request, sink) => {
        log.push(`in ${name}`);
        return next(request, {
          ...sink,
          next: (result, bytes) => {
            log.push(`out ${name}`);
            sink.next(result, bytes);
          },
        });
      };
    const interceptors = { call: [telling('1'), telling('2')], attempt: [telling('3'), telling('4')] };
    await using session = await connect({ transport: webSocket(bookshop.ws), interceptors });
    const api = createApi(session, bookshop.schema);
    await api.query.today!();
    const once = ['in 1', 'in 2', 'in 3', 'in 4', 'out 4', 'out 3', 'out 2', 'out 1'];
    expect(log.splice(0)).toEqual(once);
    const days = api.subscription.days!({ from: '2026-01-01', count: 2 });
    await days.next();
    await days.next();
    expect(log).toEqual([...once, ...once.slice(4)]);
    await days.return?.();
  });
});
