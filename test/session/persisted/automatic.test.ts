// Automatic persisted queries under a session whose server is played by hand: what is sent, what is sent again, and what is not.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import {
  type AutomaticPersistedQueriesOptions,
  automaticPersistedQueries,
} from '../../../src/session/persisted/automatic.js';
import { until } from '../behaviour/support/waiting.js';
import { changing, recording } from '../interceptors/support.js';
import { closedWith } from '../support/failures.js';
import type { FakeConnection } from '../support/fake-transport.js';
import { type Harness, type HarnessOptions, readySession, rejection, watch } from '../support/harness.js';
import { hashed, notFound, notSupported, sentAs, sha256 } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const query = 'query Books { books { title } }';
const mutation = 'mutation Pay { pay }';
const subscription = 'subscription Numbers { numbers }';
const everything: AutomaticPersistedQueriesOptions = { operations: ['query', 'mutation', 'subscription'] };

/** A ready session whose documents are sent as hashes, and have been hashed before. */
async function hashing(
  options: AutomaticPersistedQueriesOptions = {},
  session: HarnessOptions = {},
): Promise<Harness & { readonly connection: FakeConnection }> {
  await hashed(query, mutation, subscription);
  return readySession({ ...session, interceptors: { call: [automaticPersistedQueries(options)] } });
}

function formsOn(connection: FakeConnection): string[] {
  return connection.requests.map(({ request }) => sentAs(request));
}

