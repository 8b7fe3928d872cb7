// Subscriptions: one iterator that outlives its connections, with a gap in order for every interruption.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../src/session/errors/cancelled-error.js';
import { ConnectionLostError } from '../../src/session/errors/connection-lost-error.js';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import type { Subscription } from '../../src/session/subscription.js';
import { closedWith } from './support/failures.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

const query = 'subscription Orders { order }';
const ended = { done: true, value: undefined };

/** The next `count` events as short texts; pends when there are fewer. */
async function take(subscription: Subscription<unknown>, count: number): Promise<string[]> {
  const taken: string[] = [];
  for (let n = 0; n < count; n++) {
    const { done, value } = await subscription.next();
    if (done) taken.push('end');
    else taken.push(value.type === 'gap' ? `gap: ${value.gap.reason}` : JSON.stringify(value.data));
  }
  return taken;
}

describe('a subscription', () => {
  test('hands its events on in order, to whoever waits and to whoever comes later', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    const waiting = take(subscription, 2);
    for (const n of [1, 2, 3, 4]) connection.latest.data(n);
    expect(await waiting).toEqual(['1', '2']);
    expect(await take(subscription, 2)).toEqual(['3', '4']);
  });

  test('shows each event with its errors and extensions', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.next({ data: { a: null }, errors: [{ message: 'e' }], extensions: { at: 1 } });
    connection.latest.next({ data: { a: 1 } });
    expect((await subscription.next()).value).toEqual({
      type: 'data',
      data: { a: null },
      errors: [{ message: 'e' }],
      extensions: { at: 1 },
      replayed: false,
    });
    expect((await subscription.next()).value).toEqual({ type: 'data', data: { a: 1 }, replayed: false });
  });

  test('ends when the server completes it, after its buffered events', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.latest.complete();
    expect(session.operations).toBe(0);
    expect(await take(subscription, 3)).toEqual(['1', 'end', 'end']);
  });

  test('ends everybody who waits on it', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    const waits = [subscription.next(), subscription.next()];
    connection.latest.complete();
    expect(await Promise.all(waits)).toEqual([ended, ended]);
  });

  test('that the server ends with errors fails with them, after its buffered events, and once', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.latest.errors({ message: 'gone' });
    expect(await take(subscription, 1)).toEqual(['1']);
    expect(await rejection(subscription.next(), GraphQLResultError)).toMatchObject({ errors: [{ message: 'gone' }] });
    expect(await subscription.next()).toEqual(ended);
  });

  test('made while there is no connection is started when there is one, without a gap', async () => {
    const { session, accept } = makeSession();
    const subscription = session.subscribe(query, { since: 5 });
    const connection = await accept();
    expect(connection.latest.request).toMatchObject({
      kind: 'subscription',
      query,
      variables: { text: '{"since":5}' },
    });
    connection.latest.data(1);
    expect(await take(subscription, 1)).toEqual(['1']);
  });
});

