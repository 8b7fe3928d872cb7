// The client of graphql-sse against our server, in distinct connections mode and in single connection mode: what it runs, how it
// leaves, and how it comes back after a drain.

import { type Client, type ClientOptions, createClient, type RequestParams } from 'graphql-sse';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import type { ServerWorld } from '../../../src/server/server.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { startMovingServer } from '../server/support/moving-server.js';
import { seenFetch } from '../server/support/seen-fetch.js';

const modes = [
  ['distinct connections mode', false],
  ['single connection mode', true],
] as const;

const forever = 'subscription { forever(name: "f") }';

interface TheirClient {
  readonly client: Client<boolean>;
  /** The method of each of its requests, in order. */
  methods(): readonly string[];
}

/** It does not wait before it tries again. */
function theirClient(
  url: string,
  singleConnection: boolean,
  options: Partial<ClientOptions<boolean>> = {},
): TheirClient {
  const { fetch, sent } = seenFetch();
  const client = createClient<boolean>({
    url,
    singleConnection,
    fetchFn: fetch,
    retry: () => new Promise((resolve) => setImmediate(resolve)),
    ...options,
  });
  onTestFinished(() => client.dispose());
  return { client, methods: () => sent.map(({ method }) => method) };
}

async function start(singleConnection: boolean, options: Partial<ServerOptions> = {}, world: ServerWorld = {}) {
  const t = await startOurServer(options, world);
  return { ...t, ...theirClient(t.url, singleConnection) };
}

