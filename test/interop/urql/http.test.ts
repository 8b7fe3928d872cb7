// urql over HTTP against our endpoint: queries and mutations by POST and GET, answers in parts, and subscriptions as server-sent
// events (`fetchSubscriptions`). The exchange for persisted documents is a package of its own: what it sends is here by hand.

import { createHash } from 'node:crypto';
import {
  type AnyVariables,
  Client,
  type ClientOptions,
  createRequest,
  fetchExchange,
  makeOperation,
  type OperationResult,
  stringifyDocument,
} from '@urql/core';
import { describe, expect, test } from 'vitest';
import { pipe, subscribe } from 'wonka';
import type { ServerOptions } from '../../../src/server/index.js';
import type { ServerWorld } from '../../../src/server/server.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { deferredQuery, startDeferringServer } from '../server/support/deferring-server.js';
import { startMovingServer } from '../server/support/moving-server.js';
import { seenFetch } from '../server/support/seen-fetch.js';

const hello = 'query Hello($name: String) { hello(name: $name) }';

type Options = Partial<Pick<ClientOptions, 'preferGetMethod'>>;

function startUrql(url: string, options: Options = {}) {
  const { fetch, sent } = seenFetch();
  const preferGetMethod = options.preferGetMethod ?? false;
  const urql = new Client({ url, fetch, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod });
  return { urql, sent };
}

async function start(server: Partial<ServerOptions> = {}, options: Options = {}, world: ServerWorld = {}) {
  const t = await startOurServer(server, world);
  return { ...t, ...startUrql(t.url, options) };
}

interface Watched {
  readonly results: OperationResult[];
  stop(): void;
}

function watch(urql: Client, query: string, variables: AnyVariables = {}): Watched {
  const results: OperationResult[] = [];
  const { unsubscribe } = pipe(
    urql.subscription(query, variables),
    subscribe((result) => results.push(result)),
  );
  return { results, stop: unsubscribe };
}

/** The results of a subscription, once it has ended by itself. The last one says that, and repeats the one before. */
async function ended({ results }: Watched): Promise<OperationResult[]> {
  await until(() => results.at(-1)?.hasNext === false);
  return results.slice(0, -1);
}

