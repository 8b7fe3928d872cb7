// A stream that many requests share takes its place when it is reserved, because operations may begin on it before anybody comes
// for it: otherwise a hundred of them on each of any number of reservations would count nowhere.

import { expect, test } from 'vitest';
import { ManualTimers } from '../support/manual-timers.js';
import { nothing, startServer, until } from '../support/serving.js';
import { StreamClient } from '../support/stream-client.js';

const header = 'x-graphql-event-stream-token';

test('of one principal, as many streams may be reserved as it may have connections', async () => {
  const timers = new ManualTimers();
  await using t = await startServer({ limits: { connectionsPerPrincipal: 2 } }, { timers });
  const reserve = () => fetch(t.url, { method: 'PUT' });
  const token = await (await reserve()).text();
  expect((await reserve()).status).toBe(201);
  const refused = await reserve();
  expect([refused.status, await refused.text()]).toEqual([
    429,
    expect.stringContaining('limits.connectionsPerPrincipal'),
  ]);

  const stream = await StreamClient.open(t.url, {
    method: 'GET',
    headers: { accept: 'text/event-stream', [header]: token },
  });
  expect(stream.status).toBe(200);
  // The one that nobody came for is given up, the open one keeps its place until its client goes.
  timers.advance(10_000);
  expect((await reserve()).status).toBe(201);
  expect((await reserve()).status).toBe(429);
  stream.leave();
  await until(() => t.server.stats().operations === 0);
  await expect.poll(async () => (await reserve()).status, { timeout: 20_000 }).toBe(201);
  expect(t.server.stats()).toMatchObject(nothing);
});

test('of all, as many as there may be connections', async () => {
  await using t = await startServer({ limits: { connections: 1 } });
  expect((await fetch(t.url, { method: 'PUT' })).status).toBe(201);
  expect((await fetch(t.url, { method: 'PUT' })).status).toBe(503);
});
