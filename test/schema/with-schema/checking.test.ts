// What `withSchema` refuses before it is sent, what it lets pass, and when.

import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { DocumentError } from '../../../src/protocol/errors/document-error.js';
import { upload } from '../../../src/protocol/upload.js';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { withSchema } from '../../../src/schema/with-schema.js';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { rejection, watch } from '../../session/support/harness.js';
import { readyLanes } from '../../session/support/lanes.js';
import { bad, checkedSession, good, questions, readyAndChecked, schema, sent, tell } from './support.js';

const given = { schema };

describe('with a schema that is there already', () => {
  test('the first call that it does not allow is refused, before anything is sent', async () => {
    const { session } = checkedSession(given);
    const error = await rejection(session.execute(bad), ValidationError);
    expect(error.problems).toEqual([
      {
        message: 'Cannot query field "titel" on type "Book".',
        suggestions: ['title'],
        path: [],
        places: [{ line: 1, column: 17 }],
      },
    ]);
    expect(error).toMatchObject({ delivery: 'not-sent', attempts: 0 });
    expect(session.operations).toBe(0);
  });

  test('the server is asked for nothing, and what is allowed is sent', async () => {
    const { session, connection } = await readyAndChecked(given);
    const call = session.execute(good);
    await until(() => sent(connection).length === 1);
    connection.latest.data({ book: null });
    expect(await call).toEqual({ book: null });
    expect(connection.queries).toEqual([good]);
  });

  test('a subscription and a stream are refused out of their iterators', async () => {
    const { session, connection } = await readyAndChecked(given);
    const events = session.subscribe('subscription { bookAdded { titel } }')[Symbol.asyncIterator]();
    await rejection(Promise.resolve(events.next()), ValidationError);
    const parts = session.stream(bad)[Symbol.asyncIterator]();
    await rejection(Promise.resolve(parts.next()), ValidationError);
    expect(connection.requests).toEqual([]);
  });

  test('a syntax tree is checked like its text', async () => {
    const { session } = checkedSession(given);
    await rejection(session.execute(parse(bad)), ValidationError);
  });

  test('a document that does not parse is refused with its place', async () => {
    const { session } = checkedSession(given);
    const error = await rejection(session.execute('{ book(id: 1) { (a: 1) } }'), DocumentError);
    expect(error).toMatchObject({ line: 1, column: 17, delivery: 'not-sent' });
  });

  test('variables are checked, each call with its own', async () => {
    const { session, connection } = await readyAndChecked(given);
    const text = 'query ($id: ID!, $filter: Filter) { book(id: $id) { title } books(filter: $filter) { id } }';
    const refused = rejection(session.execute(text, { id: '1', filter: { tags: ['a', 'b', 3] } }), ValidationError);
    const calls = ['2', '3'].map((id) => session.execute(text, { id, filter: { tags: [id] } }));
    expect((await refused).message).toContain('variables.filter.tags[2]: ');
    await until(() => sent(connection).length === 2);
    for (const one of connection.requests) one.data(one.request.variables?.value);
    expect(await Promise.all(calls)).toEqual([
      { id: '2', filter: { tags: ['2'] } },
      { id: '3', filter: { tags: ['3'] } },
    ]);
    expect((await rejection(session.execute(text, { ids: 1 }), ValidationError)).problems.length).toBe(2);
  });

  test('variables are checked as they travel, whatever the codec of the session makes of numbers', async () => {
    const parse = (text: string): unknown =>
      JSON.parse(text, (_, value: unknown) => (typeof value === 'number' ? { digits: String(value) } : value));
    const interceptors = { call: [withSchema(given)] };
    const { session, connection } = await readyAndChecked(given, { json: { parse }, interceptors });
    void session.execute('query ($id: ID!) { book(id: $id) { id } }', { id: 7 }).catch(() => {});
    await until(() => sent(connection).length === 1);
  });

  test('a file among the variables is what belongs there', async () => {
    const { session, connection } = await readyAndChecked(given);
    const text = `mutation ($cover: Upload!, $pages: [Upload!], $title: String!) {
      addBook(title: $title, cover: $cover, pages: $pages) { id }
    }`;
    const file = (): ReturnType<typeof upload> => upload(new Uint8Array([1]), { filename: 'a.png' });
    void session.execute(text, { title: 'x', cover: file(), pages: [file(), file()] }).catch(() => {});
    await until(() => sent(connection).length === 1);
    const error = await rejection(session.execute(text, { title: file(), cover: null }), ValidationError);
    expect(error.problems.map(({ path }) => path)).toEqual([
      ['variables', 'title'],
      ['variables', 'cover'],
    ]);
  });

  test('a document that the server knows by its id passes unchecked', async () => {
    const { session, connection } = await readyAndChecked(given);
    void session.execute(documentById('known', { kind: 'query' }), { any: 1 }).catch(() => {});
    await until(() => connection.requests.length === 1);
  });

  test.each([
    ['a GraphQLSchema', schema],
    ['a Schema', readSchema(schema)],
    ['SDL', 'type Query { book(id: ID!): Book } type Book { title: String }'],
  ])('it may be %s', async (_, source) => {
    const { session } = checkedSession({ schema: source, schemaFirst: true });
    await rejection(session.execute(bad), ValidationError);
  });

  test('what is no schema is refused when the interceptor is made', () => {
    expect(() => withSchema({ schema: {} })).toThrow(SchemaError);
    expect(() => withSchema({ schema: 7 } as object)).toThrow('readSchema() takes');
  });
});

