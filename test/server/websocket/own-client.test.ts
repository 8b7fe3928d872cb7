import { describe, expect, test } from 'vitest';
import { createSession } from '../../../src/connect.js';
import type { ConnectContext } from '../../../src/server/hook-types.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, until } from '../support/serving.js';
import { dialects } from './support/peer.js';

test('a session outlives its credentials on one socket: it brings new ones before they expire', async () => {
  const asked: string[] = [];
  const onConnect = ({ connectionParams, reason, expireAt }: ConnectContext): void => {
    asked.push(`${reason} ${connectionParams?.token}`);
    expireAt(Number(connectionParams?.until));
  };
  // Both sides have time of their own, which passes when the test says so: a slow machine renews no later.
  const timers = new ManualTimers();
  const clock = new VirtualClock(Date.now());
  await using t = await startServer({ onConnect, keepAliveMs: 0 }, { timers });
  let token = 0;
  const credentials = () => {
    token += 1;
    const until = clock.now() + (token === 1 ? 60_000 : 3_600_000);
    return { connectionParams: { token, until }, expiresAt: until };
  };
  const session = createSession({ transport: webSocket(t.ws), credentials, clock, liveness: false });
  try {
    const events = session.subscribe('subscription { gated(gate: "g") }')[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { gated: 1 } } });
    await clock.advance(50_000);
    await until(() => asked.length > 1);
    expect(asked).toEqual(['connect 1', 'reauthenticate 2']);
    // The hook has told the new expiry by now; the first one passes.
    timers.advance(120_000);
    t.probe.open('g');
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { gated: 2 } } });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  } finally {
    const closed = session.close({ graceMs: 0 });
    await Promise.all([closed, clock.advance(5_000)]);
  }
});

describe.each(dialects)('%s', (subprotocol) => {
  test('a session is told before its server leaves, and gets the answers that it waits for', async () => {
    await using t = await startServer();
    const session = createSession({ transport: webSocket(t.ws, { protocols: [subprotocol] }) });
    const notices: string[] = [];
    session.on('connection', ({ type }) => void notices.push(type));
    try {
      const answer = session.execute('{ slow(gate: "g") }');
      await until(() => t.probe.began.includes('slow'));
      const drained = t.server.drain({ spreadMs: 0, deadlineMs: 20_000 });
      await until(() => notices.includes('going-away'));
      expect(notices).not.toContain('ended');
      t.probe.open('g');
      expect(await answer).toEqual({ slow: 'after g' });
      await drained;
      await until(() => notices.includes('ended'));
    } finally {
      await session.close();
    }
  });
});
