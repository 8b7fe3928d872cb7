// Relay's environment and network layer against our server: queries and mutations over HTTP, subscriptions over the client of
// graphql-ws and over our own session.

import { commitMutation, type Environment, fetchQuery, requestSubscription, type Variables } from 'relay-runtime';
import { describe, expect, test, vi } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { startSession } from '../../session/behaviour/support/starting.js';
import { rejection, until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { startPeerClient } from '../graphql-ws/support/peer-client.js';
import { startMovingServer } from '../server/support/moving-server.js';
import { seenFetch } from '../server/support/seen-fetch.js';
import { artifact } from './support/artifacts.js';
import { environment, overGraphqlWs, overHttp, overSession } from './support/environment.js';

const texts = {
  'hello-1': 'query HelloQuery($name: String) { hello(name: $name) }',
  'slow-1': 'query SlowQuery($gate: String!) { slow(gate: $gate) }',
  'add-1': 'mutation AddMutation($amount: Int!) { add(amount: $amount) }',
  'count-1': 'subscription CountSubscription($to: Int!) { count(to: $to) }',
  'forever-1': 'subscription ForeverSubscription($name: String!) { forever(name: $name) }',
};
const find = (id: string): string | undefined => texts[id as keyof typeof texts];

/** The operations as Relay's compiler writes them: with their texts, or with ids where documents are persisted. */
function operations(written: 'text' | 'id') {
  const document = (id: keyof typeof texts) => (written === 'text' ? { text: texts[id] } : { id });
  return {
    hello: artifact({
      kind: 'query',
      name: 'HelloQuery',
      field: 'hello',
      argument: 'name',
      document: document('hello-1'),
    }),
    slow: artifact({ kind: 'query', name: 'SlowQuery', field: 'slow', argument: 'gate', document: document('slow-1') }),
    add: artifact({
      kind: 'mutation',
      name: 'AddMutation',
      field: 'add',
      argument: 'amount',
      document: document('add-1'),
    }),
    count: artifact({
      kind: 'subscription',
      name: 'CountSubscription',
      field: 'count',
      argument: 'to',
      document: document('count-1'),
    }),
    forever: artifact({
      kind: 'subscription',
      name: 'ForeverSubscription',
      field: 'forever',
      argument: 'name',
      document: document('forever-1'),
    }),
  };
}

const { hello, slow, add, count, forever } = operations('text');

async function start(options: Partial<ServerOptions> = {}) {
  const t = await startOurServer(options);
  const { fetch, sent } = seenFetch();
  return { ...t, sent, relay: environment(overHttp(t.url, fetch)) };
}

function mutate(relay: Environment, variables: Variables, mutation = add): Promise<unknown> {
  return new Promise((resolve, reject) => {
    commitMutation(relay, {
      mutation,
      variables,
      onCompleted: (response, errors) => resolve({ response, errors }),
      onError: reject,
    });
  });
}

interface Watched {
  readonly events: unknown[];
  readonly ended: Promise<unknown>;
  stop(): void;
}

function watch(relay: Environment, subscription: typeof count, variables: Variables): Watched {
  const events: unknown[] = [];
  let stop = (): void => {};
  const ended = new Promise<unknown>((resolve) => {
    const { dispose } = requestSubscription(relay, {
      subscription,
      variables,
      onNext: (data) => events.push(data),
      onError: resolve,
      onCompleted: () => resolve('complete'),
    });
    stop = dispose;
  });
  return { events, ended, stop: () => stop() };
}

describe("Relay's environment over our HTTP endpoint", () => {
  test('has the answers of queries in its store', async () => {
    const { relay, sent } = await start();
    expect(await fetchQuery(relay, hello, { name: 'Ada' }).toPromise()).toEqual({ hello: 'Hello Ada' });
    expect(relay.getStore().getSource().toJSON()['client:root']).toMatchObject({ 'hello(name:"Ada")': 'Hello Ada' });
    expect(sent[0]).toMatchObject({
      body: { query: texts['hello-1'], operationName: 'HelloQuery', variables: { name: 'Ada' } },
      answer: { status: 200, contentType: 'application/graphql-response+json; charset=utf-8' },
    });
  });

  test('commits mutations', async () => {
    const { relay, probe } = await start();
    expect(await mutate(relay, { amount: 2 })).toEqual({ response: { add: 2 }, errors: null });
    expect(await mutate(relay, { amount: 3 })).toEqual({ response: { add: 5 }, errors: null });
    expect(probe.began).toEqual(['add', 'add']);
  });

  test('fails a query and a mutation that the server refuses with what it said', async () => {
    const { relay, probe } = await start();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const error = await rejection(fetchQuery(relay, hello, { name: 5 }).toPromise());
    expect(error).toMatchObject({
      source: { errors: [{ message: expect.stringMatching(/String cannot represent a non string value/) }] },
    });
    expect(await rejection(mutate(relay, {}))).toMatchObject({ message: expect.stringMatching(/"\$amount"/) });
    vi.restoreAllMocks();
    expect(probe.began).toEqual([]);
  });

  test('shows a mutation the data and the masked errors that came with it', async () => {
    const schema = (await startOurServer()).server.schema;
    const field = schema.getMutationType()?.getFields().add;
    if (field === undefined) throw new Error('The schema has no mutation.');
    field.resolve = () => {
      throw new Error('the password of the database is secret');
    };
    const { relay, failures } = await start({ schema, development: false });
    expect(await mutate(relay, { amount: 2 })).toMatchObject({
      response: { add: null },
      errors: [{ message: 'Internal server error', path: ['add'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: expect.stringContaining('secret') } }]);
  });

  test('runs several queries side by side, each with its own answer', async () => {
    const { relay, probe } = await start();
    const late = fetchQuery(relay, slow, { gate: 'g' }).toPromise();
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const answers = await Promise.all(names.map((name) => fetchQuery(relay, hello, { name }).toPromise()));
    expect(answers).toEqual(names.map((name) => ({ hello: `Hello ${name}` })));
    probe.open('g');
    expect(await late).toEqual({ slow: 'after g' });
  });
});

describe('documents that Relay has persisted', () => {
  const persisted = operations('id');

  test('are run by their ids, over HTTP and over the client of graphql-ws, and nothing else is', async () => {
    const t = await start({ documents: { find, only: true } });
    const { fetch } = seenFetch();
    const relay = environment(overHttp(t.url, fetch), overGraphqlWs(startPeerClient(t.ws)));
    expect(await fetchQuery(relay, persisted.hello, { name: 'Ada' }).toPromise()).toEqual({ hello: 'Hello Ada' });
    expect(await mutate(relay, { amount: 2 }, persisted.add)).toMatchObject({ response: { add: 2 } });
    const { events, ended } = watch(relay, persisted.count, { to: 2 });
    expect(await ended).toBe('complete');
    expect(events).toEqual([{ count: 1 }, { count: 2 }]);
    expect(await rejection(fetchQuery(relay, hello, { name: 'Ada' }).toPromise())).toMatchObject({
      source: { errors: [{ extensions: { code: 'PERSISTED_QUERY_ONLY' } }] },
    });
  });

  test('are run by their ids over our session', async () => {
    const t = await start({ documents: { find, only: true } });
    const session = startSession({ transport: webSocket(t.ws) });
    const relay = environment(overHttp(t.url, fetch), overSession(session));
    const { events, ended } = watch(relay, persisted.count, { to: 2 });
    expect(await ended).toBe('complete');
    expect(events).toEqual([{ count: 1 }, { count: 2 }]);
  });

  test('that the server does not keep are told by their code', async () => {
    const { relay } = await start({ documents: { find: () => undefined } });
    expect(await rejection(fetchQuery(relay, persisted.hello, {}).toPromise())).toMatchObject({
      source: { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
    });
  });
});

describe.each([
  ['the client of graphql-ws', (ws: string) => overGraphqlWs(startPeerClient(ws))],
  ['our session', (ws: string) => overSession(startSession({ transport: webSocket(ws) }))],
])('a subscription of Relay over %s', (_name, over) => {
  const relayOn = ({ url, ws }: { readonly url: string; readonly ws: string }): Environment =>
    environment(overHttp(url, fetch), over(ws));

  test('gives its events in order, and its end', async () => {
    const relay = relayOn(await startOurServer());
    const { events, ended } = watch(relay, count, { to: 3 });
    expect(await ended).toBe('complete');
    expect(events).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
  });

  test('that is disposed of closes its source', async () => {
    const t = await startOurServer();
    const watched = watch(relayOn(t), forever, { name: 'f' });
    await until(() => watched.events.length === 1);
    watched.stop();
    await until(() => t.probe.finalised.includes('f'));
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.server.stats().connections).toBe(1);
  });

  test('that cannot run fails with what the server said', async () => {
    const relay = relayOn(await startOurServer());
    const failed = JSON.stringify(await watch(relay, count, { to: 'x' }).ended, ['errors', 'message', '0']);
    expect(failed).toContain('cannot represent');
  });

  test('goes on with another server when its own one drains', async () => {
    const moving = await startMovingServer();
    const { events } = watch(relayOn(moving), forever, { name: 'f' });
    await until(() => events.length === 1);
    await moving.leave();
    await until(() => events.length === 2);
    expect(moving.old.probe.finalised).toEqual(['f']);
    expect(moving.next.server.stats()).toMatchObject({ connections: 1, sources: 1 });
  });
});
