// Requests that are built and not sent, what can be changed of them, and what runs them.

import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/index.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { loadSchema } from '../../../src/schema/sources/load-schema.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { readySession, rejection } from '../../session/support/harness.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { day, scalars, sdl } from './support/bookshop.js';
import { offlineApi } from './support/offline.js';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a request', () => {
  test('is a document with a name, and variables as they travel; nothing was sent', async () => {
    const { api, connection } = await offlineApi({ scalars });
    const request = api.query.books!.request({ until: day('1950-01-01'), author: variable('who', 'Tolkien') }, [
      'title',
    ]);
    expect(request).toMatchObject({ kind: 'query', variables: { until: '1950-01-01', who: 'Tolkien' } });
    expect(validate(buildSchema(sdl), parse(request.document))).toEqual([]);
    expect(request.document).toContain(`query ${request.operationName}(`);
    expect(JSON.parse(JSON.stringify(request))).toEqual({
      kind: 'query',
      document: request.document,
      variables: { until: '1950-01-01', who: 'Tolkien' },
      operationName: request.operationName,
    });
    expect(connection.requests).toEqual([]);
  });

  test('never changes', async () => {
    const { api } = await offlineApi();
    const request = api.query.books!.request({ author: 'Tolkien' }, ['title']);
    expect(() => Object.assign(request, { document: '{ evil }' })).toThrow(TypeError);
    expect(() => Object.assign(request.variables, { author: 'x' })).toThrow(TypeError);
  });

  test('runs, any number of times, without being built again, and gives what its field gives', async () => {
    const { api, connection, settle } = await offlineApi({ scalars });
    const request = api.query.book!.request<{ published: Date }>({ id: '1' }, ['published'], {
      operationName: 'One',
      extensions: { from: 'test' },
    });
    const calls = [api.execute(request), api.execute(request), api.result(request, { deadlineMs: 5_000 })] as const;
    await settle();
    for (const sent of connection.requests) {
      expect(sent.request).toMatchObject({ query: request.document, operationName: 'One' });
      expect([sent.request.variables?.value, sent.request.extensions?.value]).toEqual([{ id: '1' }, { from: 'test' }]);
      sent.data({ book: { published: '1974-05-01' } });
    }
    expect(await calls[0]).toEqual({ published: day('1974-05-01') });
    expect(await calls[1]).toEqual({ published: day('1974-05-01') });
    expect(await calls[2]).toMatchObject({ data: { published: day('1974-05-01') } });
  });

  test('of several fields gives an object, and of a subscription its events', async () => {
    const { api, connection, settle } = await offlineApi();
    const both = api.request('query', { today: true, 'again: today': true });
    const call = api.execute(both);
    await settle();
    connection.latest.data({ today: 'a', again: 'b' });
    expect(await call).toEqual({ today: 'a', again: 'b' });
    const events = api.subscribe(api.subscription.bookAdded!.request({}, ['title']));
    await settle();
    connection.latest.data({ bookAdded: { title: 'New' } });
    expect((await events.next()).value).toMatchObject({ data: { title: 'New' } });
    await events.return?.();
  });

  test('for a stream gives parts that begin at its field', async () => {
    const { api, connection, settle } = await offlineApi({ scalars });
    const request = api.query.authors!.request({}, ['name', 'born']);
    const [snapshots, patches] = [api.stream(request), api.stream(request, { as: 'patch' })];
    await settle();
    for (const sent of connection.requests) {
      sent.next({ data: { authors: [{ name: 'A' }] }, hasNext: true });
      sent.next({ incremental: [{ path: ['authors', 0], data: { born: '1929-10-21' } }], hasNext: false } as never);
    }
    expect((await all(snapshots)).at(-1)).toMatchObject({
      data: [{ name: 'A', born: day('1929-10-21') }],
      hasNext: false,
    });
    expect(await all(patches)).toMatchObject([
      { data: [{ name: 'A' }], hasNext: true },
      { data: undefined, patches: [{ path: [0], data: { born: day('1929-10-21') } }], hasNext: false },
    ]);
  });
});

