import { describe, expect, test } from 'vitest';
import { createSession } from '../../../src/connect.js';
import type { ConnectContext } from '../../../src/server/hook-types.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { startServer, until } from '../support/serving.js';
import { dialects } from './support/peer.js';

test('a session outlives its credentials on one socket: it brings new ones before they expire', async () => {
  const asked: string[] = [];
  const onConnect = ({ connectionParams, reason, expireAt }: ConnectContext): void => {
    asked.push(`${reason} ${connectionParams?.token}`);
    expireAt(Number(connectionParams?.until));
  };
  await using t = await startServer({ onConnect });
  let token = 0;
  let firstExpiry = 0;
  const credentials = () => {
    token += 1;
    // The first ones are short, those that replace them are not.
    const until = Date.now() + (token === 1 ? 800 : 60_000);
    if (token === 1) firstExpiry = until;
    return { connectionParams: { token, until }, expiresAt: until };
  };
  const session = createSession({ transport: webSocket(t.ws), credentials });
  try {
    const events = session.subscribe('subscription { gated(gate: "g") }')[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { gated: 1 } } });
    await until(() => Date.now() > firstExpiry + 100);
    expect(asked).toEqual(['connect 1', 'reauthenticate 2']);
    t.probe.open('g');
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { gated: 2 } } });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  } finally {
    await session.close();
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
      const drained = t.server.drain({ spreadMs: 0, deadlineMs: 5_000 });
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
