// urql on top of the client of graphql-ws, with all its operations on our server over one WebSocket.

import { type AnyVariables, Client, type OperationResult, subscriptionExchange } from '@urql/core';
import type { ClientOptions } from 'graphql-ws';
import { expect, test } from 'vitest';
import { pipe, type Source, subscribe } from 'wonka';
import { ConnectionRefused } from '../../../src/server/index.js';
import { faultProxy } from '../../../src/testing/index.js';
import { until } from '../../server/support/serving.js';
import { startOurServer } from './support/our-server.js';
import { type PeerClient, startPeerClient } from './support/peer-client.js';

interface Urql {
  readonly urql: Client;
  readonly peer: PeerClient;
}

function startUrql(url: string, options: Partial<ClientOptions> = {}): Urql {
  const peer = startPeerClient(url, options);
  const exchange = subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: ({ query = '', ...request }) => ({
      subscribe: (sink) => ({ unsubscribe: peer.client.subscribe({ query, ...request }, sink as never) }),
    }),
  });
  // The address is for fetching, which nothing does here.
  return { urql: new Client({ url: 'http://127.0.0.1:9', preferGetMethod: false, exchanges: [exchange] }), peer };
}

/**
 * The first result. It is left a turn later than urql's own promise leaves it: the client of graphql-ws gives its socket back
 * twice for an operation that is left between a result and a `complete` of one packet, and then closes it under the others.
 */
function answer(source: Source<OperationResult>): Promise<OperationResult> {
  return new Promise((resolve) => {
    const { unsubscribe } = pipe(
      source,
      subscribe((result) => {
        setImmediate(() => {
          unsubscribe();
          resolve(result);
        });
      }),
    );
  });
}

interface Watched {
  readonly results: OperationResult[];
  stop(): void;
}

function watch({ urql }: Urql, query: string, variables: AnyVariables = {}): Watched {
  const results: OperationResult[] = [];
  const { unsubscribe } = pipe(
    urql.subscription(query, variables),
    subscribe((result) => results.push(result)),
  );
  return { results, stop: unsubscribe };
}

test('queries, mutations and subscriptions with variables work over one socket', async () => {
  const t = await startOurServer();
  const client = startUrql(t.ws);
  const { urql } = client;
  const hello = await answer(urql.query('query Hello($name: String) { hello(name: $name) }', { name: 'Ada' }));
  expect([hello.data, hello.error]).toEqual([{ hello: 'Hello Ada' }, undefined]);
  const added = await answer(urql.mutation('mutation ($amount: Int!) { add(amount: $amount) }', { amount: 2 }));
  expect([added.data, added.error]).toEqual([{ add: 2 }, undefined]);
  const { results } = watch(client, 'subscription ($to: Int!) { count(to: $to) }', { to: 3 });
  await until(() => results.length > 0 && !results.at(-1)?.hasNext);
  expect(results.slice(0, 3).map(({ data }) => data?.count)).toEqual([1, 2, 3]);
  expect(client.peer.sockets).toHaveLength(1);
});

test('one result of errors for what cannot run, and the socket stays', async () => {
  const t = await startOurServer();
  const client = startUrql(t.ws);
  const { urql, peer } = client;
  for (const [query, variables, message] of [
    ['{ nothing }', {}, /Cannot query field "nothing"/],
    ['query ($n: Int!) { huge(bytes: $n) }', {}, /"\$n" of required type/],
    ['query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
  ] as const) {
    const { data, error } = await answer(urql.query(query, variables));
    expect(data).toBeUndefined();
    expect(error?.networkError).toBeUndefined();
    expect(error?.graphQLErrors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
  }
  const failed = watch(client, 'subscription { throwsAtOnce }');
  await until(() => failed.results.length > 0);
  expect(failed.results[0]?.error?.graphQLErrors).toMatchObject([{ message: 'No source' }]);
  expect(peer.sockets).toHaveLength(1);
});

test('errors beside partial data reach it both, for a query and for one event of a subscription', async () => {
  const t = await startOurServer();
  const client = startUrql(t.ws);
  const { data, error } = await answer(client.urql.query('{ hello fails }', {}));
  expect(data).toEqual({ hello: 'Hello world', fails: null });
  expect(error?.graphQLErrors).toMatchObject([{ message: 'It failed', path: ['fails'] }]);
  const { results } = watch(client, 'subscription { oneBadEvent }');
  await until(() => results.length > 0 && !results.at(-1)?.hasNext);
  expect(results.slice(0, 3).map((result) => result.data?.oneBadEvent)).toEqual([1, null, 3]);
  expect(results[0]?.error).toBeUndefined();
  expect(results[1]?.error?.graphQLErrors).toMatchObject([{ message: 'Bad event' }]);
});

test('a source that throws ends its subscription with the error, after the events before', async () => {
  const t = await startOurServer();
  const { results } = watch(startUrql(t.ws), 'subscription { throwsAfterTwo }');
  await until(() => results.some(({ error }) => error !== undefined));
  expect(results.filter(({ error }) => error === undefined).map(({ data }) => data)).toEqual([
    { throwsAfterTwo: 1 },
    { throwsAfterTwo: 2 },
  ]);
  expect(results.find(({ error }) => error)?.error?.graphQLErrors).toMatchObject([{ message: 'Source broke' }]);
});

test('unsubscribing releases the source', async () => {
  const t = await startOurServer();
  const watched = watch(startUrql(t.ws), 'subscription { forever(name: "f") }');
  await until(() => watched.results.length === 1);
  watched.stop();
  await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
  expect(t.server.stats().connections).toBe(1);
});

test('fifty queries at once get their own answers', async () => {
  const t = await startOurServer();
  const { urql, peer } = startUrql(t.ws);
  const names = Array.from({ length: 50 }, (_, i) => `n${i}`);
  const query = 'query ($name: String) { hello(name: $name) }';
  const answers = await Promise.all(names.map((name) => answer(urql.query(query, { name }))));
  expect(answers.map(({ data }) => data)).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
  expect(peer.sockets).toHaveLength(1);
});

test('a subscription goes on after a drop', async () => {
  const t = await startOurServer();
  await using proxy = await faultProxy({ target: { port: t.serving.port } });
  const { results } = watch(startUrql(proxy.url('ws', '/graphql')), 'subscription { forever(name: "f") }');
  await until(() => results.length === 1);
  proxy.cut();
  await until(() => results.length === 2);
  await until(() => t.probe.finalised.length === 1);
  expect(results.map(({ data, error }) => [data, error])).toEqual(Array(2).fill([{ forever: 1 }, undefined]));
});

test('a refused connection is an error of the network that names the reason', async () => {
  const t = await startOurServer({
    onConnect: () => {
      throw new ConnectionRefused('Who are you?');
    },
  });
  const { urql } = startUrql(t.ws, { retryAttempts: 0, lazy: true });
  const { error } = await answer(urql.query('{ hello }', {}));
  expect(error?.networkError).toMatchObject({ code: 4403, reason: 'Who are you?' });
  expect(t.probe.began).toEqual([]);
});
