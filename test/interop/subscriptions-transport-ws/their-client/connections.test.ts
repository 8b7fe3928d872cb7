// The client of subscriptions-transport-ws against our server: how its connections begin, are refused, live, end, and come
// back by the client's own reconnecting.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConnectionRefused } from '../../../../src/server/index.js';
import { ManualTimers } from '../../../server/support/manual-timers.js';
import { startProxy } from '../../../session/behaviour/support/starting.js';
import { until } from '../../../session/behaviour/support/waiting.js';
import { ourServer } from '../support/our-server.js';
import { theirClient } from '../support/their-client.js';

afterEach(() => {
  vi.useRealTimers();
});

const numbers = { query: 'subscription { numbers }' };
const nothing = { connections: 0, operations: 0, sources: 0 };

describe('our server accepts the client of subscriptions-transport-ws', () => {
  test('with its connection parameters, and hands it what the hook answered', async () => {
    const { url } = await ourServer({ onConnect: ({ connectionParams }) => ({ welcome: connectionParams?.user }) });
    const client = theirClient(url, { connectionParams: async () => ({ user: 'ann' }) });
    const query = client.run({ query: '{ whoami }' });
    expect(await client.next('connected')).toMatchObject({ welcome: 'ann' });
    await query.ended;
    expect(query.events).toEqual([{ data: { whoami: 'ann' } }]);
    expect(client.heard[0]).toMatchObject({ type: 'connection_ack', payload: { welcome: 'ann' } });
  });

  test('and runs what it sent without waiting only after the hook has accepted it', async () => {
    let accept = (): void => {};
    const { url, world, server } = await ourServer({
      onConnect: () =>
        new Promise((resolve) => {
          accept = resolve;
        }),
    });
    const client = theirClient(url);
    const mutation = client.run({ query: 'mutation { add(key: "a") }' });
    await until(() => server.stats().operations === 1);
    expect(world.journal).toEqual([]);
    accept();
    expect(await mutation.ended).toBeUndefined();
    expect(client.heard.map(({ type }) => type)).toEqual(['connection_ack', 'ka', 'data', 'complete']);
    expect(world.journal).toEqual(['a']);
  });
});

describe('our server refuses the client of subscriptions-transport-ws', () => {
  test.each([
    [
      'by the hook',
      () => new ConnectionRefused('No', { payload: { message: 'No', tenant: 7 } }),
      { message: 'No', tenant: 7 },
      0,
    ],
    ['by a failure of the hook', () => new Error('secret'), { message: 'Internal server error' }, 1],
  ])('%s: with a connection_error, then 1011, and runs nothing', async (_how, makeError, payload, reported) => {
    const { url, world, server, endings, failures } = await ourServer({
      onConnect: async () => {
        await until(() => server.stats().operations === 1);
        throw makeError();
      },
    });
    const refusal = new Promise((connectionCallback) => {
      const client = theirClient(url, { connectionCallback });
      client.run({ query: 'mutation { add(key: "a") }' });
    });
    expect(await refusal).toEqual(payload);
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 1011, clean: true, operations: 1 });
    expect(world.journal).toEqual([]);
    expect(failures).toHaveLength(reported);
  });

  test('where its own parameters fail, so that it sends an operation without an init', async () => {
    const { url, world, endings } = await ourServer();
    const client = theirClient(url, {
      connectionParams: () => {
        throw new Error('No parameters');
      },
    });
    client.run({ query: 'mutation { add(key: "a") }' });
    expect(await client.closed()).toEqual({ code: 4401, reason: 'Unauthorized' });
    await until(() => endings.length === 1);
    expect(world.journal).toEqual([]);
  });

  test('where it offers only the subprotocol that came before', async () => {
    const { url, endings } = await ourServer();
    const client = theirClient(url, {}, 'graphql-subscriptions');
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 4406, reason: 'Subprotocol not acceptable' });
    expect(client.heard).toEqual([]);
  });
});

