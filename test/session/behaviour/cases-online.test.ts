// A page that hears that the network is back, on real sockets: a session that waits tries at once, one that is connected asks
// its peer at once, and neither leaves a listener behind.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionNotice } from '../../../src/session/notices.js';
import { refusesUpgrade, VirtualClock } from '../../../src/testing/index.js';
import { countOf, open, openReady } from './support/sessions.js';
import { startProxy, startScripted } from './support/starting.js';
import { reached, readyAgain, turns, until } from './support/waiting.js';

type Listener = () => void;

/** What a browser's global object has, and Node's has not. */
const page = {
  listeners: new Set<Listener>(),
  addEventListener(type: string, listener: Listener): void {
    if (type === 'online') page.listeners.add(listener);
  },
  removeEventListener(_type: string, listener: Listener): void {
    page.listeners.delete(listener);
  },
  online(): void {
    for (const listener of [...page.listeners]) listener();
  },
};

beforeEach(() => {
  const { addEventListener, removeEventListener } = page;
  Object.assign(globalThis, { addEventListener, removeEventListener });
});

afterEach(() => {
  page.listeners.clear();
  for (const name of ['addEventListener', 'removeEventListener']) Reflect.deleteProperty(globalThis, name);
});

test('a session that waits for its next attempt tries at once, and calls that waited are answered', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ script: refusesUpgrade({ status: 502, times: 1 }) });
  const session = open(server, { clock, retry: { connect: { delayMs: () => 60_000 } } });
  const call = session.execute('{ ok }');
  await reached(session, 'waiting');
  page.online();
  expect(await call).toEqual({ ok: true });
  expect([clock.now(), server.upgrades]).toEqual([1_000_000, 2]);
});

test('a pause that the server asked for is kept', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({
    script: refusesUpgrade({ status: 503, headers: { 'Retry-After': '7' }, times: 1 }),
  });
  const session = open(server, { clock });
  await reached(session, 'waiting');
  page.online();
  await clock.advance(6_999);
  await turns(20);
  expect([session.state.status, server.upgrades]).toEqual(['waiting', 1]);
  await clock.advance(1);
  await session.ready();
});

test('a peer that has gone meanwhile is found out within the time for one answer', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted();
  const proxy = await startProxy(server);
  const session = await openReady({ url: proxy.url('ws', '/graphql') }, { clock });
  const notices: ConnectionNotice[] = [];
  session.on('connection', (notice) => notices.push(notice));
  page.online();
  await until(() => notices.some(({ type }) => type === 'pong'));
  proxy.halfOpen();
  page.online();
  await clock.advance(4_999);
  expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  const waiting = reached(session, 'waiting');
  await clock.advance(1);
  expect(await waiting).toMatchObject({ cause: { code: 'silent' } });
  await clock.advance(1);
  await readyAgain(session, 2);
  expect(countOf(server, 'ping')).toBe(1);
});

test('a session that is closed, or has given up, listens no more', async () => {
  const server = await startScripted();
  const session = await openReady(server);
  expect(page.listeners.size).toBe(1);
  await session.close();
  expect(page.listeners.size).toBe(0);
  server.use(refusesUpgrade({ status: 404 }));
  const failing = open(server);
  await reached(failing, 'failed');
  page.online();
  await until(() => failing.state.status === 'failed');
  expect([page.listeners.size, server.upgrades]).toEqual([0, 2]);
});
