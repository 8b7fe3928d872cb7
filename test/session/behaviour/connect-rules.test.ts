// Rules about connecting: how long to wait and how often to try, the backoff, and the end of a session that gives up.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { jitter } from '../../../src/session/retry.js';
import { connect } from '../../../src/session/session.js';
import { closesBeforeAck, refusesUpgrade } from '../../../src/testing/index.js';
import { seededRandom } from '../../../src/testing/seeded-random.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Failure } from '../../../src/transport/contract.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { startScripted, startSession } from './support/starting.js';
import { reached, readyAgain, rejection } from './support/waiting.js';

const unavailable = (times?: number) => refusesUpgrade({ status: 503, times });

/** Lets the next `count` attempts fail, and gives the waits before them. */
async function waits(session: ReturnType<typeof startSession>, clock: VirtualClock, count: number): Promise<number[]> {
  const seen: number[] = [];
  let failures = 0;
  while (seen.length < count) {
    const state = await reached(session, 'waiting', ({ attempt }) => attempt !== failures);
    failures = state.attempt;
    seen.push(state.until - clock.now());
    if (seen.length < count) await clock.advance(state.until - clock.now());
  }
  return seen;
}

describe('The backoff', () => {
  test('waits a random time up to a bound that doubles, 500 ms at first and 60 s at most', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ script: unavailable() });
    const session = startSession({ transport: webSocket(server.url), clock, retry: undefined, random: () => 0.5 });
    expect(await waits(session, clock, 10)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  test('differs from session to session, so that a restarted server is not stormed', async () => {
    const all: number[][] = [];
    for (let seed = 1; seed <= 5; seed++) {
      const clock = new VirtualClock(1_000_000);
      const server = await startScripted({ script: unavailable() });
      const random = seededRandom(seed);
      const session = startSession({ transport: webSocket(server.url), clock, retry: undefined, random });
      all.push(await waits(session, clock, 4));
    }
    for (const step of [0, 1, 2, 3]) {
      expect(new Set(all.map((each) => each[step])).size).toBe(5);
      for (const each of all) expect(each[step]).toBeLessThanOrEqual(500 * 2 ** step);
    }
  });

  test('takes an own maximum, of five minutes for instance', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ script: unavailable() });
    const retry = { connect: { delayMs: jitter({ capMs: 300_000 }) } };
    const session = startSession({ transport: webSocket(server.url), clock, retry, random: () => 1 });
    const seen = await waits(session, clock, 12);
    expect(seen.slice(0, 3)).toEqual([500, 1_000, 2_000]);
    expect(seen.slice(-3)).toEqual([256_000, 300_000, 300_000]);
  });

  test('goes on after a connection that lived for less than 10 s, and begins anew after one that lived longer', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted();
    const session = startSession({
      transport: webSocket(server.url),
      clock,
      retry: undefined,
      liveness: false,
      random: () => 0.5,
    });
    const drop = async (): Promise<number> => {
      server.connections.at(-1)?.drop();
      const { until } = await reached(session, 'waiting');
      const waitMs = until - clock.now();
      await clock.advance(waitMs);
      await reached(session, 'ready');
      return waitMs;
    };
    await session.ready();
    expect(await drop()).toBe(250);
    expect(await drop()).toBe(500);
    await clock.advance(9_999);
    expect(await drop()).toBe(1_000);
    await clock.advance(10_000);
    expect(await drop()).toBe(250);
  });
});

describe('A bounded rule', () => {
  test('that is used up ends in failed: connect rejects with the last failure and the attempts, later calls at once', async () => {
    const server = await startScripted({ script: unavailable() });
    const session = startSession({
      transport: webSocket(server.url),
      retry: { connect: { attempts: 3, delayMs: () => 1 } },
    });
    const waiting = rejection(session.execute('{ ok }'));
    const error = await rejection(session.ready());
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: 'http-status', status: 503, attempts: 3, retryable: false });
    expect(await waiting).toMatchObject({ name: 'ConnectError', attempts: 3, status: 503 });
    expect(session.state).toMatchObject({ status: 'failed', attempts: 3, cause: { code: 'http-status' } });
    expect(await rejection(session.execute('{ ok }'))).toBeInstanceOf(ConnectError);
    expect(await rejection(session.subscribe('subscription { n }').next())).toBeInstanceOf(ConnectError);
    expect(await rejection(session.ready())).toBeInstanceOf(ConnectError);
    expect(server.upgrades).toBe(3);
  });

  test('that is used up after a loss fails the session too, and is not a silent death', async () => {
    const server = await startScripted();
    const session = startSession({
      transport: webSocket(server.url),
      retry: { connect: { attempts: 3, delayMs: () => 1 } },
    });
    await session.ready();
    const events = session.subscribe('subscription { n }');
    await server.received('start');
    server.use(unavailable());
    server.connections[0]?.drop();
    expect(await reached(session, 'failed')).toMatchObject({ cause: { status: 503 } });
    expect(await rejection(events.next())).toBeInstanceOf(ConnectError);
  });

  test('is left behind by reconnect()', async () => {
    const server = await startScripted({ script: unavailable(2) });
    const session = startSession({
      transport: webSocket(server.url),
      retry: { connect: { attempts: 2, delayMs: () => 1 } },
    });
    await reached(session, 'failed');
    session.reconnect();
    const call = session.execute('{ ok }');
    expect(await call).toEqual({ ok: true });
  });
});

describe('No rule at all', () => {
  test('makes the first attempt the only one: connect rejects', async () => {
    const server = await startScripted({ script: closesBeforeAck() });
    const error = await rejection(connect({ transport: webSocket(server.url), retry: { connect: false } }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ attempts: 1, closeCode: 1011 });
    expect(server.upgrades).toBe(1);
  });

  test.each([
    ['young', 0],
    ['stable for long', 60_000],
  ])('makes the first connection the only one: when it is lost, %s, the session has failed', async (_age, livedMs) => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted();
    const retry = { connect: false } as const;
    const session = startSession({ transport: webSocket(server.url), clock, retry, liveness: false });
    await session.ready();
    await clock.advance(livedMs);
    server.connections[0]?.drop();
    expect(await reached(session, 'failed')).toMatchObject({ cause: { code: 'closed', closeCode: 1006 } });
    expect(await rejection(session.execute('{ ok }'))).toBeInstanceOf(ConnectError);
    expect(server.upgrades).toBe(1);
    session.reconnect();
    await readyAgain(session, 2);
  });
});

describe('A verdict of the program', () => {
  test('may give up on what the tables would try again', async () => {
    const verdict = ({ closeReason }: Failure) => (closeReason === 'gone for good' ? 'fail' : undefined);
    const server = await startScripted({ script: closesBeforeAck({ code: 1001, reason: 'gone for good' }) });
    const session = startSession({
      transport: webSocket(server.url),
      retry: { connect: { verdict, delayMs: () => 1 } },
    });
    expect(await reached(session, 'failed')).toMatchObject({ attempts: 1, cause: { closeCode: 1001 } });
  });

  test('may try again what the tables would give up', async () => {
    const server = await startScripted({ script: refusesUpgrade({ status: 404, times: 2 }) });
    const session = startSession({
      transport: webSocket(server.url),
      retry: { connect: { verdict: () => 'retry', delayMs: () => 1 } },
    });
    await session.ready();
    expect(server.upgrades).toBe(3);
  });
});
