// Close means closed: what waits is refused, what is in flight may be answered, subscriptions end in order, and then nothing
// is left, neither here nor at the server.

import { describe, expect, test } from 'vitest';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import type { SessionOptions } from '../../../src/session/options.js';
import { createSession } from '../../../src/session/session.js';
import { holdsOperations, neverAcks, neverUpgrades, refusesUpgrade } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import type { ScriptedServer } from '../../../src/testing/scripted-server.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Credentials } from '../../../src/transport/contract.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startJournal, startProxy, startScripted, startSession } from './support/starting.js';
import { isSettled, reached, rejection, statesOf, turns, until } from './support/waiting.js';

/** A session under a clock that stands still: a timer that is left would show. */
async function start(script: Script | readonly Script[] = [], options: Partial<SessionOptions> = {}) {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ script });
  const session = startSession({ transport: webSocket(server.url), clock, ...options });
  return { clock, server, session };
}

describe.each(dialects)('close() over %s', (dialect) => {
  test('lets calls in flight be answered, refuses what waits at once, and says goodbye to the server', async () => {
    const held = holdsOperations({ matching: ({ operationName }) => operationName === 'flying' });
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ subprotocols: [dialect], script: held });
    const session = startSession({ transport: webSocket(server.url), clock, maxInFlight: 1 });
    const flying = session.execute('mutation flying { ok }');
    await server.received('start');
    const queued = rejection(session.execute('{ ok }'));
    const states = statesOf(session);
    const closed = session.close();
    expect(await queued).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent', attempts: 0 });
    expect(await rejection(session.execute('{ ok }'))).toBeInstanceOf(SessionClosedError);
    expect(await isSettled(closed)).toBe(false);
    held.release();
    expect(await flying).toEqual({ ok: true });
    await closed;
    expect(states.map(({ status }) => status)).toEqual(['ready', 'closing', 'closing', 'closed']);
    expect(await server.connections[0]?.ended).toMatchObject({ code: 1000 });
    const farewells = server.connections[0]?.received.filter(({ meaning }) => meaning.type === 'terminate');
    expect(farewells).toHaveLength(dialect === 'graphql-ws' ? 1 : 0);
    expect(session.operations).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('fails calls that are in flight when the grace ends, and says that their outcome is unknown', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ subprotocols: [dialect], script: holdsOperations() });
    const session = startSession({ transport: webSocket(server.url), clock });
    const flying = rejection(session.execute('mutation { ok }'));
    await server.received('start');
    const closed = session.close({ graceMs: 2_000 });
    await clock.advance(1_999);
    expect(await isSettled(flying)).toBe(false);
    await clock.advance(1);
    expect(await flying).toMatchObject({ name: 'SessionClosedError', delivery: 'unknown', attempts: 1 });
    await closed;
    expect(clock.pending).toBe(0);
    // The server was told to stop before the connection was closed.
    expect(server.connections[0]?.received.map(({ meaning }) => meaning.type)).toContain('stop');
  });

  test('ends subscriptions normally, after their buffered events', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url), clock });
    const slow = session.subscribe('subscription slow { n }');
    const waiting = session.subscribe('subscription waiting { n }').next();
    await server.received('start', { count: 2 });
    server.publish({ data: { n: 1 } });
    server.publish({ data: { n: 2 } });
    expect(await waiting).toMatchObject({ value: { data: { n: 1 } } });
    await session.ping();
    await session.close();
    const seen: unknown[] = [];
    for await (const event of slow) seen.push(event.type === 'data' ? event.data : event.type);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('close() resolves, twice as well, and leaves nothing', () => {
  const hanging = (): Promise<Credentials> => new Promise(() => {});
  const moments: [
    string,
    Script,
    Partial<SessionOptions>,
    (session: ReturnType<typeof createSession>, server: ScriptedServer) => Promise<unknown>,
  ][] = [
    ['at once, before anything happened', {}, {}, async () => {}],
    ['while a provider is asked for credentials', {}, { credentials: hanging }, () => turns(5)],
    ['while the upgrade hangs', neverUpgrades(), {}, (_session, server) => until(() => server.upgrades === 1)],
    ['while the acknowledgement does not come', neverAcks(), {}, (_session, server) => server.received('init')],
    ['while it waits for the next attempt', refusesUpgrade(), {}, (session) => reached(session, 'waiting')],
    ['while it is ready', {}, {}, (session) => session.ready()],
    ['after it failed', refusesUpgrade({ status: 404 }), {}, (session) => reached(session, 'failed')],
  ];

  test.each(moments)('%s', async (_moment, script, options, moment) => {
    const { clock, server, session } = await start(script, options);
    await moment(session, server);
    const waiting = Promise.allSettled([
      session.ready(),
      session.execute('{ ok }', {}, { signal: AbortSignal.abort() }),
    ]);
    await Promise.all([session.close(), session.close({ graceMs: 0 })]);
    await session.close();
    await waiting;
    expect(session.state).toEqual({ status: 'closed' });
    expect(session.operations).toBe(0);
    expect(clock.pending).toBe(0);
    await Promise.all(server.connections.map(({ ended }) => ended));
    const { upgrades } = server;
    await turns(20);
    expect(server.upgrades).toBe(upgrades);
  });
});