describe('a query', () => {
  test('is sent as the hash of its text, which the server may know', async () => {
    const { session, connection, settle } = await hashing();
    const call = watch(session.result(query, { first: 1 }, { extensions: { trace: 'x' }, headers: { a: 'b' } }));
    const { request } = connection.latest;
    expect(request).toMatchObject({ kind: 'query', query: '', operationName: 'Books', headers: { a: 'b' } });
    expect(request.documentId).toBeUndefined();
    expect(request.variables?.value).toEqual({ first: 1 });
    expect(request.extensions?.value).toEqual({
      trace: 'x',
      persistedQuery: { version: 1, sha256Hash: sha256(query) },
    });
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toMatchObject({ data: { books: [] }, meta: { attempts: 1 } });
    expect(formsOn(connection)).toEqual(['hash']);
  });

  test.each(['next', 'error'] as const)(
    'that the server does not know is sent once more with its text, where the server says so in "%s"',
    async (message) => {
      const { session, connection, settle } = await hashing();
      const call = watch(session.result(query, { first: 1 }, { extensions: { trace: 'x' } }));
      if (message === 'next') connection.latest.next({ errors: [notFound] });
      else connection.latest.errors(notFound);
      const { request } = connection.latest;
      expect(request.query).toBe(query);
      expect(request.variables?.value).toEqual({ first: 1 });
      expect(request.extensions?.value).toEqual({
        trace: 'x',
        persistedQuery: { version: 1, sha256Hash: sha256(query) },
      });
      connection.latest.data({ books: [] });
      await settle();
      expect(call.value).toMatchObject({ data: { books: [] }, errors: undefined, meta: { attempts: 2 } });
      watch(session.execute(query));
      expect(formsOn(connection)).toEqual(['hash', 'hash and text', 'hash']);
    },
  );

  test.each([
    ['its message', { message: 'PersistedQueryNotFound' }],
    ['its code', { message: 'Persisted query not found', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  ])('is known to be unknown by %s alone, also beside data that is null', async (_by, error) => {
    const { session, connection } = await hashing();
    watch(session.execute(query));
    connection.latest.next({ data: null, errors: [error] });
    expect(formsOn(connection)).toEqual(['hash', 'hash and text']);
  });

  test('whose server supports no hashes is sent with its text alone, and so is every one after it', async () => {
    const { session, connection, settle } = await hashing();
    const call = watch(session.execute(query, {}, { extensions: { trace: 'x' } }));
    connection.latest.next({ errors: [notSupported] });
    expect(connection.latest.request.extensions?.value).toEqual({ trace: 'x' });
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    watch(session.execute(query));
    expect(connection.latest.request.extensions).toBeUndefined();
    expect(formsOn(connection)).toEqual(['hash', 'text', 'text']);
  });

  test('is sent whole once more where another server takes the text, but no hash beside it', async () => {
    const { session, connection, settle } = await hashing();
    const call = watch(session.execute(query));
    connection.latest.next({ errors: [notFound] });
    connection.latest.next({ errors: [notSupported] });
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    expect(formsOn(connection)).toEqual(['hash', 'hash and text', 'text']);
  });

  test.each([
    'Must provide query string.',
    'Must provide document.',
    'Missing query',
    'Unknown query',
    'Syntax Error: Unexpected <EOF>.',
  ])('whose server knows nothing of hashes and answers "%s" is sent with its text', async (message) => {
    const { session, connection, settle } = await hashing();
    const call = watch(session.execute(query));
    connection.latest.errors({ message, locations: [{ line: 1, column: 1 }] });
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    watch(session.execute(query));
    expect(formsOn(connection)).toEqual(['hash', 'text', 'text']);
  });

  test('whose server closes the connection over a missing text is sent with its text, after its trial', async () => {
    const { session, connection, accept, settle } = await hashing();
    const call = watch(session.execute(query));
    connection.lose(closedWith(4500, 'Syntax Error: Unexpected <EOF>.'));
    const next = await accept();
    next.lose(closedWith(4500, 'Syntax Error: Unexpected <EOF>.'));
    const last = await accept();
    last.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    expect([connection, next, last].map(formsOn)).toEqual([['hash'], ['hash'], ['text']]);
  });

  test('whose server closes the connection for another reason is not sent with its text', async () => {
    const { session, connection, accept } = await hashing();
    const rejected = rejection(session.execute(query), OperationRejectedError);
    connection.lose(closedWith(4500, 'Syntax Error'));
    const next = await accept();
    next.lose(closedWith(4500, 'Syntax Error'));
    await rejected;
    expect((await accept()).requests).toHaveLength(0);
  });

  test('that is refused again with its text fails with what the server said', async () => {
    for (const again of [notFound, { message: 'Must provide query string.' }]) {
      const { session, connection } = await hashing();
      const rejected = rejection(session.execute(query), GraphQLResultError);
      connection.latest.next({ errors: [notFound] });
      connection.latest.next({ errors: [again] });
      expect((await rejected).errors).toEqual([again]);
      expect(formsOn(connection)).toEqual(['hash', 'hash and text']);
    }
    const { session, connection } = await hashing();
    const rejected = rejection(session.execute(query), GraphQLResultError);
    connection.latest.next({ errors: [notSupported] });
    connection.latest.next({ errors: [notSupported] });
    expect((await rejected).errors).toEqual([notSupported]);
    expect(formsOn(connection)).toEqual(['hash', 'text']);
  });

  test('is sent whole in one session and as a hash in another, where the two share the interceptor', async () => {
    await hashed(query);
    const interceptors = { call: [automaticPersistedQueries()] };
    const [one, other] = [await readySession({ interceptors }), await readySession({ interceptors })];
    watch(one.session.execute(query));
    one.connection.latest.next({ errors: [notSupported] });
    watch(other.session.execute(query));
    expect([formsOn(one.connection), formsOn(other.connection)]).toEqual([['hash', 'text'], ['hash']]);
  });

  test('that two callers run for the first time at once is sent whole for each who was refused', async () => {
    const { session, connection, settle } = await hashing();
    const calls = [watch(session.execute(query)), watch(session.execute(query))];
    const [first, second] = connection.requests;
    first?.next({ errors: [notFound] });
    second?.next({ errors: [notFound] });
    const [, , third, fourth] = connection.requests;
    fourth?.data({ books: ['second'] });
    third?.data({ books: ['first'] });
    await settle();
    expect(calls.map(({ value }) => value)).toEqual([{ books: ['first'] }, { books: ['second'] }]);
    expect(formsOn(connection)).toEqual(['hash', 'hash', 'hash and text', 'hash and text']);
  });

  test('is answered through another interceptor that sees both sends, each with its end', async () => {
    await hashed(query);
    const [outer, inner]: [string[], string[]] = [[], []];
    const { session, connection, settle } = await readySession({
      interceptors: { call: [recording(outer), automaticPersistedQueries(), recording(inner)] },
    });
    const call = watch(session.execute(query));
    connection.latest.next({ errors: [notFound] });
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    expect(outer.filter((line) => line !== 'seen: sending')).toEqual([
      'seen: start query',
      'seen: next {"books":[]}',
      'seen: complete',
    ]);
    expect(inner).toEqual([
      'seen: start query',
      'seen: sending',
      `seen: next ${JSON.stringify([notFound])}`,
      'seen: cancel',
      'seen: start query',
      'seen: sending',
      'seen: next {"books":[]}',
      'seen: complete',
    ]);
  });
});

describe('errors that only look like a refusal reach the caller, and nothing is sent again', () => {
  test.each([
    ['beside data', { data: { books: [] }, errors: [notFound] }],
    ['of a field, as from a server behind a gateway', { data: null, errors: [{ ...notFound, path: ['books'] }] }],
    ['beside another error', { errors: [notFound, { message: 'And this.' }] }],
    ['with more in the message', { errors: [{ message: 'PersistedQueryNotFound in the shop' }] }],
    ['under another code', { errors: [{ message: 'no', extensions: { code: 'PERSISTED_QUERY_ID_REQUIRED' } }] }],
    ['about the query of somebody else', { errors: [{ message: 'Missing query argument "id"' }] }],
    ['of a document that is not well-formed', { errors: [{ message: 'Syntax Error: Unexpected "}".' }] }],
  ])('%s', async (_name, result) => {
    const { session, connection } = await hashing(everything);
    for (const run of [() => session.result(query), () => session.result(mutation)]) {
      const call = run();
      connection.latest.next(result);
      expect((await call).errors).toEqual(result.errors);
    }
    expect(formsOn(connection)).toEqual(['hash', 'hash']);
  });

  test('as a failure of the transport', async () => {
    const { session, connection } = await hashing({}, { retry: { execute: false } });
    const failed = watch(session.execute(query));
    connection.latest.fail({
      code: 'http-status',
      phase: 'operation',
      status: 400,
      message: 'PersistedQueryNotFound',
      errors: [notFound],
      delivery: 'answered',
    });
    await until(() => failed.status === 'rejected');
    expect(formsOn(connection)).toEqual(['hash']);
  });
});

describe('which operations', () => {
  test('queries alone, unless the option says otherwise', async () => {
    const { session, connection } = await hashing();
    watch(session.execute(query));
    watch(session.execute(mutation));
    session.subscribe(subscription);
    expect(formsOn(connection)).toEqual(['hash', 'text', 'text']);
    const all = await hashing(everything);
    watch(all.session.execute(query));
    watch(all.session.execute(mutation));
    all.session.subscribe(subscription);
    expect(formsOn(all.connection)).toEqual(['hash', 'hash', 'hash']);
  });

  test('each kind by itself, where the server of subscriptions supports no hashes and that of queries does', async () => {
    const { session, connection } = await hashing(everything);
    session.subscribe(subscription);
    connection.latest.errors(notSupported);
    session.subscribe(subscription);
    watch(session.execute(query));
    expect(formsOn(connection)).toEqual(['hash', 'text', 'text', 'hash']);
  });

  test('none with uploads, which would be sent twice', async () => {
    await hashed(mutation);
    const uploading: Interceptor = (next) => (request, sink) => next({ ...request, uploads: [] }, sink);
    const { session, connection } = await readySession({
      interceptors: { call: [uploading, automaticPersistedQueries(everything)] },
    });
    watch(session.execute(mutation));
    expect(formsOn(connection)).toEqual(['text']);
  });

  test('none whose text is not sent anyway', async () => {
    const { session, connection } = await hashing(everything);
    watch(session.execute(documentById('books', { kind: 'query' })));
    expect(formsOn(connection)).toEqual(['books']);
  });

  test.each([
    [{ operations: ['query', 'fragment'] }, 'operations'],
    [{ operations: 'query' }, 'operations'],
    [{ kinds: ['query'] }, 'kinds'],
  ])('%j is refused', (options, name) => {
    expect(() => automaticPersistedQueries(options as never)).toThrow(expect.objectContaining({ option: name }));
  });
});

describe('a mutation', () => {
  test('that the server does not know keeps its idempotency key over both sends, and so one of its own', async () => {
    const { session, connection, settle } = await hashing(everything, { connection: { idempotencyWindowMs: 60_000 } });
    const made = watch(session.execute(mutation));
    connection.latest.next({ errors: [notFound] });
    connection.latest.data({ pay: 1 });
    const given = watch(session.execute(mutation, {}, { idempotencyKey: 'mine' }));
    connection.latest.errors(notFound);
    connection.latest.data({ pay: 2 });
    await settle();
    expect([made.value, given.value]).toEqual([{ pay: 1 }, { pay: 2 }]);
    const keys = connection.requests.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([expect.stringMatching(/^[\da-f]{32}$/), keys[0], 'mine', 'mine']);
    expect(formsOn(connection)).toEqual(['hash', 'hash and text', 'hash', 'hash and text']);
  });

  test.each([
    ['the hash', 0],
    ['the text', 1],
  ])('that is lost after %s was sent has an unknown outcome, and is not sent again', async (_what, refusals) => {
    const { session, connection, accept, settle } = await hashing(everything);
    const call = watch(session.execute(mutation));
    for (let n = 0; n < refusals; n++) connection.latest.next({ errors: [notFound] });
    connection.lose();
    await settle();
    const next = await accept();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect([connection.requests.length, next.requests.length]).toEqual([1 + refusals, 0]);
  });
});

describe('interruptions', () => {
  test('a query whose connection is lost is sent as it was, and the server that forgot it gets its text', async () => {
    const { session, connection, accept, settle } = await hashing();
    const call = watch(session.result(query));
    connection.lose();
    const next = await accept();
    next.latest.next({ errors: [notFound] });
    next.latest.data({ books: [] });
    await settle();
    expect(call.value).toMatchObject({ data: { books: [] }, meta: { attempts: 3, generation: 2 } });
    expect([formsOn(connection), formsOn(next)]).toEqual([['hash'], ['hash', 'hash and text']]);
  });

  test('a query that is lost between the two sends is sent with its text on the next connection', async () => {
    const { session, connection, accept, settle } = await hashing();
    const call = watch(session.execute(query));
    connection.latest.next({ errors: [notFound] });
    connection.lose();
    const next = await accept();
    next.latest.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
    expect(formsOn(next)).toEqual(['hash and text']);
  });

  test('a cancellation between the two sends reaches the send that runs', async () => {
    const { session, connection } = await hashing();
    const abort = new AbortController();
    const cancelled = rejection(session.execute(query, {}, { signal: abort.signal }), CancelledError);
    connection.latest.next({ errors: [notFound] });
    abort.abort();
    await cancelled;
    expect(connection.requests.map((request) => request.cancelled)).toEqual([false, true]);
    expect(session.operations).toBe(0);
  });

  test('a cancellation between the two sends reaches the interceptors behind, and where the first was answered at once', async () => {
    await hashed(query);
    const refusing: Interceptor = (next) => (request, sink) => {
      if (request.query !== '') return next(request, sink);
      sink.next({ errors: [notFound] }, 0);
      return { cancel: () => {} };
    };
    const log: string[] = [];
    const { session } = await readySession({
      interceptors: { call: [automaticPersistedQueries(), refusing, recording(log)] },
    });
    const abort = new AbortController();
    const cancelled = rejection(session.execute(query, {}, { signal: abort.signal }), CancelledError);
    abort.abort();
    await cancelled;
    expect(log).toEqual(['seen: start query', 'seen: sending', 'seen: cancel']);
  });

  test('a call that was cancelled is not sent again, whatever the server still answers', async () => {
    const { session, connection, settle } = await hashing();
    const abort = new AbortController();
    const cancelled = rejection(session.execute(query, {}, { signal: abort.signal }), CancelledError);
    abort.abort();
    await cancelled;
    connection.latest.next({ errors: [notFound] });
    await settle();
    expect(formsOn(connection)).toEqual(['hash']);
  });

  test('a call whose session is being closed is not sent a second time', async () => {
    const { session, connection } = await hashing();
    const closed = rejection(session.execute(query), SessionClosedError);
    void session.close({ graceMs: 1_000 });
    connection.latest.next({ errors: [notFound] });
    expect((await closed).delivery).toBe('answered');
    expect(formsOn(connection)).toEqual(['hash']);
  });
});

describe('the hash', () => {
  test('is waited for the first time only: after that a call is sent in the turn in which it is made', async () => {
    const document = '{ first(run: true) }';
    const { session, connection } = await readySession({ interceptors: { call: [automaticPersistedQueries()] } });
    watch(session.execute(document));
    expect(connection.requests).toHaveLength(0);
    await until(() => connection.requests.length === 1);
    watch(session.execute(document));
    expect(formsOn(connection)).toEqual(['hash', 'hash']);
  });

  test('is computed once for all who run a document at the same time', async () => {
    const digest = vi.spyOn(crypto.subtle, 'digest');
    const { session, connection } = await readySession({ interceptors: { call: [automaticPersistedQueries()] } });
    for (let n = 0; n < 3; n++) watch(session.execute('{ together }'));
    await until(() => connection.requests.length === 3);
    expect(digest).toHaveBeenCalledTimes(1);
  });

  test('that takes longer than the deadline ends its call, and nothing is sent when it is there', async () => {
    let finish = (_digest: ArrayBuffer): void => {};
    vi.spyOn(crypto.subtle, 'digest').mockReturnValue(
      new Promise((resolve) => {
        finish = resolve;
      }),
    );
    const { session, connection, clock, settle } = await readySession({
      interceptors: { call: [automaticPersistedQueries()] },
    });
    const late = rejection(session.execute('{ slowly(hashed: true) }', {}, { deadlineMs: 100 }), DeadlineError);
    await clock.advance(100);
    expect(await late).toMatchObject({ delivery: 'not-sent', attempts: 0 });
    finish(new ArrayBuffer(32));
    await settle();
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('cannot be computed off secure origins: the program is warned once, and documents are sent whole', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const { session, connection } = await readySession({
      interceptors: { call: [automaticPersistedQueries(everything)] },
    });
    vi.unstubAllGlobals();
    for (let n = 0; n < 3; n++) watch(session.execute(query));
    expect(formsOn(connection)).toEqual(['text', 'text', 'text']);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('crypto.subtle')]]);
  });
});