interface Run {
  readonly results: unknown[];
  /** Completed, or what its sink was given. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

function run({ client }: Pick<TheirClient, 'client'>, request: string | RequestParams): Run {
  const results: unknown[] = [];
  let stop = (): void => {};
  const ended = new Promise<unknown>((resolve) => {
    stop = client.subscribe(typeof request === 'string' ? { query: request } : request, {
      next: (result) => results.push(result),
      error: resolve,
      complete: () => resolve('complete'),
    });
  });
  return { results, ended, stop: () => stop() };
}

describe.each(modes)('the client of graphql-sse in %s', (_name, single) => {
  test('runs queries, mutations and subscriptions, and has the end of each', async () => {
    const t = await start(single);
    const query = { query: 'query Hello($name: String) { hello(name: $name) }', variables: { name: 'Zoë 木村' } };
    const add = run(t, 'mutation { add(amount: 2) }');
    const count = run(t, 'subscription { count(to: 300) }');
    const hello = run(t, query);
    for (const { ended } of [hello, add, count]) expect(await ended).toBe('complete');
    expect(hello.results).toEqual([{ data: { hello: 'Hello Zoë 木村' } }]);
    expect(add.results).toEqual([{ data: { add: 2 } }]);
    expect(count.results).toEqual(Array.from({ length: 300 }, (_, i) => ({ data: { count: i + 1 } })));
    expect(t.methods()).toEqual(single ? ['PUT', 'GET', 'POST', 'POST', 'POST'] : ['POST', 'POST', 'POST']);
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
  });

  test('has the errors of one event beside its data, and those of a source at its end', async () => {
    const t = await start(single, { development: false });
    const oneBad = run(t, 'subscription { oneBadEvent }');
    expect(await oneBad.ended).toBe('complete');
    expect(oneBad.results).toMatchObject([
      { data: { oneBadEvent: 1 } },
      { data: { oneBadEvent: null }, errors: [{ message: 'Internal server error', path: ['oneBadEvent'] }] },
      { data: { oneBadEvent: 3 } },
    ]);
    const broken = run(t, 'subscription { throwsAfterTwo }');
    expect(await broken.ended).toBe('complete');
    expect(broken.results).toMatchObject([
      { data: { throwsAfterTwo: 1 } },
      { data: { throwsAfterTwo: 2 } },
      { errors: [{ message: 'Internal server error' }] },
    ]);
  });

  test('hears nothing of the signs of life in between', async () => {
    const timers = new ManualTimers();
    const t = await start(single, { keepAliveMs: 1_000 }, { timers });
    const { results, ended } = run(t, 'subscription { gated(gate: "g") }');
    await until(() => results.length === 1);
    for (let second = 0; second < 5; second++) timers.advance(1_000);
    t.probe.open('g');
    expect(await ended).toBe('complete');
    expect(results).toEqual([{ data: { gated: 1 } }, { data: { gated: 2 } }]);
  });

  test('leaves a subscription, and its source is closed', async () => {
    const t = await start(single);
    const [left, kept] = [run(t, forever), run(t, 'subscription { forever(name: "kept") }')];
    await until(() => left.results.length === 1 && kept.results.length === 1);
    left.stop();
    await until(() => t.server.stats().operations === 1 && t.server.stats().sources === 1);
    expect(t.probe.finalised).toEqual(['f']);
    expect(t.methods().filter((method) => method === 'DELETE')).toHaveLength(single ? 1 : 0);
  });

  test('is disposed of, and nothing is left on the server', async () => {
    const t = await start(single);
    const all = [run(t, forever), run(t, '{ slow(gate: "never") }')];
    await until(() => all[0]?.results.length === 1 && t.probe.began.includes('slow'));
    t.client.dispose();
    await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
  });

  test('goes on with the next server when its own one drains', async () => {
    const moving = await startMovingServer();
    const client = theirClient(moving.url, single, { retryAttempts: 100 });
    const running = run(client, forever);
    await until(() => running.results.length === 1);
    await moving.leave();
    await until(() => running.results.length === 2);
    expect(running.results).toEqual(Array(2).fill({ data: { forever: 1 } }));
    expect(moving.old.probe.finalised).toEqual(['f']);
    expect(moving.old.server.stats()).toMatchObject({ operations: 0, sources: 0 });
    expect(moving.next.server.stats()).toMatchObject({ operations: 1, sources: 1 });
  });

  test('has the answer to a query that runs while its server drains', async () => {
    const moving = await startMovingServer();
    const slow = run(theirClient(moving.url, single), '{ slow(gate: "g") }');
    await until(() => moving.old.probe.began.length === 1);
    const left = moving.leave();
    moving.old.probe.open('g');
    expect(await slow.ended).toBe('complete');
    expect(slow.results).toEqual([{ data: { slow: 'after g' } }]);
    await left;
    expect(moving.next.probe.began).toEqual([]);
  });

  test('tries again while it is refused with 503, and then says so', async () => {
    const t = await startOurServer();
    await t.server.drain({ spreadMs: 0 });
    const client = theirClient(t.url, single, { retryAttempts: 3 });
    expect(await run(client, '{ hello }').ended).toMatchObject({ response: { status: 503 } });
    expect(client.methods()).toHaveLength(4);
  });
});

test('the client of graphql-sse that is not lazy reserves its stream at once, and keeps it when it has no operation', async () => {
  const t = await startOurServer();
  const client = theirClient(t.url, true, { lazy: false });
  await until(() => client.methods().length === 2);
  for (let i = 0; i < 3; i++) expect(await run(client, '{ hello }').ended).toBe('complete');
  expect(client.methods()).toEqual(['PUT', 'GET', 'POST', 'POST', 'POST']);
});

describe('an operation that cannot run', () => {
  test.each([
    ['is no GraphQL', '{ hello', /Syntax Error/],
    ['asks for an unknown field', 'subscription { nothing }', /Cannot query field "nothing"/],
    ['has no source', 'subscription { throwsAtOnce }', /No source/],
  ])('because it %s has its errors and its end in distinct connections mode', async (_what, query, message) => {
    const t = await start(false);
    const { results, ended } = run(t, query);
    expect(await ended).toBe('complete');
    expect(results).toEqual([{ errors: [expect.objectContaining({ message: expect.stringMatching(message) })] }]);
    expect(t.methods()).toEqual(['POST']);
  });

  // The protocol has the errors in an answer with 400, as its own server does. Its client takes that for a failure of the network,
  // sends the operation again as often as it may, and then names the status, with a body that cannot be read any more.
  test.each([
    ['is no GraphQL', '{ hello'],
    ['asks for an unknown field', 'subscription { nothing }'],
  ])(
    'because it %s is refused with 400 in single connection mode, which that client asks for again',
    async (_what, query) => {
      const t = await startOurServer();
      const client = theirClient(t.url, true, { retryAttempts: 2 });
      expect(await run(client, query).ended).toMatchObject({ response: { status: 400 } });
      expect(client.methods().filter((method) => method === 'POST')).toHaveLength(3);
      await until(() => t.server.stats().operations === 0);
    },
  );
});
