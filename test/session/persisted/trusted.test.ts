// Trusted documents: ids instead of texts, where they come from, where they are put, and what has none.

import { parse } from 'graphql';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { DocumentError } from '../../../src/protocol/errors/document-error.js';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { type TrustedDocumentsOptions, trustedDocuments } from '../../../src/session/persisted/trusted.js';
import type { FakeConnection } from '../support/fake-transport.js';
import { type Harness, readySession, rejection, watch } from '../support/harness.js';
import { hashed, notFound, sentAs, sha256 } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const query = 'query Books($first: Int) { books(first: $first) { title } }';
const mutation = 'mutation Pay { pay }';
const subscription = 'subscription Numbers { numbers }';

function trusting(
  ...ids: Parameters<typeof trustedDocuments>
): Promise<Harness & { readonly connection: FakeConnection }> {
  return readySession({ interceptors: { call: [trustedDocuments(...ids)] } });
}

describe('the id of a document', () => {
  test('is the SHA-256 of its text, unless there are others', async () => {
    await hashed(query, mutation, subscription);
    const { session, connection, settle } = await trusting();
    const call = watch(session.execute(query, { first: 1 }, { extensions: { trace: 'x' } }));
    watch(session.execute(mutation));
    session.subscribe(subscription);
    expect(connection.requests.map(({ request }) => sentAs(request))).toEqual([
      `sha256:${sha256(query)}`,
      `sha256:${sha256(mutation)}`,
      `sha256:${sha256(subscription)}`,
    ]);
    const [books] = connection.requests;
    expect(books?.request).toMatchObject({ kind: 'query', operationName: 'Books', query: '' });
    expect(books?.request.extensions?.value).toEqual({ trace: 'x' });
    expect(books?.request.variables?.value).toEqual({ first: 1 });
    books?.data({ books: [] });
    await settle();
    expect(call.value).toEqual({ books: [] });
  });

  test('is found in a manifest of texts by id, however text and syntax tree are laid out', async () => {
    const { session, connection } = await trusting({
      'books-1': 'query Books($first: Int) {\n  books(first: $first) { # all of them\n    title,\n  }\n}\n',
      'pay-1': mutation,
    });
    for (const document of [query, parse(query), 'query Books ( $first:Int ){books( first : $first ){title}}']) {
      watch(session.execute(document));
      expect(sentAs(connection.latest.request)).toBe('books-1');
    }
    watch(session.execute(parse(mutation)));
    expect(sentAs(connection.latest.request)).toBe('pay-1');
  });

  test('is told by a function, which is asked with what it can tell documents by', async () => {
    const asked: unknown[] = [];
    const { session, connection } = await trusting((document) => {
      const { query: text, operationName, kind } = document;
      asked.push([text, operationName, kind]);
      return `${operationName}-v2`;
    });
    watch(session.execute(query));
    expect(sentAs(connection.latest.request)).toBe('Books-v2');
    expect(asked).toEqual([[query, 'Books', 'query']]);
  });

  test('may be sent as the hash in the extension persistedQuery', async () => {
    const as: TrustedDocumentsOptions = { as: 'persistedQuery' };
    await hashed(query);
    const hashes = await trusting(undefined, as);
    watch(hashes.session.execute(query, {}, { extensions: { trace: 'x' } }));
    const listed = await trusting({ 'books-1': query }, as);
    watch(listed.session.execute(query));
    watch(listed.session.execute(documentById('pay-1')));
    const sent = [...hashes.connection.requests, ...listed.connection.requests].map(({ request }) => request);
    expect(sent.map(sentAs)).toEqual(['hash', 'hash', 'hash']);
    expect(sent.map(({ extensions }) => extensions?.value)).toEqual([
      { trace: 'x', persistedQuery: { version: 1, sha256Hash: sha256(query) } },
      { persistedQuery: { version: 1, sha256Hash: 'books-1' } },
      { persistedQuery: { version: 1, sha256Hash: 'pay-1' } },
    ]);
  });

  test('may be put in place at each attempt as well', async () => {
    const { session, connection } = await readySession({
      interceptors: { attempt: [trustedDocuments({ 'books-1': query })] },
    });
    watch(session.execute(query));
    expect(sentAs(connection.latest.request)).toBe('books-1');
  });

  test('that the server does not know fails the operation: the text is not sent after it', async () => {
    const { session, connection } = await trusting({ 'books-1': query }, { as: 'persistedQuery' });
    const rejected = rejection(session.execute(query), GraphQLResultError);
    connection.latest.next({ errors: [notFound] });
    expect((await rejected).errors).toEqual([notFound]);
    expect(connection.requests).toHaveLength(1);
  });

  test('is not there for requests whose text somebody else has left out', async () => {
    const { session, connection } = await readySession({
      interceptors: {
        call: [
          (next) => (request, sink) => next({ ...request, query: '' }, sink),
          trustedDocuments({}, { as: 'documentId' }),
        ],
      },
    });
    watch(session.execute(query, {}, { extensions: { doc_id: 7 } }));
    expect(connection.latest.request).toMatchObject({ query: '', documentId: undefined });
  });
});