test('whoever waits for the session learns at once that it was closed', async () => {
  const { session } = await start(neverAcks());
  const ready = rejection(session.ready());
  const call = rejection(session.execute('{ ok }'));
  const mutation = rejection(session.execute('mutation { ok }'));
  const events = session.subscribe('subscription { n }').next();
  void session.close();
  expect(await ready).toBeInstanceOf(SessionClosedError);
  expect(await call).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent' });
  expect(await mutation).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent' });
  expect(await events).toEqual({ done: true, value: undefined });
});

test('a closed session refuses calls, subscriptions, pings and waits at once, and stays closed', async () => {
  const { server, session } = await start();
  await session.ready();
  await session.close();
  expect(await rejection(session.execute('{ ok }'))).toMatchObject({
    name: 'SessionClosedError',
    code: 'session-closed',
  });
  expect(await rejection(session.subscribe('subscription { n }').next())).toBeInstanceOf(SessionClosedError);
  expect(await rejection(session.ready())).toBeInstanceOf(SessionClosedError);
  expect(await rejection(session.ping())).toMatchObject({ name: 'ConnectError' });
  session.reconnect();
  await turns(20);
  expect(session.state).toEqual({ status: 'closed' });
  expect(server.upgrades).toBe(1);
});

test('close() right after a call has failed throws nothing', async () => {
  const script: Script = { operation: (operation) => operation.connection.drop() };
  const { session } = await start(script, { retry: { execute: false, connect: { delayMs: () => 1 } } });
  for (const document of ['{ ok }', 'mutation { ok }']) {
    await rejection(session.execute(document, {}, { deadlineMs: Number.POSITIVE_INFINITY }));
    if (document === '{ ok }') session.reconnect();
  }
  await session.close();
  expect(session.state).toEqual({ status: 'closed' });
});

test('a mutation on the way whose connection breaks while the session closes is reported at once, and never sent again', async () => {
  const { server, session } = await start(holdsOperations());
  const flying = rejection(session.execute('mutation { ok }'));
  await server.received('start');
  const closed = session.close();
  server.connections[0]?.drop();
  expect(await flying).toMatchObject({ name: 'SessionClosedError', delivery: 'unknown' });
  await closed;
  expect(server.executions).toHaveLength(1);
  expect(server.upgrades).toBe(1);
});

test('a peer that does not answer the goodbye is cut off after a second', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startJournal();
  const proxy = await startProxy(server);
  const session = startSession({ transport: webSocket(proxy.url('ws', '/graphql')), clock });
  await session.ready();
  proxy.halfOpen();
  const closed = session.close();
  await clock.advance(999);
  expect(await isSettled(closed)).toBe(false);
  await clock.advance(1);
  await closed;
  expect(clock.pending).toBe(0);
});

test('leaving the block of an "await using" closes the session', async () => {
  const server = await startScripted();
  {
    await using session = createSession({ transport: webSocket(server.url) });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
  }
  await until(() => server.connections[0]?.end !== undefined);
  expect(server.connections[0]?.end).toMatchObject({ code: 1000 });
});
