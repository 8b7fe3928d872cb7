// The client of subscriptions-transport-ws and a server of ours that leaves: its connection is closed when nothing runs any more,
// and the client comes back to the next server with its subscriptions.

import { describe, expect, test } from 'vitest';
import type { ConnectContext } from '../../../src/server/index.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { theirClient } from '../subscriptions-transport-ws/support/their-client.js';
import { startMovingServer } from './support/moving-server.js';

const forever = { query: 'subscription { forever(name: "f") }' };

describe('when our server drains, the client of subscriptions-transport-ws', () => {
  test('has its connection closed with 1012, and goes on with the next server', async () => {
    const moving = await startMovingServer();
    const client = theirClient(moving.ws, { reconnect: true });
    const runs = [client.run(forever), client.run(forever)];
    await until(() => runs.every(({ events }) => events.length === 1));
    const closed = client.closed();
    await moving.leave();
    expect(await closed).toEqual({ code: 1012, reason: 'The server is shutting down' });
    await until(() => runs.every(({ events }) => events.length === 2));
    expect(moving.old.probe.finalised).toEqual(['f', 'f']);
    expect(moving.next.server.stats()).toMatchObject({ connections: 1, operations: 2, sources: 2 });
  });

  test('has the answer to a query that runs before that', async () => {
    const moving = await startMovingServer();
    const client = theirClient(moving.ws, { reconnect: true });
    const query = client.run({ query: '{ slow(gate: "g") }' });
    await until(() => moving.old.probe.began.length === 1);
    const left = moving.leave();
    moving.old.probe.open('g');
    expect(await query.ended).toBeUndefined();
    expect(query.events).toEqual([{ data: { slow: 'after g' } }]);
    await left;
    const next = client.run({ query: '{ hello }' });
    expect(await next.ended).toBeUndefined();
    expect(next.events).toEqual([{ data: { hello: 'Hello world' } }]);
  });

  test('that does not reconnect is left with nothing, and so is the server', async () => {
    const moving = await startMovingServer();
    const client = theirClient(moving.ws);
    const run = client.run(forever);
    await until(() => run.events.length === 1);
    const closed = client.closed();
    await moving.leave();
    expect(await closed).toMatchObject({ code: 1012 });
    expect(moving.old.server.stats()).toMatchObject({ connections: 0, operations: 0, sources: 0 });
    expect(moving.next.server.stats().connections).toBe(0);
  });
});

test('credentials that have ended close with 4403, after which it comes back with fresh parameters', async () => {
  const timers = new ManualTimers();
  const tokens: unknown[] = [];
  const onConnect = ({ connectionParams, expireAt }: ConnectContext): void => {
    tokens.push(connectionParams?.token);
    expireAt(Date.now() + 1_000);
  };
  const t = await startOurServer({ onConnect }, { timers });
  let token = 0;
  const client = theirClient(t.ws, { reconnect: true, connectionParams: () => ({ token: ++token }) });
  const run = client.run(forever);
  await until(() => run.events.length === 1);
  const closed = client.closed();
  timers.advance(1_000);
  expect(await closed).toMatchObject({ code: 4403 });
  await until(() => run.events.length === 2);
  expect(tokens).toEqual([1, 2]);
});
