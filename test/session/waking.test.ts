// Back from sleep, back online, back in front of its user: the session looks after its connection at once.

import { describe, expect, test } from 'vitest';
import { Liveness } from '../../src/session/liveness.js';
import { WakeWatch } from '../../src/session/wake.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { closedWith } from './support/failures.js';
import { makeSession, readySession } from './support/harness.js';

describe('after a sleep of the machine', () => {
  test('the peer is pinged within seconds, and given its time to answer', async () => {
    const { connection, clock, session } = await readySession();
    await clock.advance(1_000);
    clock.sleep(3_600_000);
    await clock.advance(4_000);
    expect([connection.pings.length, connection.ended]).toEqual([1, undefined]);
    connection.pong();
    await clock.advance(10_000);
    expect([session.state.status, connection.ended]).toEqual(['ready', undefined]);
  });

  test('a peer that went away meanwhile is found out 5 s after the ping', async () => {
    const { connection, clock } = await readySession();
    await clock.advance(1_000);
    clock.sleep(3_600_000);
    await clock.advance(9_000);
    expect(connection.ended).toMatchObject({ how: 'terminate', closure: { reason: 'silent' } });
  });

  test('a ping that was out when the machine fell asleep proves nothing: the peer is asked anew', async () => {
    const { connection, clock } = await readySession();
    await clock.advance(16_000);
    expect(connection.pings).toHaveLength(1);
    clock.sleep(60_000);
    await clock.advance(4_999);
    expect([connection.pings.length, connection.ended]).toEqual([2, undefined]);
  });

  test('a session that waits tries again at once', async () => {
    const { session, clock, connection, transport } = await readySession({
      retry: { connect: { delayMs: () => 60_000 } },
    });
    connection.lose();
    await clock.advance(1_000);
    expect([session.state.status, transport.opens.length]).toEqual(['waiting', 1]);
    clock.sleep(3_600_000);
    await clock.advance(4_000);
    expect([session.state.status, transport.opens.length]).toEqual(['connecting', 2]);
  });

  test('a pause that the server asked for holds, by the clock on the wall', async () => {
    const failure = { ...closedWith(1013), retryAfterMs: 100_000 };
    const { session, clock, connection, transport } = await readySession();
    connection.lose(failure);
    await clock.advance(1_000);
    clock.sleep(50_000);
    await clock.advance(48_000);
    expect([session.state.status, transport.opens.length]).toEqual(['waiting', 1]);
    await clock.advance(1_000);
    expect(transport.opens).toHaveLength(2);
  });

  test('short delays of a busy program are no sleep', async () => {
    const { connection, clock } = await readySession();
    clock.sleep(4_000);
    await clock.advance(9_000);
    expect(connection.pings).toHaveLength(0);
  });
});

test('a peer that can only be listened to has time for a sign of life before it is judged', () => {
  const liveness = new Liveness({ silenceMs: 15_000, answerMs: 5_000 }, 0);
  for (const at of [0, 10_000]) {
    liveness.heard(at);
    liveness.keepAlive(at);
  }
  expect(liveness.check(10_000, 'keep-alive')).toEqual({ type: 'wait', ms: 30_000 });
  expect(liveness.check(3_600_000, 'keep-alive')).toEqual({ type: 'wait', ms: 5_000 });
  expect(liveness.check(3_605_000, 'keep-alive').type).toBe('dead');
});

test('a page whose timers are always late, as a hidden one, finds a dead peer at the second look', () => {
  const liveness = new Liveness({ silenceMs: 15_000, answerMs: 5_000 }, 0);
  liveness.check(0, 'ping');
  expect(liveness.check(60_000, 'ping').type).toBe('ask');
  expect(liveness.check(120_000, 'ping')).toEqual({ type: 'dead', silentMs: 120_000 });
});

test('a pool has no connection that could die unnoticed: nothing is asked, and no timer is left', async () => {
  const { connection, clock, session } = await readySession({ connection: { kind: 'pool' } });
  await clock.advance(10_000);
  expect([clock.pending, session.state]).toMatchObject([0, { status: 'ready', liveness: 'none' }]);
  await clock.advance(100_000);
  expect(connection.pings).toHaveLength(0);
});

describe('no timer of the watch is left', () => {
  test('when the session gave up', async () => {
    const { session, refuse, clock } = makeSession();
    await refuse({ code: 'tls', phase: 'connect', message: 'self-signed' });
    expect([session.state.status, clock.pending]).toEqual(['failed', 0]);
  });

  test('when it was closed', async () => {
    const { session, clock } = await readySession();
    await session.close();
    expect(clock.pending).toBe(0);
  });
});

describe("a browser's events", () => {
  class Page extends EventTarget {
    readonly document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
    shown(visibilityState: string): void {
      Object.assign(this.document, { visibilityState });
      this.document.dispatchEvent(new Event('visibilitychange'));
    }
  }

  function watched(): { page: Page; count: () => number; watch: WakeWatch } {
    const page = new Page();
    let woken = 0;
    const watch = new WakeWatch(new VirtualClock(), () => void woken++, page);
    watch.start();
    return { page, watch, count: () => woken };
  }

  test('"online" wakes', () => {
    const { page, count } = watched();
    page.dispatchEvent(new Event('online'));
    expect(count()).toBe(1);
  });

  test('a page that is shown wakes, one that is hidden does not', () => {
    const { page, count } = watched();
    page.shown('hidden');
    expect(count()).toBe(0);
    page.shown('visible');
    expect(count()).toBe(1);
  });

  test('a watch that was stopped hears nothing', () => {
    const { page, count, watch } = watched();
    watch.stop();
    page.dispatchEvent(new Event('online'));
    page.shown('visible');
    expect(count()).toBe(0);
  });

  test('started twice, it hears once', () => {
    const { page, count, watch } = watched();
    watch.start();
    page.dispatchEvent(new Event('online'));
    expect(count()).toBe(1);
  });
});