describe('a stream', () => {
  test.each(['snapshot', 'patch'] as const)(
    'as %s whose document the server does not know has the parts of its second send',
    async (as) => {
      const { session, connection } = await hashing();
      const stream = session.stream(query, {}, { as });
      connection.latest.next({ errors: [notFound] });
      connection.latest.next({ data: { books: [] }, hasNext: true });
      connection.latest.next({ hasNext: false });
      const parts = [];
      for await (const { data } of stream) parts.push(data);
      expect(parts[0]).toEqual({ books: [] });
      expect(formsOn(connection)).toEqual(['hash', 'hash and text']);
    },
  );

  test('says that it may come in parts, as nobody can read in a hash', async () => {
    const deferred = '{ books { ... @defer { title } } }';
    await hashed(deferred);
    const { session, connection } = await hashing();
    session.stream(deferred);
    session.stream(query);
    const sent = connection.requests.map(({ request }) => [request.query, request.incremental]);
    expect(sent).toEqual([
      ['', true],
      ['', false],
    ]);
  });

  test('that has begun is not sent again for an error that comes after its first part', async () => {
    const { session, connection } = await hashing();
    const stream = session.stream(query);
    connection.latest.next({ data: { books: [] }, hasNext: true });
    connection.latest.errors(notFound);
    await stream.next();
    await rejection(stream.next(), GraphQLResultError);
    expect(formsOn(connection)).toEqual(['hash']);
  });
});