test('a call that an interceptor before it takes back while it is checked is not sent', async () => {
  const impatient: Interceptor = (next) => (request, sink) => {
    const handle = next(request, sink);
    if (request.operationName === 'Left') handle.cancel();
    return handle;
  };
  const interceptors = { call: [impatient, withSchema(given)] };
  const { session, connection } = await readyAndChecked(given, { interceptors });
  const left = watch(session.execute(`query Left ${good}`));
  void session.execute(`query Kept ${good}`).catch(() => {});
  await until(() => sent(connection).length > 0);
  expect(sent(connection)).toEqual([`query Kept ${good}`]);
  expect(left.status).toBe('pending');
});

describe('with the schema of its own server', () => {
  test('calls pass unchecked until it is there, and then no bad one is sent', async () => {
    const { session, connection, settle } = await readyAndChecked();
    const unchecked = watch(session.execute(bad));
    await settle();
    expect(sent(connection)).toEqual([bad]);
    await tell({ settle }, connection);
    await rejection(session.execute(bad), ValidationError);
    void session.execute(good).catch(() => {});
    await until(() => sent(connection).length === 2);
    expect(sent(connection)).toEqual([bad, good]);
    expect(unchecked.status).toBe('pending');
  });

  test('calls wait until it is there, where it is wanted first', async () => {
    const { session, accept, settle, clock } = checkedSession({ schemaFirst: true });
    const calls = { good: watch(session.execute(good)), bad: watch(session.execute(bad)) };
    const connection = await accept();
    await settle();
    expect(sent(connection)).toEqual([]);
    await tell({ settle }, connection);
    await until(() => calls.bad.status === 'rejected' && sent(connection).length === 1);
    expect(calls.bad.error).toBeInstanceOf(ValidationError);
    expect(sent(connection)).toEqual([good]);
    expect(clock.now()).toBe(1_000_000);
  });

  test('a call that waits for it keeps its deadline, and can be cancelled', async () => {
    const { session, connection, clock } = await readyAndChecked({ schemaFirst: true });
    const late = watch(session.execute(good, undefined, { deadlineMs: 1_000 }));
    const leave = new AbortController();
    const left = watch(session.execute(good, undefined, { signal: leave.signal }));
    leave.abort();
    await clock.advance(1_000);
    expect(late.error).toBeInstanceOf(DeadlineError);
    expect(left.error).toBeInstanceOf(CancelledError);
    await tell({ settle: () => clock.advance(0) }, connection);
    await clock.advance(0);
    expect(sent(connection)).toEqual([]);
  });

  test('it is asked for once, however often the session reconnects', async () => {
    const { session, connection, accept, settle } = await readyAndChecked();
    await tell({ settle }, connection);
    connection.lose();
    const next = await accept();
    await rejection(session.execute(bad), ValidationError);
    await settle();
    expect(questions(next)).toEqual([]);
  });

  test('it is asked for once, however many ways lead to the server', async () => {
    const { session, call, event, settle } = await readyLanes({ interceptors: { call: [withSchema()] } });
    await tell({ settle }, call);
    await rejection(session.execute(bad), ValidationError);
    const events = session.subscribe('subscription { nothing }')[Symbol.asyncIterator]();
    await rejection(Promise.resolve(events.next()), ValidationError);
    expect(questions(call).length).toBe(2);
    expect(questions(event)).toEqual([]);
  });

  test('one interceptor checks several sessions, each with the schema of its own server', async () => {
    const checking = withSchema();
    const one = await readyAndChecked(undefined, { interceptors: { call: [checking] } });
    const other = await readyAndChecked(undefined, { interceptors: { call: [checking] } });
    await tell(one, one.connection);
    await rejection(one.session.execute(bad), ValidationError);
    void other.session.execute(bad).catch(() => {});
    await until(() => sent(other.connection).length === 1);
  });
});

describe('options', () => {
  test.each([
    [{ schemas: 1 }, 'Did you mean "schema"?'],
    [{ schemaFirst: 1 }, '"schemaFirst" must be true or false'],
    [{ onError: 1 }, '"onError" must be a function'],
    [{ cache: {}, cacheKey: 'a' }, '"cache" must be a cache'],
    [{ cache: { maxAgeMs: 1, get: () => undefined, set: () => {} } }, 'give "cacheKey"'],
  ])('%j are refused at once', (options, message) => {
    expect(() => withSchema(options as object)).toThrow(message);
  });
});
