import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../../src/protocol/token-bucket.js';
import { RawClient } from '../support/client.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, until } from '../support/serving.js';
import { dialects, fakeServer, type Peer, PlainSocket } from './support/peer.js';

describe('the bucket', () => {
  test('has a burst at once, and then so much per second', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, true, false]);
    expect(bucket.debtMs(0)).toBe(100);
    expect(bucket.take(199)).toBe(false);
    expect(bucket.take(400)).toBe(true);
  });

  test('never holds more than a burst, however long the silence', () => {
    const bucket = new TokenBucket({ perSecond: 1_000, burst: 2 }, 0);
    expect([1, 2, 3].map(() => bucket.take(1_000_000))).toEqual([true, true, false]);
  });

  test('owes nothing for a clock that was set back', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 1 }, 60_000);
    expect([bucket.take(60_000), bucket.take(0), bucket.debtMs(0), bucket.debtMs(100)]).toEqual([true, false, 100, 0]);
  });

  test('is exhausted when a whole burst more was taken than there was', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 2 }, 0);
    const states = [1, 2, 3, 4].map(() => {
      bucket.take(0);
      return bucket.isExhausted;
    });
    expect(states).toEqual([false, false, false, true]);
    expect(bucket.debtMs(0)).toBe(2_000);
    expect(bucket.debtMs(2_000)).toBe(0);
  });
});

describe.each(dialects)('%s: messages per second', (dialect) => {
  const limits = { messagesPerSecond: 10, messageBurst: 5 };

  test('as many as a burst are answered; one more is one error that names the options, and the socket stays', () => {
    const server = fakeServer({ limits });
    // The init is a message, too.
    const peer = server.connect(dialect).init();
    for (let i = 0; i < 4; i++) peer.start();
    expect(peer.types().filter((type) => type === 'error')).toEqual([]);
    const id = peer.start();
    const [error, ...rest] = peer.read();
    expect(rest).toEqual([]);
    expect(error).toMatchObject({ type: 'error', id });
    const [first] = [error?.payload].flat() as { message: string; extensions: object }[];
    expect(first?.message).toContain('"limits.messagesPerSecond" (10)');
    expect(first?.message).toContain('"limits.messageBurst" (5)');
    expect(first?.extensions).toEqual({ code: 'TOO_MANY_MESSAGES' });
    expect(peer.closes).toEqual([]);
    expect(server.limited()).toEqual({ 'limits.messagesPerSecond': 1 });
    expect(server.core.counters.operations).toBe(0);

    server.core.timers.advance(200);
    peer.start();
    expect(peer.types()).toContain('complete');
  });

  test('who stays below the rate may go on for ever', () => {
    const server = fakeServer({ limits });
    const peer = server.connect(dialect).init();
    for (let i = 0; i < 100; i++) {
      server.core.timers.advance(100);
      peer.start();
    }
    expect(peer.types()).not.toContain('error');
  });

  test('a stop is heard however many messages came before it', () => {
    const server = fakeServer({ limits }, () => new Promise(() => {}));
    const peer = server.connect(dialect).init();
    const id = peer.start();
    for (let i = 0; i < 6; i++) peer.send({ type: 'pong' });
    peer.stop(id);
    expect(server.core.counters.operations).toBe(0);
    expect(peer.closes).toEqual([]);
  });

  test('who goes on for another burst is not read until what was too much is made up for', () => {
    const server = fakeServer({ limits });
    const peer = server.connect(dialect).init();
    for (let i = 0; i < 8; i++) peer.start();
    expect(peer.socket.paused).toBe(false);
    peer.start();
    expect(peer.socket.paused).toBe(true);
    // What the socket had received already still comes.
    peer.start();
    server.core.timers.advance(500);
    expect(peer.socket.paused).toBe(true);
    server.core.timers.advance(99);
    expect(peer.socket.paused).toBe(true);
    server.core.timers.advance(1);
    expect(peer.socket.paused).toBe(false);
    expect(peer.closes).toEqual([]);
    peer.read();
    server.core.timers.advance(100);
    peer.start();
    expect(peer.types()).toContain('complete');
  });

  test('the end of a connection that is not read lets its close frame be read', () => {
    const server = fakeServer({ limits });
    const peer = server.connect(dialect).init();
    for (let i = 0; i < 9; i++) peer.start();
    expect(peer.socket.paused).toBe(true);
    peer.events.binary();
    expect(peer.socket.paused).toBe(false);
    peer.events.closed(1006, '', undefined);
    expect(server.core.timers.armed).toBe(0);
  });

  test('where a socket cannot be held back, who goes on for another burst is closed with 1013', () => {
    const server = fakeServer({ limits });
    const socket = new PlainSocket();
    const peer: Peer = server.connect(dialect, socket as never).init();
    for (let i = 0; i < 8; i++) peer.start();
    expect(socket.closes).toEqual([]);
    peer.start();
    peer.start();
    expect(socket.closes).toEqual([{ code: 1013, reason: 'Too many messages: "limits.messagesPerSecond" is 10' }]);
  });

  test.each([{ messagesPerSecond: Number.POSITIVE_INFINITY }, { messageBurst: Number.POSITIVE_INFINITY }])(
    '%j is no bound',
    (unbounded) => {
      const server = fakeServer({ limits: { ...limits, ...unbounded } });
      const peer = server.connect(dialect).init();
      for (let i = 0; i < 1_000; i++) peer.start();
      expect(peer.types()).not.toContain('error');
      expect(peer.socket.paused).toBe(false);
    },
  );
});

test('a real peer that floods the server is slowed down, told so, and served in the end', async () => {
  // Time passes when the test says so: how many messages are too many depends on no machine.
  const timers = new ManualTimers();
  const limits = { messagesPerSecond: 200, messageBurst: 20 };
  await using t = await startServer({ limits, keepAliveMs: 0 }, { timers });
  const client = await RawClient.accepted(t.ws);
  const asked = 200;
  for (let i = 0; i < asked; i++) client.send({ type: 'subscribe', id: `${i}`, payload: { query: '{ hello }' } });
  const ended = { complete: 0, error: 0 };
  const readOn = (): boolean => {
    timers.advance(5);
    return client.unread.length > 0;
  };
  for (let told = 0; told < asked; told = ended.complete + ended.error) {
    // The burst without the init, and then another one that was too much, are answered at once.
    if (told >= 39) await until(readOn);
    const { type } = await client.next();
    if (type === 'complete' || type === 'error') ended[type] += 1;
  }
  expect(ended.complete).toBeGreaterThanOrEqual(19);
  expect(ended.error).toBeGreaterThanOrEqual(20);
});