describe('keep-alives of our server', () => {
  test('come right after the acknowledgement and keep a client with its own limit of 30 s, idle or busy', async () => {
    const timers = new ManualTimers();
    const { url, world } = await ourServer({}, { timers });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const client = theirClient(url, { reconnect: true });
    const run = client.run(numbers);
    await until(() => world.subscribers === 1);
    for (let second = 1; second <= 300; second++) {
      timers.advance(1_000);
      // Idle for two and a half minutes, then an event every second.
      if (second > 150) world.publish(second);
      await client.settled();
      vi.advanceTimersByTime(1_000);
    }
    expect(client.sockets).toHaveLength(1);
    expect(client.client.status).toBe(1);
    expect(run.events).toHaveLength(150);
    expect(client.heard.slice(0, 2).map(({ type }) => type)).toEqual(['connection_ack', 'ka']);
  });

  test('that stop let the client go, and it comes back with its subscriptions', async () => {
    const { url, world, endings } = await ourServer();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const client = theirClient(url, { reconnect: true, timeout: 20_000 });
    const run = client.run(numbers);
    await until(() => world.subscribers === 1);
    await client.settled();
    const reconnected = client.next('reconnected');
    vi.advanceTimersByTime(20_000);
    await reconnected;
    await until(() => world.subscribers === 1 && endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 1005, clean: true, operations: 1 });
    world.publish(1);
    await client.settled();
    expect(run.events).toEqual([{ data: { numbers: 1 } }]);
  });
});

describe('the end of a connection of the client of subscriptions-transport-ws', () => {
  test('by its connection_terminate closes every source and is answered with 1000', async () => {
    const { url, world, server, endings } = await ourServer();
    const client = theirClient(url);
    client.run(numbers);
    client.run(numbers);
    await until(() => world.subscribers === 2);
    const closed = client.closed();
    client.client.close();
    await closed;
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 1000, clean: true });
    await until(() => world.subscribers === 0 && server.stats().operations === 0 && server.stats().sources === 0);
    expect(server.stats()).toMatchObject(nothing);
  });

  test('by the network closes every source, and the client goes on where it was when it is back', async () => {
    const { serving, world, server, endings, failures } = await ourServer();
    const proxy = await startProxy(serving);
    const client = theirClient(proxy.url('ws', '/graphql'), { reconnect: true });
    const runs = [client.run(numbers), client.run(numbers), client.run(numbers)];
    await until(() => world.subscribers === 3);
    const reconnected = client.next('reconnected');
    proxy.reset();
    await until(() => endings.length === 1);
    expect(world.subscribers).toBe(0);
    expect(server.stats()).toMatchObject(nothing);
    expect(endings[0]).toMatchObject({ code: 1006, clean: false, operations: 3 });
    await reconnected;
    await until(() => world.subscribers === 3);
    world.publish(7);
    await client.settled();
    expect(runs.map(({ events }) => events)).toEqual(runs.map(() => [{ data: { numbers: 7 } }]));
    expect(failures).toEqual([]);
  });

  test('by a restart of the server is survived too, with new operations', async () => {
    const first = await ourServer();
    const client = theirClient(first.url, { reconnect: true });
    const run = client.run(numbers);
    await until(() => first.world.subscribers === 1);
    const reconnected = client.next('reconnected');
    const closed = client.closed();
    await first.serving.close();
    expect(await closed).toEqual({ code: 1001, reason: 'The server is shutting down' });
    expect(first.server.stats()).toMatchObject(nothing);
    const second = await ourServer({}, {}, first.serving.port);
    await reconnected;
    await until(() => second.world.subscribers === 1);
    second.world.publish(1);
    await client.settled();
    expect(run.events).toEqual([{ data: { numbers: 1 } }]);
    expect(await client.run({ query: '{ echo(text: "a") }' }).ended).toBeUndefined();
  });
});
