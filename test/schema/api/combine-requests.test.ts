// Several requests in one document: its text, and what runs of it.

import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { connect, OptionError } from '../../../src/index.js';
import type { Api } from '../../../src/schema/api/api.js';
import { combineRequests } from '../../../src/schema/api/combine-requests.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { local } from '../../../src/transport/local/index.js';
import { eventually } from '../../testing/eventually.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { day, openBookshop, scalars, sdl } from './support/bookshop.js';
import { offlineApi } from './support/offline.js';

/** Three of a shop's operations, with whatever a document may hold. */
function combined(api: Api) {
  const card = fragment('Card', 'Book', { title: true, 'first: reviews': { $args: { first: variable('many', 2) } } });
  const until = variable('until', undefined, { default: day('1960-01-01') });
  return combineRequests({
    Front: api.request('query', {
      'old: books': { $args: { until, author: 'Tolkien' }, $spread: [card] },
      items: { __typename: true, title: { $directives: { include: { if: true } } }, $on: { Map: ['scale'] } },
    }),
    Add: api.mutation.addBook!.request({ input: { title: 'New' } }, { id: true, $spread: [card] }),
    Watch: api.subscription.bookAdded!.request({}, card),
  });
}

const written = print(
  parse(`
    query Front($until: Date = "1960-01-01", $author: String, $many: Int, $if: Boolean!) {
      old: books(until: $until, author: $author) { ...Card }
      items { __typename title @include(if: $if) ... on Map { scale } }
    }
    mutation Add($input: BookInput!, $many: Int) { addBook(input: $input) { id ...Card } }
    subscription Watch($many: Int) { bookAdded { ...Card } }
    fragment Card on Book { title first: reviews(first: $many) }
  `),
);

describe('combined requests', () => {
  test('have one document, as a person would write it', async () => {
    const { api } = await offlineApi({ scalars });
    const { Front, Add, Watch } = combined(api);
    expect(Front.document).toBe(written);
    expect([Add.document, Watch.document]).toEqual([written, written]);
    expect(validate(buildSchema(sdl), parse(written))).toEqual([]);
    expect([Front, Add, Watch].map(({ kind, operationName }) => [kind, operationName])).toEqual([
      ['query', 'Front'],
      ['mutation', 'Add'],
      ['subscription', 'Watch'],
    ]);
    expect([Front.variables, Add.variables, Watch.variables]).toEqual([
      { author: 'Tolkien', many: 2, if: true },
      { input: { title: 'New' }, many: 2 },
      { many: 2 },
    ]);
  });

  test('run by their names on a server, each giving what it gives alone', async () => {
    await using bookshop = await openBookshop();
    const session = await connect({ transport: local(bookshop.server.executor) });
    const api = createApi(session, bookshop.schema, { scalars });
    const { Front, Add, Watch } = combined(api);
    const events = api.subscribe(Watch);
    const next = events.next();
    await eventually(() => bookshop.shop.listeners, 1);
    const front = (await api.execute(Front)) as { old: unknown; items: readonly unknown[] };
    expect(front.old).toEqual([{ title: 'The Hobbit', first: ['Good', 'Long'] }]);
    expect(front.items).toContainEqual(expect.objectContaining({ __typename: 'Map' }));
    expect((await api.result(Add)).data).toMatchObject({ title: 'New' });
    expect((await next).value).toMatchObject({ type: 'data', data: { title: 'New' } });
    await session.close();
  });

  test('tell the server which operation is meant, and keep what else is said at the call', async () => {
    const { api, connection, settle } = await offlineApi({ scalars });
    const { Add } = combined(api);
    const call = api.execute(Add.with({ variables: { many: 1 } }), { extensions: { from: 'test' } });
    await settle();
    expect(connection.latest.request).toMatchObject({
      query: written,
      operationName: 'Add',
      variables: { value: { input: { title: 'New' }, many: 1 } },
      extensions: { value: { from: 'test' } },
    });
    connection.latest.data({ addBook: { id: '7' } });
    expect(await call).toEqual({ id: '7' });
  });

  test('keep their names: another one would mean another operation', async () => {
    const { api } = await offlineApi({ scalars });
    const { Front } = combined(api);
    expect(Front.with({ operationName: 'Front' })).toEqual(Front);
    for (const error of [
      thrownBy(() => Front.with({ operationName: 'Add' })),
      await api.execute(Front, { operationName: 'Add' }).catch((reason: unknown) => reason),
    ]) {
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(/"Front" of a document with several.*"Front", "Add", "Watch"/);
    }
  });

  test('may be combined again, and one alone may have another name', async () => {
    const { api } = await offlineApi({ scalars });
    const { Front, Watch } = combined(api);
    const again = combineRequests({ Seen: Watch, Today: api.query.today!.request() });
    expect(again.Seen.document).toBe(
      print(
        parse(`subscription Seen($many: Int) { bookAdded { ...Card } } query Today { today }
        fragment Card on Book { title first: reviews(first: $many) }`),
      ),
    );
    expect(Front.document).toBe(written);
    const { Only } = combineRequests({ Only: api.query.today!.request() });
    expect(Only.with({ operationName: 'Other' }).document).toBe('query Other {\n  today\n}');
  });

  test('are refused where two have different fragments of one name', async () => {
    const { api } = await offlineApi();
    const titled = api.query.book!.request({ id: '1' }, fragment('Card', 'Book', ['title']));
    const priced = api.query.book!.request({ id: '1' }, fragment('Card', 'Book', ['id']));
    expect(thrownBy(() => combineRequests({ A: titled, B: titled, C: priced }))).toMatchObject({
      name: 'ValidationError',
      path: ['fragment', 'Card'],
      message: expect.stringContaining('"A" and "C" have different fragments of this name'),
    });
  });

  test('are refused by what is wrong with them', async () => {
    const { api } = await offlineApi();
    const today = api.query.today!.request();
    const wrong: [unknown, string][] = [
      [{}, 'at least one request'],
      [[today], 'an object of values by name'],
      [{ A: today, B: '{ today }' }, 'for "B"; it is "{ today }"'],
      [{ A: { ...today } }, 'for "A"; it is an object'],
      [{ 'A B': today }, `An operation's name must be a GraphQL name; it is "A B"`],
    ];
    for (const [requests, message] of wrong) {
      const error = thrownBy(() => combineRequests(requests as never));
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toContain(message);
    }
  });

  test('may have the names that objects have', async () => {
    const { api } = await offlineApi();
    const requests = Object.fromEntries(['__proto__', 'constructor'].map((name) => [name, api.query.today!.request()]));
    const both = combineRequests(requests);
    expect(Object.keys(both)).toEqual(['__proto__', 'constructor']);
    expect(Object.values(both).map(({ operationName }) => operationName)).toEqual(['__proto__', 'constructor']);
  });
});
