// Apollo Client's links over HTTP against our endpoint: POST, GET, batches, answers in parts, and how errors reach its callers.
// Over WebSocket it is held against our server beside the client that it stands on, that of graphql-ws or the legacy one, whose
// link (`@apollo/client/link/ws`) is still in this version.

import { type ApolloClient, type ApolloLink, gql, HttpLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { rejection, until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { deferredQuery, startDeferringServer } from '../server/support/deferring-server.js';
import { type SeenFetch, seenFetch } from '../server/support/seen-fetch.js';
import { startApollo } from './support/apollo.js';

const hello = gql('query Hello($name: String) { hello(name: $name) }');
const add = gql('mutation Add($amount: Int!) { add(amount: $amount) }');

type MakeLink = (at: { readonly uri: string; readonly fetch: typeof fetch }) => ApolloLink;

interface Started extends Pick<SeenFetch, 'sent'> {
  readonly apollo: ApolloClient;
}

async function start(options: Partial<ServerOptions> = {}, makeLink: MakeLink = (at) => new HttpLink(at)) {
  const t = await startOurServer(options);
  const { fetch, sent } = seenFetch();
  return { ...t, sent, apollo: startApollo(makeLink({ uri: t.url, fetch })) };
}

/** Every query at once, each under its own name. */
function askAll({ apollo }: Started, names: readonly string[]): Promise<readonly unknown[]> {
  return Promise.all(names.map(async (name) => (await apollo.query({ query: hello, variables: { name } })).data));
}

describe("Apollo Client's HttpLink", () => {
  test('sends queries and mutations by POST, and is answered in the media type that it prefers', async () => {
    const { apollo, sent } = await start();
    expect((await apollo.query({ query: hello, variables: { name: 'Ada' } })).data).toEqual({ hello: 'Hello Ada' });
    expect((await apollo.mutate({ mutation: add, variables: { amount: 2 } })).data).toEqual({ add: 2 });
    expect(sent.map(({ method, answer }) => [method, answer])).toEqual(
      Array(2).fill(['POST', { status: 200, contentType: 'application/graphql-response+json; charset=utf-8' }]),
    );
  });

  test('sends queries by GET where it is told to, and mutations by POST', async () => {
    const { apollo, sent } = await start({}, (at) => new HttpLink({ ...at, useGETForQueries: true }));
    const name = 'Zoë & 木村';
    expect((await apollo.query({ query: hello, variables: { name } })).data).toEqual({ hello: `Hello ${name}` });
    expect((await apollo.mutate({ mutation: add, variables: { amount: 2 } })).data).toEqual({ add: 2 });
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test.each([
    ['asks for an unknown field', '{ nothing }', {}, /Cannot query field "nothing"/],
    ['lacks a variable', 'query ($n: Int!) { huge(bytes: $n) }', {}, /"\$n" of required type/],
    ['has a wrong variable', 'query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
  ])(
    'reads the errors of a query that %s out of the answer with status 400',
    async (_what, query, variables, message) => {
      const { apollo, sent } = await start();
      const error = await rejection(apollo.query({ query: gql(query), variables }));
      expect(error).toBeInstanceOf(CombinedGraphQLErrors);
      expect(error).toMatchObject({ errors: [{ message: expect.stringMatching(message) }] });
      expect(sent[0]?.answer?.status).toBe(400);
    },
  );

  test('has data and masked errors together, and what a resolver threw stays on the server', async () => {
    const { apollo, failures } = await start({ development: false });
    const { data, error } = await apollo.query({ query: gql('{ hello fails }'), errorPolicy: 'all' });
    expect(data).toEqual({ hello: 'Hello world', fails: null });
    expect(error).toBeInstanceOf(CombinedGraphQLErrors);
    expect(error).toMatchObject({
      errors: [{ message: 'Internal server error', path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(JSON.stringify(error)).not.toContain('It failed');
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: 'It failed' } }]);
  });

  test('gives up a query at the server as well', async () => {
    const { apollo, probe, server } = await start();
    const query = gql('query ($gate: String!) { slow(gate: $gate) }');
    const controller = new AbortController();
    const context = { fetchOptions: { signal: controller.signal } };
    const answer = rejection(apollo.query({ query, variables: { gate: 'never' }, context }));
    await until(() => probe.began.length === 1);
    controller.abort();
    expect(await answer).toMatchObject({ name: 'AbortError' });
    await until(() => server.stats().operations === 0);
  });

  test('is told by a server that drains that another one should be asked', async () => {
    const { apollo, server } = await start();
    await server.drain({ spreadMs: 0 });
    expect(await rejection(apollo.query({ query: hello }))).toMatchObject({
      errors: [{ message: expect.stringContaining('another one'), extensions: { code: 'SHUTTING_DOWN' } }],
    });
  });
});

describe("Apollo Client's BatchHttpLink", () => {
  const batches: MakeLink = (at) => new BatchHttpLink({ ...at, batchInterval: 5, batchMax: 10 });

  test('sends what is asked for at once as one list, and gives each its own answer', async () => {
    const t = await start({ batching: true }, batches);
    const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
    expect(await askAll(t, names)).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
    expect(t.sent.map(({ body }) => (body as readonly unknown[]).length)).toEqual([10]);
  });

  test('fails one of a list alone', async () => {
    const t = await start({ batching: true }, batches);
    const bad = rejection(t.apollo.query({ query: gql('{ nothing }') }));
    expect(await askAll(t, ['Ada'])).toEqual([{ hello: 'Hello Ada' }]);
    expect(await bad).toMatchObject({ errors: [{ message: expect.stringContaining('"nothing"') }] });
    expect(t.sent).toHaveLength(1);
  });

  test.each([
    ['is longer than the server takes', { batching: 2 }],
    ['comes where batches are off', {}],
  ])('is told the option where a list %s', async (_what, options) => {
    const t = await start(options, batches);
    // Its own error counts answers, and carries ours.
    expect(await rejection(askAll(t, ['a', 'b', 'c']))).toMatchObject({
      result: [{ errors: [{ message: expect.stringContaining('option "batching"') }] }],
    });
    expect(t.probe.began).toEqual([]);
  });
});

describe.each([
  ['of the format of 2022', new Defer20220824Handler(), 'multipart/mixed; boundary="-"; deferSpec=20220824'],
  ['of the current format', new GraphQL17Alpha9Handler(), 'multipart/mixed; boundary="-"; incrementalSpec=v0.2'],
])('an answer in parts %s', (_format, handler, contentType) => {
  test("reaches Apollo Client's HttpLink part by part", async () => {
    const t = await startDeferringServer();
    const { fetch, sent } = seenFetch();
    const apollo = startApollo(new HttpLink({ uri: t.url, fetch }), handler);
    const seen: unknown[] = [];
    const watching = apollo.watchQuery({ query: gql(deferredQuery) }).subscribe(({ data, dataState }) => {
      seen.push([dataState, data]);
    });
    await until(() => seen.some((one) => JSON.stringify(one).includes('Hello')));
    expect(seen.at(-1)).toMatchObject(['streaming', { hello: 'Hello' }]);
    t.open();
    await until(() => JSON.stringify(seen.at(-1)).includes('At last'));
    expect(seen.at(-1)).toMatchObject(['complete', { hello: 'Hello', late: 'At last' }]);
    watching.unsubscribe();
    expect(sent.map(({ answer }) => answer?.contentType)).toEqual([contentType]);
  });
});