describe('a request with changes', () => {
  test('has the rest of what it was made of: document, variables, name and extensions', async () => {
    const { api } = await offlineApi({ scalars });
    const first = api.query.books!.request({ author: 'Tolkien', until: day('1950-01-01') }, ['title'], {
      extensions: { a: 1 },
    });
    const second = first.with({ variables: { until: day('1960-01-01') } });
    expect(second).toMatchObject({
      document: first.document,
      operationName: first.operationName,
      extensions: { a: 1 },
      variables: { author: 'Tolkien', until: '1960-01-01' },
    });
    expect(first.variables.until).toBe('1950-01-01');
    expect(second.with({ variables: { author: undefined } }).variables).toEqual({ until: '1960-01-01' });
    expect(second.with({ variables: { author: null } }).variables).toEqual({ author: null, until: '1960-01-01' });
    expect(second.with({ extensions: { b: 2 } })).toMatchObject({ extensions: { b: 2 }, variables: second.variables });
    expect(first.with({})).toEqual(first);
  });

  test('may have another name, which its document has, too', async () => {
    const { api, connection, settle } = await offlineApi();
    const first = api.query.books!.request({ author: 'Tolkien' }, ['title']);
    const named = first.with({ variables: { author: 'Le Guin' } }).with({ operationName: 'Named' });
    expect(named).toMatchObject({ operationName: 'Named', variables: { author: 'Le Guin' } });
    expect(parse(named.document).definitions).toMatchObject([{ name: { value: 'Named' } }]);
    void api.execute(first, { operationName: 'AtTheCall', extensions: { c: 3 } }).catch(() => {});
    await settle();
    expect(connection.latest.request).toMatchObject({ operationName: 'AtTheCall', extensions: { value: { c: 3 } } });
    expect(connection.latest.request.query).toContain('query AtTheCall(');
    expect(() => first.with({ operationName: 'Not a name' })).toThrow(OptionError);
  });

  test('is refused where the document has no such variable, or the value does not fit', async () => {
    const { api } = await offlineApi({ scalars });
    const request = api.query.book!.request({ id: '1' }, ['title']);
    expect(thrownBy(() => request.with({ variables: { ids: '2' } }))).toMatchObject({
      name: 'ValidationError',
      path: ['variables', 'ids'],
      suggestions: ['id'],
    });
    for (const id of [undefined, null, { a: 1 }]) {
      expect(thrownBy(() => request.with({ variables: { id } }))).toMatchObject({ path: ['variables', 'id'] });
    }
    expect(() => request.with({ variable: {} } as never)).toThrow('Did you mean "variables"');
    expect(() => request.with({ variables: ['2'] as never })).toThrow(OptionError);
  });
});

describe('a request with a default in its document', () => {
  test('is sent without a value, until it is given one, and again when that is taken out', async () => {
    const { api, connection, settle } = await offlineApi({ scalars });
    const until = variable('until', undefined, { default: day('1950-01-01') });
    const request = api.query.books!.request({ until }, ['title']);
    expect(request.document).toContain('($until: Date = "1950-01-01")');
    expect(request.variables).toEqual({});
    const other = request.with({ variables: { until: day('1960-01-01') } });
    expect(other).toMatchObject({ document: request.document, variables: { until: '1960-01-01' } });
    expect(other.with({ variables: { until: undefined } }).variables).toEqual({});
    void api.execute(request).catch(() => {});
    await settle();
    expect(connection.latest.request).toMatchObject({ query: request.document });
  });

  test('may do without a value for an argument that is required', async () => {
    const { api } = await offlineApi();
    const id = variable('id', '2', { default: '1' });
    const request = api.query.book!.request({ id }, ['title']).with({ variables: { id: undefined } });
    expect(request).toMatchObject({ variables: {} });
    expect(request.document).toContain('($id: ID! = "1")');
    expect(thrownBy(() => request.with({ variables: { id: null } }))).toMatchObject({ path: ['variables', 'id'] });
  });
});

