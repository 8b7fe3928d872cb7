// Documents as programs write them, through the API of a schema.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { connect, documentById, GraphQLResultError, type Session } from '../../../src/index.js';
import type { Api } from '../../../src/schema/api/api.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { eventually } from '../../testing/eventually.js';
import { type Bookshop, day, openBookshop, scalars } from './support/bookshop.js';
import { offlineApi } from './support/offline.js';

interface Result {
  readonly books: readonly { readonly title: string; readonly published: Date }[];
}

const text = 'query Old($until: Date) { books(until: $until) { title published } }';
const tree = parse(text) as TypedDocumentNode<Result, { until: Date }>;
const old = { books: [{ title: 'The Hobbit', published: day('1937-09-21') }] };
const until = day('1950-01-01');

let bookshop: Bookshop;
let session: Session;
let api: Api;

beforeAll(async () => {
  bookshop = await openBookshop();
  session = await connect({ transport: webSocket(bookshop.ws) });
  api = createApi(session, bookshop.schema, { scalars });
});
afterAll(async () => {
  await session.close();
  await bookshop[Symbol.asyncDispose]();
});

describe('with codecs', () => {
  test.each([
    ['text', text],
    ['a syntax tree', tree],
    ['a typed text', Object.assign(new String(text), {})],
  ])('variables of %s are encoded, and its answers decoded', async (_, document) => {
    for (const _again of [1, 2]) {
      expect(await api.execute(document as typeof tree, { until })).toEqual(old);
      expect(await api.result(document as typeof tree, { until })).toMatchObject({ data: old, errors: undefined });
    }
    expect(bookshop.shop.seen.at(-1)).toEqual({ operationName: 'Old', variables: { until: '1950-01-01' } });
  });

  test('the types of a typed document are those of its variables and result', async () => {
    expectTypeOf(api.execute(tree, { until })).resolves.toEqualTypeOf<Result>();
    // @ts-expect-error a variable of another type
    await rejection(api.execute(tree, { until: 'yesterday' }), ScalarError);
  });

  test('one of several operations is chosen by its name', async () => {
    const both = 'query Today { today } query Books { books { title } }';
    expect(await api.execute(both, {}, { operationName: 'Today' })).toEqual({ today: day('2026-01-01') });
    await expect(api.execute(both)).rejects.toMatchObject({ name: 'DocumentError' });
  });

  test('subscriptions and streams have the session’s face, whether the document was read before or not', async () => {
    const days = 'subscription Days($from: Date!) { days(from: $from, count: 2) }';
    for (const document of [days, days]) {
      const events = api.subscribe<{ days: Date }>(document, { from: until });
      expect((await events.next()).value).toEqual({ type: 'data', data: { days: until }, replayed: false });
      await events.return?.();
      const found: unknown[] = [];
      for await (const { days } of api.subscribe<{ days: Date }>(document, { from: until }).data({ onGap: 'fail' })) {
        found.push(days);
      }
      expect(found).toEqual([until, day('1950-01-02')]);
    }
    for (const _ of [1, 2]) {
      const parts: unknown[] = [];
      for await (const { data } of api.stream('query InParts { today }')) parts.push(data);
      expect(parts).toEqual([{ today: day('2026-01-01') }]);
    }
    await eventually(() => session.operations, 0);
  });

  test('what is wrong comes at once where the document was read before, else out of the iterator', async () => {
    const wrong = 'subscription Wrong($from: Date!) { days(from: $from, count: 1) }';
    const late = api.subscribe(wrong, { from: 'x' });
    await rejection(late.next(), ScalarError);
    expect(await late.next()).toEqual({ done: true, value: undefined });
    expect(() => api.subscribe(wrong, { from: 'x' })).toThrow(ScalarError);
    expect(() => api.subscribe(wrong, {})).toThrow(ValidationError);
    await expect(api.subscribe('{ today }').next()).rejects.toMatchObject({ name: 'DocumentError' });
  });

  test('partial data is kept, and decoded where it is the result', async () => {
    const half = '{ halfFails { title published author { born } } }';
    const error = await rejection(api.execute(half), GraphQLResultError);
    expect(error.data).toMatchObject({ halfFails: { title: 'The Dispossessed', published: null } });
    expect(await api.result(half)).toMatchObject({
      data: { halfFails: { published: null, author: { born: day('1929-10-21') } } },
      errors: [{ path: ['halfFails', 'published'] }],
    });
  });
});

test('with checks a document that the schema does not allow is not sent, and says so in every way', async () => {
  const checked = createApi(session, bookshop.schema, { checkDocuments: true });
  const before = bookshop.shop.seen.length;
  for (const _ of [1, 2]) {
    const error = await rejection(checked.execute('{ books { titel } }'), ValidationError);
    expect(error.suggestions).toContain('title');
  }
  await rejection(checked.result('{ books }'), ValidationError);
  await rejection(checked.stream('{ boks { title } }').next(), ValidationError);
  await rejection(checked.subscribe('subscription { book }').next(), ValidationError);
  expect(bookshop.shop.seen).toHaveLength(before);
  expect(await checked.execute('{ today }')).toEqual({ today: '2026-01-01' });
});

test('without codecs and checks documents go to the session as they are', async () => {
  const { api: plain, connection, settle } = await offlineApi();
  const call = plain.execute('query ($a: Nonsense) { whatever(a: $a) }', { a: 1 });
  await settle();
  connection.latest.data({ whatever: 2 });
  expect(await call).toEqual({ whatever: 2 });
  expect(() => plain.subscribe('{ today }')).toThrow('This document is a query');
});

test('a document that the server knows by its id goes as it is, whatever the API does with others', async () => {
  const { api: checking, connection, settle } = await offlineApi({ scalars, checkDocuments: true });
  const known = documentById<{ today: string }>('today-v1', { kind: 'query' });
  const call = checking.execute(known);
  await settle();
  expect(connection.latest.request).toMatchObject({ documentId: 'today-v1', query: '' });
  connection.latest.data({ today: '2026-01-01' });
  expect(await call).toEqual({ today: '2026-01-01' });
});