describe('a document without an id', () => {
  test('fails its operation before anything is sent, and says what to do', async () => {
    const { session, connection } = await trusting({ 'pay-1': mutation });
    const error = await rejection(session.execute(query), InterceptorError);
    expect(error).toMatchObject({ delivery: 'not-sent', attempts: 0, cause: expect.any(DocumentError) });
    expect(error.message).toContain('query "Books" has no id among the trusted documents');
    expect(error.message).toContain("{ withoutId: 'send-text' }");
    expect((await rejection(session.execute('{ books }'), InterceptorError)).message).toContain(
      'query without a name has no id',
    );
    await rejection(session.subscribe(subscription).next(), InterceptorError);
    expect(connection.requests).toHaveLength(0);
  });

  test('is sent with its text where that is allowed', async () => {
    const { session, connection } = await trusting(() => undefined, { withoutId: 'send-text' });
    watch(session.execute(query));
    expect(connection.latest.request).toMatchObject({ query, documentId: undefined });
  });
});

describe('what trustedDocuments() refuses', () => {
  test.each([
    ['ids that are no object', 'books', {}, 'ids'],
    ['ids that are a list', ['books'], {}, 'ids'],
    ['a manifest with something else than texts', { 'books-1': { text: query } }, {}, 'ids'],
    ['an unknown place', {}, { as: 'extensions' }, 'as'],
    ['an unknown answer to documents without ids', {}, { withoutId: 'send' }, 'withoutId'],
    ['an unknown option', {}, { without: 'fail' }, 'without'],
  ])('%s', (_what, ids, options, name) => {
    const make = (): unknown => trustedDocuments(ids as never, options as never);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(expect.objectContaining({ option: name }));
  });

  test('a manifest of ids by text, which is the wrong way round', () => {
    expect(() => trustedDocuments({ [query]: 'books-1' })).toThrow(DocumentError);
  });

  test('to compute hashes where the platform has none, at once; other ids need none', () => {
    vi.stubGlobal('crypto', {});
    expect(() => trustedDocuments()).toThrow(/crypto\.subtle/);
    expect(() => trustedDocuments({ 'books-1': query })).not.toThrow();
  });

  test.each([[''], [7], [null]])('an id that is no text: %j', async (id) => {
    const { session, connection } = await trusting((() => id) as never);
    const error = await rejection(session.execute(query), InterceptorError);
    expect(error.cause).toBeInstanceOf(OptionError);
    expect(connection.requests).toHaveLength(0);
  });
});