describe("urql's fetchExchange", () => {
  test('sends queries and mutations by POST, and is answered in the media type that it names first', async () => {
    const { urql, sent } = await start();
    expect((await urql.query(hello, { name: 'Ada' })).data).toEqual({ hello: 'Hello Ada' });
    expect((await urql.mutation('mutation { add(amount: 2) }', {})).data).toEqual({ add: 2 });
    expect(sent.map(({ method, answer }) => [method, answer])).toEqual(
      Array(2).fill(['POST', { status: 200, contentType: 'application/graphql-response+json; charset=utf-8' }]),
    );
  });

  test.each([true, 'force', 'within-url-limit'] as const)(
    'with preferGetMethod %s sends queries by GET, and mutations by POST',
    async (preferGetMethod) => {
      const { urql, sent } = await start({}, { preferGetMethod });
      const name = 'Zoë & 木村';
      expect((await urql.query(hello, { name })).data).toEqual({ hello: `Hello ${name}` });
      expect((await urql.mutation('mutation { add(amount: 2) }', {})).data).toEqual({ add: 2 });
      expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    },
  );

  test.each([
    ['asks for an unknown field', '{ nothing }', {}, /Cannot query field "nothing"/],
    ['lacks a variable', 'query ($n: Int!) { huge(bytes: $n) }', {}, /"\$n" of required type/],
    ['has a wrong variable', 'query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
  ])(
    'reads the errors of a query that %s out of the answer with status 400',
    async (_what, query, variables, message) => {
      const { urql, sent } = await start();
      const { error } = await urql.query(query, variables);
      expect(error?.networkError).toBeUndefined();
      expect(error?.graphQLErrors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
      expect(sent[0]?.answer?.status).toBe(400);
    },
  );

  test('has data and masked errors together, and what a resolver threw stays on the server', async () => {
    const { urql, failures } = await start({ development: false });
    const { data, error } = await urql.query('{ hello fails }', {});
    expect(data).toEqual({ hello: 'Hello world', fails: null });
    expect(error?.graphQLErrors).toMatchObject([
      { message: 'Internal server error', path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: 'It failed' } }]);
  });

  test('gives up a query at the server as well', async () => {
    const { urql, probe, server } = await start();
    const { unsubscribe } = pipe(
      urql.query('{ slow(gate: "never") }', {}),
      subscribe(() => {}),
    );
    await until(() => probe.began.length === 1);
    unsubscribe();
    await until(() => server.stats().operations === 0);
  });

  test('has an answer in parts part by part', async () => {
    const t = await startDeferringServer();
    const { urql, sent } = startUrql(t.url);
    const results: OperationResult[] = [];
    pipe(
      urql.query(deferredQuery, {}),
      subscribe((result) => results.push(result)),
    );
    await until(() => results.length === 1);
    expect(results[0]).toMatchObject({ data: { hello: 'Hello' }, hasNext: true });
    t.open();
    await until(() => results.at(-1)?.hasNext === false);
    expect(results.at(-1)?.data).toEqual({ hello: 'Hello', late: 'At last' });
    expect(sent[0]?.answer?.contentType).toBe('text/event-stream; charset=utf-8');
  });
});

describe('documents that urql names instead of sending them', () => {
  test('by their hashes are found once their text was sent', async () => {
    const { urql, sent } = await start();
    const text = stringifyDocument(createRequest(hello, {}).query);
    const sha256Hash = createHash('sha256').update(text).digest('hex');
    const ask = (miss: boolean) =>
      urql.executeQuery(createRequest(hello, { name: 'Ada' }, { persistedQuery: { version: 1, sha256Hash, miss } }), {
        requestPolicy: 'network-only',
      });
    expect((await ask(false)).error?.graphQLErrors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    expect((await ask(true)).data).toEqual({ hello: 'Hello Ada' });
    expect((await ask(false)).data).toEqual({ hello: 'Hello Ada' });
    expect(sent.map(({ body }) => Object.hasOwn(body as object, 'query'))).toEqual([false, true, false]);
  });

  test('by their ids are run where the server keeps them', async () => {
    const { url, urql } = await start({
      documents: { find: (id) => (id === 'Hello-1' ? hello : undefined), only: true },
    });
    const { fetch, sent } = seenFetch();
    const document = { kind: 'Document', definitions: [], documentId: 'Hello-1' } as const;
    const request = createRequest(document as never, { name: 'Ada' });
    const operation = makeOperation('query', request, { url, fetch, requestPolicy: 'network-only' });
    expect((await urql.executeRequestOperation(operation)).data).toEqual({ hello: 'Hello Ada' });
    expect(sent[0]?.body).toMatchObject({ documentId: 'Hello-1', variables: { name: 'Ada' } });
  });
});

describe('a subscription of urql over server-sent events', () => {
  test('has every event in its order, and its end', async () => {
    const { urql, sent, server } = await start();
    const results = await ended(watch(urql, 'subscription ($to: Int!) { count(to: $to) }', { to: 100 }));
    expect(results.map(({ data }) => data?.count)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(sent.map(({ method, answer }) => [method, answer?.contentType])).toEqual([
      ['POST', 'text/event-stream; charset=utf-8'],
    ]);
    await until(() => server.stats().operations === 0 && server.stats().sources === 0);
  });

  test('hears nothing of the signs of life in between', async () => {
    const timers = new ManualTimers();
    const { urql, probe } = await start({ keepAliveMs: 1_000 }, {}, { timers });
    const watched = watch(urql, 'subscription { gated(gate: "g") }');
    await until(() => watched.results.length === 1);
    for (let second = 0; second < 5; second++) timers.advance(1_000);
    probe.open('g');
    expect((await ended(watched)).map(({ data }) => data?.gated)).toEqual([1, 2]);
  });

  test('that is left closes its source', async () => {
    const { urql, probe, server } = await start();
    const watched = watch(urql, 'subscription { forever(name: "f") }');
    await until(() => watched.results.length === 1);
    watched.stop();
    await until(() => probe.finalised.includes('f') && server.stats().operations === 0);
  });

  test('whose source fails has its events, then the errors', async () => {
    const { urql } = await start();
    const results = await ended(watch(urql, 'subscription { throwsAfterTwo }'));
    expect(results.slice(0, 2).map(({ data }) => data?.throwsAfterTwo)).toEqual([1, 2]);
    expect(results[2]?.error?.graphQLErrors).toMatchObject([{ message: 'Source broke' }]);
  });

  test('that cannot run has the errors', async () => {
    const { urql } = await start();
    const watched = watch(urql, 'subscription { nothing }');
    await until(() => watched.results.length > 0);
    expect(watched.results[0]?.error?.graphQLErrors).toMatchObject([{ message: expect.stringContaining('"nothing"') }]);
  });

  test('that is cut by a drain looks ended to it, and a new one finds the next server', async () => {
    const moving = await startMovingServer();
    const { urql } = startUrql(moving.url);
    const query = 'subscription { forever(name: "f") }';
    const watched = watch(urql, query);
    await until(() => watched.results.length === 1);
    await moving.leave();
    // Its reader asks for no `complete`, and nothing that we could write would make it take this for an interruption.
    expect(await ended(watched)).toHaveLength(1);
    expect(watched.results.every(({ error }) => error === undefined)).toBe(true);
    const again = watch(urql, query);
    await until(() => again.results.some(({ data }) => data?.forever === 1));
    expect(moving.next.server.stats().sources).toBe(1);
    again.stop();
  });
});
