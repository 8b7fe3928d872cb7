// Apollo Client on top of the client of graphql-ws, through its GraphQLWsLink, with all its operations on our server.

import { ApolloClient, gql, InMemoryCache, type OperationVariables } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { ClientOptions } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectionRefused } from '../../../src/server/index.js';
import { faultProxy } from '../../../src/testing/index.js';
import { until } from '../../server/support/serving.js';
import { startOurServer } from './support/our-server.js';
import { type PeerClient, startPeerClient } from './support/peer-client.js';

// Apollo's link looks at the platform's WebSocket to tell errors apart; Node has one since version 22 only.
vi.stubGlobal('WebSocket', WebSocket);

interface Apollo {
  readonly apollo: ApolloClient;
  readonly peer: PeerClient;
}

function startApollo(url: string, options: Partial<ClientOptions> = {}): Apollo {
  const peer = startPeerClient(url, options);
  const apollo = new ApolloClient({
    link: new GraphQLWsLink(peer.client),
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' } },
  });
  onTestFinished(() => apollo.stop());
  return { apollo, peer };
}

interface Watched {
  readonly results: { readonly data?: unknown; readonly error?: unknown }[];
  readonly ended: Promise<unknown>;
  stop(): void;
}

function watch({ apollo }: Apollo, query: string, variables: OperationVariables = {}): Watched {
  const results: Watched['results'] = [];
  let stop = (): void => {};
  const ended = new Promise<unknown>((resolve) => {
    const subscription = apollo.subscribe({ query: gql(query), variables }).subscribe({
      next: ({ data, error }) => results.push({ data, error }),
      error: resolve,
      complete: () => resolve('complete'),
    });
    stop = () => subscription.unsubscribe();
  });
  return { results, ended, stop: () => stop() };
}

test('queries, mutations and subscriptions with variables work over one socket', async () => {
  const t = await startOurServer();
  const client = startApollo(t.ws);
  const { apollo } = client;
  const query = gql('query Hello($name: String) { hello(name: $name) }');
  expect((await apollo.query({ query, variables: { name: 'Ada' } })).data).toEqual({ hello: 'Hello Ada' });
  const mutation = gql('mutation ($amount: Int!) { add(amount: $amount) }');
  expect((await apollo.mutate({ mutation, variables: { amount: 2 } })).data).toEqual({ add: 2 });
  const { results, ended } = watch(client, 'subscription ($to: Int!) { count(to: $to) }', { to: 3 });
  expect(await ended).toBe('complete');
  expect(results).toEqual([1, 2, 3].map((count) => ({ data: { count }, error: undefined })));
  expect(client.peer.sockets).toHaveLength(1);
});

test('what cannot run is its CombinedGraphQLErrors, and the socket stays', async () => {
  const t = await startOurServer();
  const client = startApollo(t.ws);
  const { apollo, peer } = client;
  for (const [text, variables, message] of [
    ['{ nothing }', {}, /Cannot query field "nothing"/],
    ['query ($n: Int!) { huge(bytes: $n) }', {}, /"\$n" of required type/],
    ['query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
  ] as const) {
    const error = await apollo.query({ query: gql(text), variables }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CombinedGraphQLErrors);
    expect(error).toMatchObject({ errors: [{ message: expect.stringMatching(message) }] });
  }
  const failed = watch(client, 'subscription { throwsAtOnce }');
  await until(() => failed.results.length === 1);
  expect(failed.results[0]?.error).toBeInstanceOf(CombinedGraphQLErrors);
  expect(failed.results[0]?.error).toMatchObject({ errors: [{ message: 'No source' }] });
  expect(peer.sockets).toHaveLength(1);
});

test('errors beside partial data reach it both, for a query and for one event of a subscription', async () => {
  const t = await startOurServer();
  const client = startApollo(t.ws);
  const { data, error } = await client.apollo.query({ query: gql('{ hello fails }'), errorPolicy: 'all' });
  expect(data).toEqual({ hello: 'Hello world', fails: null });
  expect(error).toMatchObject({ errors: [{ message: 'It failed', path: ['fails'] }] });
  const { results, ended } = watch(client, 'subscription { oneBadEvent }');
  expect(await ended).toBe('complete');
  expect(results).toHaveLength(3);
  expect(results[1]?.error).toMatchObject({ errors: [{ message: 'Bad event' }] });
  expect(results[2]).toEqual({ data: { oneBadEvent: 3 }, error: undefined });
});

test('a source that throws ends its subscription with the error, after the events before', async () => {
  const t = await startOurServer();
  const { results } = watch(startApollo(t.ws), 'subscription { throwsAfterTwo }');
  await until(() => results.length === 3);
  expect(results.slice(0, 2).map(({ data }) => data)).toEqual([{ throwsAfterTwo: 1 }, { throwsAfterTwo: 2 }]);
  expect(results[2]?.error).toMatchObject({ errors: [{ message: 'Source broke' }] });
});

test('unsubscribing releases the source', async () => {
  const t = await startOurServer();
  const watched = watch(startApollo(t.ws), 'subscription { forever(name: "f") }');
  await until(() => watched.results.length === 1);
  watched.stop();
  await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
  expect(t.server.stats().connections).toBe(1);
});

test('fifty queries at once get their own answers', async () => {
  const t = await startOurServer();
  const { apollo, peer } = startApollo(t.ws);
  const names = Array.from({ length: 50 }, (_, i) => `n${i}`);
  const query = gql('query ($name: String) { hello(name: $name) }');
  const answers = await Promise.all(names.map((name) => apollo.query({ query, variables: { name } })));
  expect(answers.map(({ data }) => data)).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
  expect(peer.sockets).toHaveLength(1);
});

test('a subscription goes on after a drop', async () => {
  const t = await startOurServer();
  await using proxy = await faultProxy({ target: { port: t.serving.port } });
  const { results } = watch(startApollo(proxy.url('ws', '/graphql')), 'subscription { forever(name: "f") }');
  await until(() => results.length === 1);
  proxy.cut();
  await until(() => results.length === 2);
  await until(() => t.probe.finalised.length === 1);
  expect(results).toEqual(Array(2).fill({ data: { forever: 1 }, error: undefined }));
});

test('a refused connection is an error that names code and reason', async () => {
  const t = await startOurServer({
    onConnect: () => {
      throw new ConnectionRefused('Who are you?');
    },
  });
  const { apollo } = startApollo(t.ws, { retryAttempts: 0, lazy: true });
  const error = await apollo.query({ query: gql('{ hello }') }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: 'Socket closed with event 4403 Who are you?' });
  expect(t.probe.began).toEqual([]);
});