describe('building', () => {
  test('refuses an argument whose name is two others joined, also when a request with those was built before', async () => {
    const { api } = await offlineApi();
    const joined = { 'author,genre': 'FICTION' };
    expect(() => api.query.books!.request(joined, ['title'])).toThrow(ValidationError);
    api.query.books!.request({ author: 'Tolkien', genre: 'FICTION' }, ['title']);
    expect(thrownBy(() => api.query.books!.request(joined, ['title']))).toMatchObject({
      path: ['query', 'books', 'author,genre'],
    });
    await expect(api.query({ books: { $args: joined, title: true } })).rejects.toThrow(ValidationError);
  });

  test('refuses null in the place of options as calls of a session do', async () => {
    const { api } = await offlineApi();
    const error = await rejection(api.query.today!({}, undefined, null as never), OptionError);
    expect(error.message).toContain('An object is needed for the options of a call, not null');
  });

  test('tells everything that is wrong at once, names and values', async () => {
    const { api } = await offlineApi();
    const error = thrownBy(() => api.query.books!.request({ autor: 'Tolkien', genre: 'NOVEL', until: {} }, ['titel']));
    expect((error as ValidationError).problems.map(({ path }) => path.join('.')).sort()).toEqual([
      'query.books.autor',
      'query.books.genre',
      'query.books.titel',
    ]);
  });

  test('throws at once for requests and subscriptions, and rejects for calls', async () => {
    const { api } = await offlineApi();
    expect(() => api.query.books!.request({ x: 1 })).toThrow(ValidationError);
    expect(() => api.query.books!.stream({ x: 1 })).toThrow(ValidationError);
    expect(() => api.subscription.bookAdded!({ x: 1 })).toThrow(ValidationError);
    expect(() => api.subscription({ bookAdded: true, days: { $args: { from: '2026-01-01', count: 1 } } })).toThrow(
      'one root field',
    );
    expect(() => api.request('query', { boks: true })).toThrow(ValidationError);
    expect(() => api.request('querry' as never, { books: true })).toThrow(OptionError);
    expect(() => api.query.books!.request({}, ['id'], { deadlineMs: 1 } as never)).toThrow(OptionError);
    await rejection(api.query.books!({ x: 1 }), ValidationError);
    await rejection(api.query.books!.result({ x: 1 }), ValidationError);
  });

  test('says where arguments stand, to whoever has put something else there', async () => {
    const { api } = await offlineApi();
    for (const given of [['id'], 'id', 5, null, new Map([['author', 'Lem']]), Promise.resolve({}), new Date(0)]) {
      expect(() => api.query.books!.request(given as never)).toThrow(
        /^query\.books: Arguments come first, as an object of values by name; this is /,
      );
    }
    const message = 'Query.books has no argument "title". Arguments come first: where there are none, {} stands';
    expect(() => api.query.books!.request({ title: true })).toThrow(message);
  });

  test('makes the same document for the same form of selection, whatever the values', async () => {
    const { api } = await offlineApi();
    const [one, other] = ['A', 'B'].map((author) => api.query.books!.request({ author }, { id: true, title: true }));
    expect(one?.document).toBe(other?.document);
    expect([one?.variables, other?.variables]).toEqual([{ author: 'A' }, { author: 'B' }]);
  });

  test('takes directives of the root field, as they stand among several', async () => {
    const { api } = await offlineApi();
    const selection = { $directives: { include: { if: false } }, title: true };
    expect(api.query.books!.request({}, selection).document).toMatch(/books\s+@include\(if: \$\w+\)/);
  });
});

