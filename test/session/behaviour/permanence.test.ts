// A session survives what the network does to it: connections that are cut, reset, half-open, stalled or refused between a
// real client and a real server. Whatever can be invisible to callers is.

import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { SessionOptions } from '../../../src/session/options.js';
import { closesBeforeAck, dropsOnOperation, refusesUpgrade } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startJournal, startProxy, startScripted, startSession } from './support/starting.js';
import { isSettled, reached, readyAgain, rejection, statesOf, until } from './support/waiting.js';

/** A session over a fault proxy to the real server, ready. */
async function connected(
  options: Partial<SessionOptions> & { readonly dialect?: (typeof dialects)[number] } = {},
  serverOptions: Partial<ServerOptions> = {},
) {
  const { dialect = 'graphql-transport-ws', ...sessionOptions } = options;
  const server = await startJournal(serverOptions);
  const proxy = await startProxy(server);
  const transport = webSocket(proxy.url('ws', '/graphql'), { protocols: [dialect] });
  const session = startSession({ transport, ...sessionOptions });
  await session.ready();
  return { server, proxy, session };
}

describe.each(dialects)('over %s', (dialect) => {
  test.each(['cut', 'reset'] as const)(
    'a %s is healed: idle, with a query on the way, with a subscription',
    async (fault) => {
      const { server, proxy, session } = await connected({ dialect });
      proxy[fault]();
      await readyAgain(session, 2);

      const call = session.execute('{ held(text: "a") }');
      await until(() => server.held === 1);
      proxy[fault]();
      await readyAgain(session, 3);
      await until(() => server.held === 2);
      server.release();
      expect(await call).toEqual({ held: 'a' });

      const numbers = session.subscribe('subscription { numbers }');
      await until(() => server.subscriptions.started === 1);
      server.publish(1);
      expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 1 } } });
      proxy[fault]();
      await until(() => server.subscriptions.started === 2 && server.subscriptions.running === 1);
      server.publish(2);
      server.publish(3);
      expect(await numbers.next()).toMatchObject({ value: { type: 'gap', gap: { reason: 'connection-lost' } } });
      expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 2 } } });
      expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 3 } } });
      expect(await session.execute('{ echo(text: "after") }')).toEqual({ echo: 'after' });
    },
  );

  test('a connection delivered byte by byte works like any other', async () => {
    const server = await startJournal();
    const proxy = await startProxy(server);
    proxy.split(1);
    const transport = webSocket(proxy.url('ws', '/graphql'), { protocols: [dialect] });
    const session = startSession({ transport });
    await session.ready();
    const numbers = session.subscribe('subscription { numbers }');
    await until(() => server.subscriptions.running === 1);
    server.publish(7);
    expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 7 } } });
    expect(await session.execute('mutation { add(key: "a") }')).toEqual({ add: 1 });
    expect(await session.execute('query ($t: String!) { echo(text: $t) }', { t: 'ä€😀' })).toEqual({ echo: 'ä€😀' });
    expect(session.state).toMatchObject({ generation: 1 });
  });

  test('a server that accepts, closes before its acknowledgement once and is then healthy is reached at the second attempt', async () => {
    for (const on of ['open', 'init'] as const) {
      const server = await startScripted({
        subprotocols: [dialect],
        script: closesBeforeAck({ times: 1, code: 1012, on }),
      });
      const session = startSession({ transport: webSocket(server.url) });
      await session.ready();
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
      expect(server.connections).toHaveLength(2);
    }
  });
});

describe.each([
  ['a connection that became half-open', (proxy: Faults) => proxy.halfOpen()],
  ['a connection on which nothing arrives any more', (proxy: Faults) => proxy.stall('down')],
  ['a connection on which nothing is taken any more', (proxy: Faults) => proxy.stall('up')],
] as const)('%s', (_name, break_) => {
  test('is noticed within the bounds of liveness and replaced, without anybody calling', async () => {
    const clock = new VirtualClock(1_000_000);
    const { server, proxy, session } = await connected({ clock, liveness: { silenceMs: 1_000, answerMs: 1_000 } });
    const numbers = session.subscribe('subscription { numbers }');
    await until(() => server.subscriptions.started === 1);
    server.publish(1);
    expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 1 } } });
    break_(proxy);
    await clock.advance(2_000);
    expect(await reached(session, 'waiting')).toMatchObject({ cause: { code: 'silent' } });
    proxy.resume();
    await clock.advance(1);
    await readyAgain(session, 2);
    await until(() => server.subscriptions.started === 2);
    server.publish(2);
    expect(await numbers.next()).toMatchObject({ value: { type: 'gap' } });
    expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 2 } } });
  });
});

type Faults = Awaited<ReturnType<typeof startProxy>>;

