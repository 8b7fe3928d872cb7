// The end of a client: what runs may finish within the grace, nothing new begins, and no socket is left.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/index.js';
import { clientFor, get, patience, send, sent } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

test('what runs is answered, what waits is not sent, nothing new begins, and every socket is closed', async () => {
  const answers: (() => void)[] = [];
  const server = await httpServer((_request, response) => void answers.push(() => response.end('ok')));
  const client = await clientFor(server.url, { connections: 1 });
  const running = send(client);
  const waiting = send(client);
  await expect.poll(() => answers.length, patience).toBe(1);
  const closed = client.close(10_000);
  const late = send(client);
  answers[0]?.();
  await closed;
  expect(running.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
  for (const { told, failure } of [waiting, late]) {
    expect(told).toEqual(['failed aborted']);
    expect(failure).toMatchObject({ phase: 'close', delivery: 'not-sent' });
  }
  await expect.poll(() => server.open.size, patience).toBe(0);
});

test('what is not answered within the grace is told nothing any more', async () => {
  const clock = new VirtualClock();
  const server = await bareServer(() => {});
  const client = await clientFor(server.url, {}, clock);
  const all = [send(client), send(client, { ...get, longLived: true })];
  await expect.poll(() => server.open.size, patience).toBe(2);
  let closed = false;
  const closing = client.close(1_000).then(() => {
    closed = true;
  });
  await clock.advance(999);
  expect(closed).toBe(false);
  await clock.advance(1);
  await closing;
  await expect.poll(() => server.open.size, patience).toBe(0);
  for (const { told } of all) expect(told).toEqual(['sending']);
});

test('a client at rest is closed at once, as often as anybody likes', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const client = await clientFor(server.url, {}, new VirtualClock());
  await sent(client);
  await Promise.all([client.close(1_000), client.close(1_000)]);
  await client.close(0);
  client.destroy();
  await expect.poll(() => server.open.size, patience).toBe(0);
});

test('destroy ends a close that waits, and what is in progress is told nothing', async () => {
  const server = await bareServer(() => {});
  const client = await clientFor(server.url, {}, new VirtualClock());
  const told = send(client);
  const refused = send(client, { headers: { 'x broken': '1' } });
  const closing = client.close(1_000);
  client.destroy();
  await closing;
  await expect.poll(() => server.open.size, patience).toBe(0);
  expect(told.told.filter((what) => what !== 'sending')).toEqual([]);
  expect(refused.told).toEqual([]);
});

test('what is still connecting is left behind by nobody', async () => {
  // TLS to a server that says nothing.
  const server = await bareServer(() => {});
  const client = await clientFor(`https://127.0.0.1:${server.port}/graphql`, {}, new VirtualClock());
  const told = send(client);
  await expect.poll(() => server.open.size, patience).toBe(1);
  client.destroy();
  await expect.poll(() => server.open.size, patience).toBe(0);
  expect(told.told).toEqual([]);
});