describe('a name that is no root field', () => {
  test('is an error with what may have been meant', async () => {
    const { api } = await offlineApi();
    expect(thrownBy(() => api.query.boks)).toMatchObject({
      name: 'ValidationError',
      path: ['query', 'boks'],
      suggestions: ['books'],
    });
    expect(thrownBy(() => api.mutation.addbook)).toMatchObject({ suggestions: ['addBook'] });
    expect(thrownBy(() => api.subscription.book)).toMatchObject({
      message: expect.stringContaining('no subscription'),
    });
  });

  test('in a schema without that root is an error that names the schema', async () => {
    const { session } = await readySession();
    const schema = readSchema(buildSchema('type Query { a: Int }'), { source: 'small.graphql' });
    const api = createApi(session, schema);
    expect(Object.keys(api.mutation)).toEqual([]);
    const message = expect.stringMatching(/^small\.graphql: .*mutation/);
    expect(thrownBy(() => api.mutation.add)).toMatchObject({ name: 'SchemaError', code: 'no-root', message });
    expect(await rejection(api.mutation({ add: true }), SchemaError)).toMatchObject({ code: 'no-root', message });
    expect(thrownBy(() => api.request('mutation', { add: true }))).toMatchObject({ code: 'no-root' });
    expect(thrownBy(() => api.subscription({ ticks: true }))).toMatchObject({ code: 'no-root' });
    expect(await api.mutation).toBe(api.mutation);
  });

  test('in SDL without that root is an error with the place of the query type, beside which it would stand', async () => {
    const { session } = await readySession();
    const api = createApi(session, await loadSchema('type Book { id: ID }\ntype Query { a: Int }'));
    const error = await rejection(api.mutation({ add: true }), SchemaError);
    expect(error).toMatchObject({ code: 'no-root', place: { line: 2, column: 6 } });
    expect(error.message).toMatch(/^the SDL text, line 2, column 6: This schema has no type for mutations/);
  });
});

describe('an API', () => {
  test('has the description of each field', async () => {
    const { api } = await offlineApi();
    expect(api.query.books!.description).toBe('All books, of one author where that is said.');
    expect(api.query.book!.description).toBeUndefined();
    expect(api.subscription.bookAdded!.description).toBe('Every book that is added, from now on.');
    expect(api.query.books!).toHaveProperty('name', 'books');
  });

  test('reaches fields whatever they are called, arguments as well', async () => {
    const names = ['name', 'length', 'call', 'apply', 'then', 'toJSON', 'constructor', 'prototype', 'arguments', 'in'];
    const fields = names.map((name) => `${name}(name: Int, length: Int, constructor: Int, selection: Int): Int`);
    const schema = buildSchema(`type Query { request: Int result: Int ${fields.join(' ')} }`);
    const { api, connection, settle } = await offlineApi({ schema });
    expect(Object.keys(api.query)).toEqual(['request', 'result', ...names]);
    for (const name of names) {
      expect(name in api.query).toBe(true);
      const call = api.query[name]!({ name: 1, length: 2, constructor: 3, selection: 4 });
      await settle();
      expect(connection.latest.request.variables?.value).toEqual({ name: 1, length: 2, constructor: 3, selection: 4 });
      connection.latest.data({ [name]: 5 });
      expect([name, await call]).toEqual([name, 5]);
    }
  });

  test('is looked at by whoever prints, copies or compares it', async () => {
    const { api } = await offlineApi();
    const { inspect } = await import('node:util');
    expect(inspect(api)).toContain('bookAdded');
    expect(JSON.stringify({ query: api.query })).toBe('{}');
    expect(await api).toBe(api);
    expect(() => expect(api).toEqual(1)).toThrow(/to deeply equal/);
    expect({ api }).toEqual({ api });
  });

  test('needs a session, a schema, and options that it knows', async () => {
    const { session } = await readySession();
    const schema = buildSchema('type Query { a: Int }');
    expect(() => createApi(undefined as never, schema)).toThrow(OptionError);
    expect(() => createApi(session, 'type Query { a: Int }' as never)).toThrow(OptionError);
    expect(() => createApi(session, schema, { scalar: {} } as never)).toThrow('Did you mean "scalars"');
    expect(() => createApi(session, schema, { scalars: 1 } as never)).toThrow(OptionError);
    expect(() => createApi(session, schema, { scalars })).toThrow('There is a codec for "Date"');
    expect(() => createApi(session, schema, { checkDocuments: 1 } as never)).toThrow(OptionError);
  });
});