describe('a document that is run by its id alone', () => {
  test('is sent as its id, with the name of its operation, variables and extensions', async () => {
    const { session, connection, settle } = await readySession();
    const books = documentById('books-1', { kind: 'query', operationName: 'Books' });
    const call = watch(session.result(books, { first: 1 }, { extensions: { trace: 'x' } }));
    const { request } = connection.latest;
    expect(request).toMatchObject({ kind: 'query', query: '', documentId: 'books-1', operationName: 'Books' });
    expect([request.variables?.value, request.extensions?.value]).toEqual([{ first: 1 }, { trace: 'x' }]);
    connection.latest.data({ books: [] });
    await settle();
    expect(call.value).toMatchObject({ data: { books: [] }, meta: { request: { documentId: 'books-1' } } });
  });

  test('is a mutation unless it says otherwise, and so is not repeated by accident', async () => {
    const { session, connection, accept, settle } = await readySession();
    const [unsaid, aQuery] = [
      watch(session.execute(documentById('pay-1'))),
      watch(session.execute(documentById('books-1', { kind: 'query' }))),
    ];
    connection.lose();
    const next = await accept();
    expect(unsaid.error).toBeInstanceOf(OutcomeUnknownError);
    expect(next.requests.map(({ request }) => sentAs(request))).toEqual(['books-1']);
    next.latest.data({ books: [] });
    await settle();
    expect(aQuery.value).toEqual({ books: [] });
  });

  test('keeps its id beside an idempotency key, and over reconnects', async () => {
    const { session, connection, accept } = await readySession({ connection: { idempotencyWindowMs: 60_000 } });
    watch(session.execute(documentById('pay-1')));
    connection.lose();
    const next = await accept();
    expect([connection, next].map(({ latest }) => sentAs(latest.request))).toEqual(['pay-1', 'pay-1']);
    expect(next.latest.idempotencyKey).toBe(connection.latest.idempotencyKey);
  });

  test('may come in parts where it is run as a stream', async () => {
    const { session, connection } = await readySession();
    const books = documentById('books-1', { kind: 'query' });
    session.stream(books);
    watch(session.execute(books));
    expect(connection.requests.map(({ request }) => request.incremental)).toEqual([true, undefined]);
    const trusted = await trusting({ 'deferred-1': '{ books { ... @defer { title } } }' });
    watch(trusted.session.execute('{ books { ... @defer { title } } }'));
    expect(trusted.connection.latest.request.incremental).toBe(true);
  });

  test('may be subscribed to, and only to where it is a subscription', async () => {
    const { session, connection } = await readySession();
    const numbers = documentById('numbers-1', { kind: 'subscription' });
    const events = session.subscribe(numbers);
    connection.latest.data({ numbers: 1 });
    expect((await events.next()).value).toMatchObject({ data: { numbers: 1 } });
    expect(sentAs(connection.latest.request)).toBe('numbers-1');
    await rejection(session.execute(numbers), DocumentError);
    expect(() => session.subscribe(documentById('numbers-1'))).toThrow('This document is a mutation');
  });

  test('may not be named differently by the call', async () => {
    const { session } = await readySession();
    const books = documentById('books-1', { kind: 'query', operationName: 'Books' });
    await rejection(session.execute(books, {}, { operationName: 'Authors' }), DocumentError);
  });

  test('keeps its id under an interceptor that changes something else', async () => {
    const { session, connection } = await readySession({
      interceptors: { call: [(next) => (request, sink) => next({ ...request, headers: { a: 'b' } }, sink)] },
    });
    watch(session.execute(documentById('books-1', { kind: 'query' })));
    expect(connection.latest.request).toMatchObject({ documentId: 'books-1', headers: { a: 'b' } });
  });

  test.each([
    ['an empty id', '', {}, 'id'],
    ['an id that is no text', 7, {}, 'id'],
    ['an unknown kind', 'books-1', { kind: 'fragment' }, 'kind'],
    ['an unknown option', 'books-1', { name: 'Books' }, 'name'],
  ])('is refused for %s', (_what, id, options, name) => {
    expect(() => documentById(id as never, options as never)).toThrow(expect.objectContaining({ option: name }));
  });
});

test('An interceptor that leaves the text out and says nothing else of the document is refused', async () => {
  const { session, connection } = await readySession({
    interceptors: { call: [(next) => (request, sink) => next({ ...request, query: '' }, sink)] },
  });
  await rejection(session.execute(query), InterceptorError);
  expect(connection.requests).toHaveLength(0);
});

test('An interceptor that puts a text of another kind in the place of an id is refused', async () => {
  const { session, connection } = await readySession({
    interceptors: { call: [(next) => (request, sink) => next({ ...request, query: mutation }, sink)] },
  });
  const error = await rejection(session.execute(documentById('books-1', { kind: 'query' })), InterceptorError);
  expect(error.message).toContain('made a mutation of a query');
  expect(connection.requests).toHaveLength(0);
});