describe('While there is no connection', () => {
  test('calls wait and run once afterwards, whoever made them; a mutation is executed exactly once', async () => {
    const { server, proxy, session } = await connected();
    proxy.refuse();
    proxy.cut();
    await reached(session, 'waiting');
    const mutation = session.result('mutation { add(key: "a") }');
    const queries = Array.from({ length: 50 }, (_, i) =>
      session.execute('query ($t: String!) { echo(text: $t) }', { t: `${i}` }),
    );
    const numbers = session.subscribe('subscription { numbers }');
    await until(() => proxy.refused >= 3);
    expect(await isSettled(mutation)).toBe(false);
    proxy.accept();
    expect(await mutation).toMatchObject({ data: { add: 1 }, meta: { attempts: 1 } });
    expect(await Promise.all(queries)).toEqual(Array.from({ length: 50 }, (_, i) => ({ echo: `${i}` })));
    expect(server.journal).toEqual(['a']);
    expect(server.queries).toHaveLength(50);
    // It was never live before, so it has missed nothing: no gap.
    server.publish(1);
    expect(await numbers.next()).toMatchObject({ value: { type: 'data', data: { numbers: 1 } } });
  });

  test('a mutation on the way when the connection broke is not sent again, and says that its outcome is unknown', async () => {
    const { server, proxy, session } = await connected({}, { idempotency: false });
    const mutation = rejection(session.execute('mutation { addHeld(key: "a") }'));
    await until(() => server.held === 1);
    proxy.cut();
    const error = await mutation;
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ delivery: 'unknown', retryable: false, attempts: 1 });
    await readyAgain(session, 2);
    expect(await session.execute('mutation { add(key: "b") }')).toEqual({ add: 2 });
    expect(server.journal).toEqual(['a', 'b']);
  });

  test('each call waits within its own deadline: an outage of 20 s is invisible to one with 60 s', async () => {
    const clock = new VirtualClock(1_000_000);
    const retry = { connect: { delayMs: () => 4_000 } };
    const { server, proxy, session } = await connected({ clock, retry, liveness: false });
    proxy.refuse();
    proxy.cut();
    await reached(session, 'waiting');
    const patient = session.execute('{ echo(text: "patient") }', {}, { deadlineMs: 60_000 });
    const hasty = rejection(session.execute('mutation { add(key: "hasty") }', {}, { deadlineMs: 15_000 }));
    for (let attempt = 1; attempt <= 4; attempt++) {
      await clock.advance(4_000);
      await reached(session, 'waiting', (state) => state.attempt > attempt);
    }
    const error = await hasty;
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({
      delivery: 'not-sent',
      attempts: 0,
      deadlineMs: 15_000,
      failure: { code: 'network' },
    });
    proxy.accept();
    await clock.advance(4_000);
    expect(await patient).toEqual({ echo: 'patient' });
    expect(clock.now()).toBe(1_020_000);
    expect(server.journal).toEqual([]);
  });

  test('a wait is cut short by reconnect(), and only a wait', async () => {
    const clock = new VirtualClock(1_000_000);
    const retry = { connect: { delayMs: () => 60_000 } };
    const { proxy, session } = await connected({ clock, retry });
    proxy.cut();
    await reached(session, 'waiting');
    session.reconnect();
    await readyAgain(session, 2);
    expect(clock.now()).toBe(1_000_000);
    session.reconnect();
    session.reconnect();
    expect(await session.execute('{ echo(text: "a") }')).toEqual({ echo: 'a' });
    expect(session.state).toMatchObject({ generation: 2 });
    expect(proxy.accepted).toBe(2);
  });
});

test('callers of a session whose server is not up yet wait until it is', async () => {
  const server = await startJournal();
  const proxy = await startProxy(server);
  proxy.refuse();
  const session = startSession({ transport: webSocket(proxy.url('ws', '/graphql')) });
  const call = session.execute('{ echo(text: "a") }');
  const ready = session.ready();
  await until(() => proxy.refused >= 3);
  proxy.accept();
  await ready;
  expect(await call).toEqual({ echo: 'a' });
});

test('an idle session is connected again within the first step of the backoff, 500 ms', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startJournal();
  const proxy = await startProxy(server);
  const transport = webSocket(proxy.url('ws', '/graphql'));
  const session = startSession({ transport, clock, retry: undefined, random: () => 0.999_999 });
  await session.ready();
  proxy.cut();
  const { until: nextAttemptAt } = await reached(session, 'waiting');
  expect(nextAttemptAt - clock.now()).toBeLessThanOrEqual(500);
  await clock.advance(500);
  await readyAgain(session, 2);
});

test('a query whose connection drops again and again while it is on the way is answered at last', async () => {
  const server = await startScripted({ script: dropsOnOperation({ times: 4 }) });
  const session = startSession({ transport: webSocket(server.url) });
  const { data, meta } = await session.result('{ ok }');
  expect(data).toEqual({ ok: true });
  expect(meta).toMatchObject({ attempts: 5, generation: 5 });
});

test('a server that asks for time at the upgrade is given it: no attempt before Retry-After', async () => {
  for (const status of [429, 503]) {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({
      script: refusesUpgrade({ status, headers: { 'Retry-After': '7' }, times: 1 }),
    });
    const session = startSession({ transport: webSocket(server.url), clock });
    const call = session.execute('{ ok }');
    expect(await reached(session, 'waiting')).toMatchObject({
      until: 1_007_000,
      cause: { code: 'http-status', status },
    });
    await clock.advance(6_999);
    expect(server.upgrades).toBe(1);
    await clock.advance(1);
    expect(await call).toEqual({ ok: true });
  }
});

test('what a program sees of an outage are states, one after the other', async () => {
  const { proxy, session } = await connected();
  const states = statesOf(session);
  proxy.cut();
  await readyAgain(session, 2);
  expect(states).toMatchObject([
    { status: 'ready', generation: 1, retiring: [], liveness: 'ping' },
    { status: 'waiting', attempt: 1, cause: { code: 'closed', closeCode: 1006 } },
    { status: 'connecting', generation: 2 },
    { status: 'ready', generation: 2 },
  ]);
});

test('an answer that comes just before the server closes the connection reaches its caller', async () => {
  const script: Script = {
    operation: async (operation, proceed) => {
      await proceed();
      operation.connection.close(1012, 'restarting');
    },
  };
  const server = await startScripted({ script });
  const session = startSession({ transport: webSocket(server.url) });
  const { data, meta } = await session.result('mutation { ok }');
  expect(data).toEqual({ ok: true });
  expect(meta).toMatchObject({ attempts: 1, generation: 1 });
  await readyAgain(session, 2);
});