describe('a subscription whose connection is lost', () => {
  test('goes on in the same iterator, with one gap in its place', async () => {
    const { session, connection, clock, accept } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.latest.data(2);
    await clock.advance(3_000);
    connection.heard();
    await clock.advance(1_000);
    connection.lose();
    const next = await accept();
    expect(next.queries).toEqual([query]);
    next.latest.data(3);
    expect(await take(subscription, 2)).toEqual(['1', '2']);
    expect((await subscription.next()).value).toEqual({
      type: 'gap',
      // From the last sign of life until it was started again.
      gap: { reason: 'connection-lost', lostAt: 1_003_000, liveAt: 1_004_250 },
    });
    expect(await take(subscription, 1)).toEqual(['3']);
  });

  test('tells a consumer that waits', async () => {
    const { session, connection, accept } = await readySession();
    const subscription = session.subscribe(query);
    const waiting = take(subscription, 2);
    connection.lose();
    (await accept()).latest.data(1);
    expect(await waiting).toEqual(['gap: connection-lost', '1']);
  });

  test('shows no gap before it is live again: what is read at the gap is newer than it', async () => {
    const { session, connection, settle, accept } = await readySession();
    const subscription = session.subscribe(query);
    const waiting = watch(subscription.next());
    connection.lose();
    await settle();
    expect(waiting.status).toBe('pending');
    await accept();
    expect(waiting.value).toMatchObject({ value: { type: 'gap' } });
  });

  test('several times without an event between has one gap, from the first loss on', async () => {
    const { session, connection, clock, settle, accept } = await readySession();
    const subscription = session.subscribe(query);
    connection.lose();
    const second = await accept();
    await clock.advance(500);
    second.lose();
    await settle();
    const third = await accept();
    third.latest.data(1);
    const { value } = await subscription.next();
    expect(value).toMatchObject({ type: 'gap', gap: { lostAt: 1_000_000, liveAt: 1_001_250 } });
    expect(await take(subscription, 1)).toEqual(['1']);
  });

  test('several times with events between has a gap for each', async () => {
    const { session, connection, accept, settle } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.lose();
    const second = await accept();
    second.latest.data(2);
    second.lose();
    await settle();
    (await accept()).latest.data(3);
    expect(await take(subscription, 5)).toEqual(['1', 'gap: connection-lost', '2', 'gap: connection-lost', '3']);
  });

  test('before it was sent has no gap: there was nothing to miss', async () => {
    const { session, accept, settle } = makeSession({ connection: { sendsAtOnce: false } });
    const subscription = session.subscribe(query);
    (await accept()).lose();
    await settle();
    (await accept()).latest.data(1);
    expect(await take(subscription, 1)).toEqual(['1']);
  });

  test('and whose new start was never sent is live only from the one that was: the gap ends there', async () => {
    const { session, connection, clock, accept, settle } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    expect(await take(subscription, 1)).toEqual(['1']);
    connection.goingAway();
    await settle();
    const ending = await accept({ sendsAtOnce: false });
    expect(ending.queries).toEqual([query]);
    // A consumer that reloaded at a gap now would miss what happens until the next start.
    await clock.advance(1_000);
    ending.lose();
    await settle();
    const next = await accept();
    next.latest.data(2);
    const { value } = await subscription.next();
    expect(value).toMatchObject({ type: 'gap', gap: { reason: 'going-away', liveAt: clock.now() } });
    expect(await take(subscription, 1)).toEqual(['2']);
  });

  test('fails after its buffered events where retry.subscribe is false', async () => {
    const { session, connection, settle, accept } = await readySession({ retry: { subscribe: false } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.lose(closedWith(1012));
    await settle();
    expect(await take(subscription, 1)).toEqual(['1']);
    const error = await rejection(subscription.next(), ConnectionLostError);
    expect(error).toMatchObject({ closeCode: 1012, attempts: 1 });
    expect(await subscription.next()).toEqual(ended);
    expect((await accept()).requests).toEqual([]);
  });

  test('with attempts: 2 is started twice since its last event', async () => {
    const { session, accept, settle } = makeSession();
    const subscription = session.subscribe(query, {}, { retry: { attempts: 2 } });
    for (let n = 0; n < 5; n++) {
      const connection = await accept();
      connection.latest.data(n);
      connection.lose();
      await settle();
    }
    (await accept()).lose();
    await settle();
    const taken = await take(subscription, 9);
    expect(taken.filter((entry) => !entry.startsWith('gap'))).toEqual(['0', '1', '2', '3', '4']);
    await take(subscription, 1);
    expect(await rejection(subscription.next(), ConnectionLostError)).toMatchObject({ attempts: 2 });
  });
});

describe('a consumer that has enough', () => {
  test('breaks out of its loop, and the server is told to stop', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    for await (const _event of subscription) break;
    expect(connection.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
    connection.latest.data(2);
    expect(await subscription.next()).toEqual(ended);
  });

  test('may use await using', async () => {
    const { session, connection } = await readySession();
    {
      await using subscription = session.subscribe(query);
      void subscription;
    }
    expect([connection.latest.cancelled, session.operations]).toEqual([true, 0]);
  });

  test('returns before it was sent: it is never started', async () => {
    const { session, accept } = makeSession();
    const subscription = session.subscribe(query);
    expect(await subscription.return?.()).toEqual(ended);
    expect((await accept()).requests).toEqual([]);
    expect(session.operations).toBe(0);
  });

  test('returns while another of its reads waits: that one ends', async () => {
    const { session } = await readySession();
    const subscription = session.subscribe(query);
    const waiting = subscription.next();
    await subscription.return?.();
    expect(await waiting).toEqual(ended);
  });

  test('returns after a failure that it never read: the failure is not kept', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query);
    connection.latest.errors({ message: 'gone' });
    await subscription.return?.();
    expect(await subscription.next()).toEqual(ended);
  });
});

describe('the signal of a subscription', () => {
  test('ends it at once with a CancelledError: what was buffered is dropped, the server is told to stop', async () => {
    const { session, connection } = await readySession();
    const abort = new AbortController();
    const subscription = session.subscribe(query, {}, { signal: abort.signal });
    connection.latest.data(1);
    abort.abort('enough');
    const error = await rejection(subscription.next(), CancelledError);
    expect(error).toMatchObject({ cause: 'enough', delivery: 'answered' });
    expect(connection.latest.cancelled).toBe(true);
    expect([session.operations, await subscription.next()]).toEqual([0, ended]);
  });

  test('that is aborted already: it is never started', async () => {
    const { session, connection } = await readySession();
    const subscription = session.subscribe(query, {}, { signal: AbortSignal.abort() });
    await rejection(subscription.next(), CancelledError);
    expect(connection.requests).toEqual([]);
  });
});

test('a subscription on a closed session fails when it is read', async () => {
  const { session } = await readySession();
  await session.close();
  await rejection(session.subscribe(query).next(), SessionClosedError);
});
