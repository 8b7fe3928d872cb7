// Persisted queries and trusted documents over HTTP, with real servers: those that do them, those that were told not to, and
// those that know nothing of them.

import { describe, expect, test } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { automaticPersistedQueries } from '../../../src/session/persisted/automatic.js';
import { trustedDocuments } from '../../../src/session/persisted/trusted.js';
import type { Session } from '../../../src/session/session.js';
import { type UndiciOptions, undici } from '../../../src/transport/undici/index.js';
import { startSession } from '../../session/behaviour/support/starting.js';
import { sentAs } from '../../session/persisted/support.js';
import {
  apollo,
  apolloWithout,
  graphqlHttp,
  mercuriusAutomatic,
  mercuriusWithout,
  type Peer,
  startPeer,
  yoga,
  yogaWithout,
} from './support/persisted-servers.js';

const query = 'query Hello($name: String) { hello(name: $name) }';
const mutation = 'mutation Add { add(amount: 3) }';

const counting = 'subscription Count { count(to: 2) }';

const everything = automaticPersistedQueries({ operations: ['query', 'mutation', 'subscription'] });

interface Client {
  readonly session: Session;
  /** What each send was, in order. */
  readonly sent: string[];
}

function clientOf({ url }: Peer, call: Interceptor, options: UndiciOptions = {}): Client {
  const sent: string[] = [];
  const watching: Interceptor = (next) => (request, sink) => {
    sent.push(sentAs(request));
    return next(request, sink);
  };
  const session = startSession({
    transport: undici(url, options),
    interceptors: { call: [call], attempt: [watching] },
  });
  return { session, sent };
}

describe.each([
  ['Apollo Server', apollo],
  ['GraphQL Yoga with a hook', yoga],
  ['Mercurius', mercuriusAutomatic],
])('%s, which does persisted queries', (_name, start) => {
  test('is sent the text of a document once, and again after a restart', async () => {
    const peer = await startPeer(start);
    const { session, sent } = clientOf(peer, everything);
    for (const name of ['Ada', 'Bob']) {
      expect(await session.execute(query, { name })).toEqual({ hello: `Hello ${name}` });
    }
    expect(sent).toEqual(['hash', 'hash and text', 'hash']);
    await peer.restart();
    expect(await session.execute(query)).toEqual({ hello: 'Hello world' });
    // The hash may have been sent on a socket of the old server first.
    expect(sent.slice(-2)).toEqual(['hash', 'hash and text']);
  });

  test('runs a mutation that it did not know once', async () => {
    const peer = await startPeer(start);
    const { session, sent } = clientOf(peer, everything);
    expect(await session.execute(mutation)).toEqual({ add: 3 });
    expect(await session.execute(mutation)).toEqual({ add: 6 });
    expect(sent).toEqual(['hash', 'hash and text', 'hash']);
    expect(peer.ran.sum).toBe(6);
  });

  test('is asked by GET for what it may know, and by POST with a text', async () => {
    const peer = await startPeer(start);
    const { session } = clientOf(peer, everything, { hashedQueryMethod: 'GET' });
    for (const name of ['Ada', 'Bob']) {
      expect(await session.execute(query, { name })).toEqual({ hello: `Hello ${name}` });
    }
    expect(await session.execute(mutation)).toEqual({ add: 3 });
    expect(peer.ran.methods).toEqual(['GET', 'POST', 'GET', 'POST', 'POST']);
  });

  test('may say in a field what looks like a refusal', async () => {
    const { session, sent } = clientOf(await startPeer(start), everything);
    for (let n = 0; n < 2; n++) {
      const error = await session.execute('{ fails }').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(GraphQLResultError);
    }
    expect(sent).toEqual(['hash', 'hash and text', 'hash']);
  });

  test('answers many who run a document for the first time at once', async () => {
    const { session } = clientOf(await startPeer(start), everything);
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const answers = await Promise.all(names.map((name) => session.execute(query, { name })));
    expect(answers).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
  });

  test('is sent the ids of trusted documents as hashes, where it has seen them', async () => {
    const peer = await startPeer(start);
    await clientOf(peer, everything).session.execute(query);
    const { session, sent } = clientOf(peer, trustedDocuments(undefined, { as: 'persistedQuery' }));
    expect(await session.execute(query)).toEqual({ hello: 'Hello world' });
    await expect(session.execute(mutation)).rejects.toBeInstanceOf(GraphQLResultError);
    expect(sent).toEqual(['hash', 'hash']);
  });
});

describe.each([
  ['Apollo Server, told not to', apolloWithout],
  ['GraphQL Yoga', yogaWithout],
  ['graphql-http', graphqlHttp],
  ['Mercurius', mercuriusWithout],
])('%s, which does no persisted queries', (_name, start) => {
  test('is sent texts after its first refusal, and a mutation once', async () => {
    const peer = await startPeer(start);
    const { session, sent } = clientOf(peer, everything);
    for (const name of ['Ada', 'Bob']) {
      expect(await session.execute(query, { name })).toEqual({ hello: `Hello ${name}` });
    }
    expect(await session.execute(mutation)).toEqual({ add: 3 });
    expect(sent).toEqual(['hash', 'text', 'text', 'hash', 'text']);
    expect(peer.ran.sum).toBe(3);
  });
});

describe('GraphQL Yoga with a hook', () => {
  test('streams a subscription whose document it did not know, without a gap', async () => {
    const { session, sent } = clientOf(await startPeer(yoga), everything);
    for (let n = 0; n < 2; n++) {
      const events = [];
      for await (const event of session.subscribe(counting)) {
        events.push(event.type === 'data' ? event.data : event.type);
      }
      expect(events).toEqual([{ count: 1 }, { count: 2 }]);
    }
    expect(sent).toEqual(['hash', 'hash and text', 'hash']);
  });

  test.each(['POST', 'GET'] as const)('runs documents by their ids, by %s', async (hashedQueryMethod) => {
    const peer = await startPeer(yoga);
    const { session, sent } = clientOf(peer, trustedDocuments({ 'hello-1': query }), { hashedQueryMethod });
    expect(await session.execute(query, { name: 'Ada' })).toEqual({ hello: 'Hello Ada' });
    const hello = documentById<{ hello: string }, { name: string }>('hello-1', { kind: 'query' });
    expect((await session.execute(hello, { name: 'Bob' })).hello).toBe('Hello Bob');
    expect(sent).toEqual(['hello-1', 'hello-1']);
    expect(peer.ran.methods).toEqual([hashedQueryMethod, hashedQueryMethod]);
  });
});