describe('a subscription', () => {
  test.each([
    ['in "error"', (connection: FakeConnection) => connection.latest.errors(notFound)],
    ['in "next"', (connection: FakeConnection) => connection.latest.next({ errors: [notFound] })],
    ['in an event', (connection: FakeConnection) => connection.latest.next({ data: null, errors: [notFound] })],
  ])('that the server does not know, and refuses %s, starts with its text and without a gap', async (_how, refuse) => {
    const { session, connection } = await hashing(everything);
    const events = session.subscribe(subscription);
    refuse(connection);
    expect(formsOn(connection)).toEqual(['hash', 'hash and text']);
    connection.latest.data({ numbers: 1 });
    expect((await events.next()).value).toMatchObject({ type: 'data', data: { numbers: 1 } });
    connection.latest.data({ numbers: 2 });
    expect((await events.next()).value).toMatchObject({ type: 'data', data: { numbers: 2 } });
    await events.return?.();
    expect(connection.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('that is refused in an event is stopped before it is started with its text', async () => {
    const { session, connection } = await hashing(everything);
    session.subscribe(subscription);
    connection.latest.next({ data: null, errors: [notFound] });
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, false]);
  });

  test('whose server forgot it while the connection was lost starts with its text, with gaps until it is live', async () => {
    for (const live of [true, false]) {
      const { session, connection, accept, clock } = await hashing(everything);
      const events = session.subscribe(subscription);
      if (live) {
        connection.latest.data({ numbers: 1 });
        await events.next();
      }
      connection.lose();
      const next = await accept();
      await clock.advance(50);
      next.latest.errors(notFound);
      next.latest.data({ numbers: 2 });
      expect(formsOn(next)).toEqual(['hash', 'hash and text']);
      const { value: gap } = await events.next();
      expect(gap).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost', liveAt: clock.now() } });
      expect((await events.next()).value).toMatchObject({ data: { numbers: 2 } });
    }
  });

  test('that ends with such an error after events ends', async () => {
    const { session, connection } = await hashing(everything);
    const events = session.subscribe(subscription);
    connection.latest.data({ numbers: 1 });
    connection.latest.errors(notFound);
    await events.next();
    await rejection(events.next(), GraphQLResultError);
    expect(formsOn(connection)).toEqual(['hash']);
  });

  test('that is started again by another interceptor after events, on a server that forgot it, has a gap until it is live', async () => {
    await hashed(subscription);
    const restarting = changing({ sink: (sink, request, next) => ({ error: () => void next(request, sink) }) });
    const { session, connection, clock } = await readySession({
      interceptors: { call: [restarting, automaticPersistedQueries(everything)] },
    });
    const events = session.subscribe(subscription);
    connection.latest.data({ numbers: 1 });
    connection.latest.errors({ message: 'The source broke.' });
    await clock.advance(50);
    connection.latest.errors(notFound);
    connection.latest.data({ numbers: 2 });
    const seen = [];
    for (let n = 0; n < 3; n++) seen.push((await events.next()).value);
    expect(seen).toMatchObject([{ type: 'data' }, { type: 'gap', gap: { liveAt: clock.now() } }, { type: 'data' }]);
    expect(formsOn(connection)).toEqual(['hash', 'hash', 'hash and text']);
  });

  test('that ends with an error before its first event, and is started again by another interceptor, has a gap', async () => {
    await hashed(subscription);
    const restarting = changing({ sink: (sink, request, next) => ({ error: () => void next(request, sink) }) });
    const { session, connection } = await readySession({
      interceptors: { call: [automaticPersistedQueries(everything), restarting] },
    });
    const events = session.subscribe(subscription);
    connection.latest.errors({ message: 'The source broke.' });
    connection.latest.data({ numbers: 1 });
    expect((await events.next()).value).toMatchObject({ type: 'gap', gap: { reason: 'retried' } });
    expect((await events.next()).value).toMatchObject({ data: { numbers: 1 } });
  });
});
