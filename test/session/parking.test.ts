// Slow consumers: the server is told to stop, the consumer is told of the gap, and nobody else waits for it.

import { describe, expect, test } from 'vitest';
import type { Subscription } from '../../src/session/subscription.js';
import { readySession, watch } from './support/harness.js';

const query = 'subscription { s }';

async function take(subscription: Subscription<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await subscription.next();
    taken.push(value?.type === 'gap' ? value.gap.reason : value?.data);
  }
  return taken;
}

describe('a subscription whose consumer is slow', () => {
  test('is parked when its buffer holds maxEvents: the server is told to stop', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 4 } });
    session.subscribe(query);
    const { latest } = connection;
    for (const n of [1, 2, 3]) latest.data(n);
    expect(latest.cancelled).toBe(false);
    latest.data(4);
    expect(latest.cancelled).toBe(true);
    expect([session.operations, connection.requests.length]).toEqual([1, 1]);
  });

  test('by default is parked at 1,000 events or 4 MiB', async () => {
    const { session, connection } = await readySession();
    session.subscribe(query);
    session.subscribe(query);
    const [many, large] = connection.requests;
    for (let n = 1; n < 1_000; n++) many?.data(n, 1);
    expect(many?.cancelled).toBe(false);
    many?.data(1_000, 1);
    expect(many?.cancelled).toBe(true);
    large?.data('large', 4 * 2 ** 20 - 1);
    expect(large?.cancelled).toBe(false);
    large?.data('one byte', 1);
    expect(large?.cancelled).toBe(true);
  });

  test('is started again when a quarter is left, with a gap behind what was buffered', async () => {
    const { session, connection, clock } = await readySession({ buffer: { maxEvents: 4 } });
    const subscription = session.subscribe(query);
    await clock.advance(100);
    for (const n of [1, 2, 3, 4]) connection.latest.data(n);
    await clock.advance(700);
    expect(await take(subscription, 2)).toEqual([1, 2]);
    expect(connection.requests).toHaveLength(1);
    expect(await take(subscription, 1)).toEqual([3]);
    expect(connection.queries).toEqual([query, query]);
    connection.latest.data(5);
    expect(await take(subscription, 1)).toEqual([4]);
    expect((await subscription.next()).value).toEqual({
      type: 'gap',
      gap: { reason: 'parked', lostAt: 1_000_100, liveAt: 1_000_800 },
    });
    expect(await take(subscription, 1)).toEqual([5]);
  });

  test('is parked by bytes and started again at a quarter of them', async () => {
    const { session, connection } = await readySession({ buffer: { maxBytes: 1_000 } });
    const subscription = session.subscribe(query);
    for (const n of [1, 2, 3, 4]) connection.latest.data(n, 250);
    expect(connection.latest.cancelled).toBe(true);
    await take(subscription, 2);
    expect(connection.requests).toHaveLength(1);
    await take(subscription, 1);
    expect(connection.requests).toHaveLength(2);
  });

  test('a buffer of one event is started again when that one was taken', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 1 } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.requests[0]?.data('late');
    expect(await take(subscription, 2)).toEqual([1, 'parked']);
    expect(connection.requests).toHaveLength(2);
  });

  test('what the server still sent after it was told to stop goes nowhere: it is in the gap', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 2 } });
    const subscription = session.subscribe(query);
    for (const n of [1, 2, 3, 4]) connection.requests[0]?.data(n);
    expect(await take(subscription, 3)).toEqual([1, 2, 'parked']);
  });

  test('never holds another operation back', async () => {
    const { session, connection, settle } = await readySession({ buffer: { maxEvents: 1 } });
    session.subscribe(query);
    const quick = session.subscribe('subscription { quick }');
    const [slow, other] = connection.requests;
    slow?.data(1);
    const call = watch(session.execute('{ a }'));
    connection.latest.data({ a: 1 });
    const event = watch(quick.next());
    other?.data(7);
    await settle();
    expect(call.value).toEqual({ a: 1 });
    expect(event.value).toMatchObject({ value: { data: 7 } });
  });

  test('keeps its place over a lost connection: one gap, parked, and no start before there is room', async () => {
    const { session, connection, accept, settle } = await readySession({ buffer: { maxEvents: 2 } });
    const subscription = session.subscribe(query);
    for (const n of [1, 2]) connection.latest.data(n);
    connection.lose();
    await settle();
    const next = await accept();
    expect(next.requests).toEqual([]);
    expect(await take(subscription, 2)).toEqual([1, 2]);
    next.latest.data(3);
    expect(await take(subscription, 2)).toEqual(['parked', 3]);
  });

  test('that has room while there is no connection is started on the next one', async () => {
    const { session, connection, accept, settle } = await readySession({ buffer: { maxEvents: 1 } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.lose();
    await settle();
    expect(await take(subscription, 1)).toEqual([1]);
    const next = await accept();
    expect(next.queries).toEqual([query]);
    expect(await take(subscription, 1)).toEqual(['parked']);
  });

  test('may leave while it is parked', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 1 } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    await subscription.return?.();
    expect([session.operations, connection.requests.length]).toEqual([0, 1]);
  });

  test('that is cancelled while it is parked says that the server had answered it', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 1 } });
    const abort = new AbortController();
    const subscription = session.subscribe(query, {}, { signal: abort.signal });
    connection.latest.data(1);
    abort.abort();
    await expect(subscription.next()).rejects.toMatchObject({ name: 'CancelledError', delivery: 'answered' });
  });

  test('ends with its buffered events when the session closes while it is parked', async () => {
    const { session, connection, clock } = await readySession({ buffer: { maxEvents: 1 } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    await session.close();
    expect(await take(subscription, 1)).toEqual([1]);
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(clock.pending).toBe(0);
  });
});
