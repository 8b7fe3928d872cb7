// Persisted queries and trusted documents with the server of graphql-ws, whose hook finds the documents, and without it.

import { createRequire } from 'node:module';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { automaticPersistedQueries } from '../../../src/session/persisted/automatic.js';
import { trustedDocuments } from '../../../src/session/persisted/trusted.js';
import type { Session } from '../../../src/session/session.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { startSession } from '../../session/behaviour/support/starting.js';
import { readyAgain, until } from '../../session/behaviour/support/waiting.js';
import { DocumentStore } from '../support/document-store.js';
import { type PeerServer, startPeerServer } from './support/peer-server.js';

// graphql-ws takes `graphql` as Node finds it, and knows only the errors of that copy.
const { GraphQLError } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

const query = 'query Hello($name: String) { hello(name: $name) }';
const mutation = 'mutation Add { add(amount: 3) }';
const subscription = 'subscription Forever { forever(name: "f") }';
const counting = 'subscription Count { count(to: 3) }';

const everything = automaticPersistedQueries({ operations: ['query', 'mutation', 'subscription'] });

function startWithStore(store: DocumentStore): Promise<PeerServer> {
  return startPeerServer({
    onSubscribe: (_context, _id, payload) => {
      const found = store.find(payload);
      if (typeof found !== 'string') return [new GraphQLError(found.message, { extensions: found.extensions })];
      Object.assign(payload, { query: found });
      return undefined;
    },
  });
}

function sessionTo({ url }: PeerServer, ...call: readonly Interceptor[]): Session {
  return startSession({ transport: webSocket(url), interceptors: { call } });
}

async function take(session: Session, document: string): Promise<unknown[]> {
  const events = [];
  for await (const event of session.subscribe(document)) events.push(event.type === 'data' ? event.data : event.type);
  return events;
}

describe('automatic persisted queries with a server that does them', () => {
  test('send the text of each document once, of every kind', async () => {
    const store = new DocumentStore();
    const session = sessionTo(await startWithStore(store), everything);
    for (const name of ['Ada', 'Bob']) {
      expect(await session.execute(query, { name })).toEqual({ hello: `Hello ${name}` });
    }
    for (const sum of [3, 6]) {
      expect(await session.execute(mutation)).toEqual({ add: sum });
      expect(await take(session, counting)).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    }
    const [twice, once] = [['hash', 'hash and text'], ['hash']];
    expect(store.received).toEqual([...twice, ...once, ...twice, ...twice, ...once, ...once]);
  });

  test('find a document that another session has sent, and go on after the server has forgotten it', async () => {
    const store = new DocumentStore();
    const server = await startWithStore(store);
    const [first, second] = [sessionTo(server, everything), sessionTo(server, everything)];
    await first.execute(query);
    await second.execute(query);
    await server.stop();
    store.forget();
    await server.start();
    await readyAgain(second, 2);
    expect(await second.execute(query)).toEqual({ hello: 'Hello world' });
    expect(store.received).toEqual(['hash', 'hash and text', 'hash', 'hash', 'hash and text']);
  });

  test('bring a subscription back over a restart that has forgotten its document', async () => {
    const store = new DocumentStore();
    const server = await startWithStore(store);
    for await (const _ of sessionTo(server, everything).subscribe(subscription)) break;
    const session = sessionTo(server, everything);
    const events = session.subscribe(subscription);
    expect((await events.next()).value).toMatchObject({ type: 'data' });
    await server.stop();
    store.forget();
    await server.start();
    const reasons: unknown[] = [];
    for await (const event of events) {
      if (event.type === 'data') break;
      if (event.type === 'gap') reasons.push(event.gap.reason);
    }
    expect(reasons[0]).toBe('connection-lost');
    expect(store.received.slice(-2)).toEqual(['hash', 'hash and text']);
  });
});

describe('automatic persisted queries with a server that knows nothing of them, and closes the socket over a missing text', () => {
  // It writes every such error to the console.
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('fall back to texts, kind by kind, for queries and subscriptions', async () => {
    const server = await startPeerServer();
    const session = sessionTo(server, everything);
    expect(await session.execute(query)).toEqual({ hello: 'Hello world' });
    const events = await take(session, counting);
    expect(events.filter((event) => event !== 'gap')).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    const before = server.sockets.length;
    expect(await session.execute(query)).toEqual({ hello: 'Hello world' });
    expect(await take(session, counting)).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect(server.sockets).toHaveLength(before);
    expect(server.ends.every(({ code }) => code === 4500)).toBe(true);
  });

  test('leave the outcome of the first mutation unknown, because nobody has answered it, and send the next one whole', async () => {
    const server = await startPeerServer();
    const session = sessionTo(server, everything);
    await expect(session.execute(mutation)).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect(await session.execute(mutation)).toEqual({ add: 3 });
    expect(server.sockets).toHaveLength(2);
  });
});

describe('trusted documents', () => {
  const store = (): DocumentStore => new DocumentStore({ 'hello-1': query, 'count-1': counting });

  test('are sent as ids from a manifest, also where they are syntax trees', async () => {
    const documents = store();
    const session = sessionTo(
      await startWithStore(documents),
      trustedDocuments({ 'hello-1': query, 'count-1': counting }),
    );
    expect(await session.execute(parse(query), { name: 'Ada' })).toEqual({ hello: 'Hello Ada' });
    expect(await take(session, counting)).toHaveLength(3);
    expect(documents.received).toEqual(['hello-1', 'count-1']);
  });

  test('are run by their ids alone', async () => {
    const documents = store();
    const session = sessionTo(await startWithStore(documents));
    const hello = documentById<{ hello: string }, { name: string }>('hello-1', { kind: 'query' });
    expect((await session.execute(hello, { name: 'Ada' })).hello).toBe('Hello Ada');
    const [first] = [await session.subscribe(documentById('count-1', { kind: 'subscription' })).next()];
    expect(first.value).toMatchObject({ data: { count: 1 } });
    expect(documents.received).toEqual(['hello-1', 'count-1']);
  });

  test('that the server does not know fail, and only they', async () => {
    const documents = store();
    const server = await startWithStore(documents);
    const session = sessionTo(server, trustedDocuments({ 'add-1': mutation, 'hello-1': query }));
    await expect(session.execute(mutation)).rejects.toBeInstanceOf(GraphQLResultError);
    expect(await session.execute(query)).toEqual({ hello: 'Hello world' });
    await until(() => documents.received.length === 2);
    expect(server.sockets).toHaveLength(1);
  });
});
