// Subscriptions through interceptors: gaps, parking, flow, the other buffer policies, and leaving the loop.

import { describe, expect, test } from 'vitest';
import { BufferFullError } from '../../../src/session/errors/buffer-full-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import type { Subscription } from '../../../src/session/subscription.js';
import { closedWith } from '../support/failures.js';
import { readySession, rejection } from '../support/harness.js';
import { KeepsAnswers, recording } from './support.js';

const query = 'subscription { s }';

/** What the next so many events are, in short. */
async function take(subscription: Subscription<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await subscription.next();
    taken.push(value?.type === 'gap' ? value.gap.reason : value?.data);
  }
  return taken;
}

describe.each([
  ['calls', 'call'],
  ['attempts', 'attempt'],
] as const)('a subscription through interceptors of %s', (_plural, level) => {
  test('outlives its connection, with the gap in its place', async () => {
    const log: string[] = [];
    const { session, connection, accept } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.lose(closedWith(1012));
    const next = await accept();
    next.latest.data(2);
    expect(await take(subscription, 3)).toEqual([1, 'connection-lost', 2]);
    const starts = log.filter((line) => line === 'seen: start subscription').length;
    expect(starts).toBe(level === 'call' ? 1 : 2);
  });

  test('moves from a retiring connection: interceptors of attempts learn of the old one as a cancellation', async () => {
    const log: string[] = [];
    const { session, connection, accept } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.goingAway();
    const next = await accept();
    next.latest.data(2);
    expect(await take(subscription, 3)).toEqual([1, 'going-away', 2]);
    expect(connection.latest.cancelled).toBe(true);
    expect(log.includes('seen: cancel')).toBe(level === 'attempt');
  });

  test('is parked when its consumer is slow, and starts again', async () => {
    const { session, connection } = await readySession({
      buffer: { maxEvents: 4 },
      interceptors: { [level]: [recording([])] },
    });
    const subscription = session.subscribe(query);
    for (const n of [1, 2, 3, 4]) connection.latest.data(n);
    expect(connection.latest.cancelled).toBe(true);
    expect(await take(subscription, 4)).toEqual([1, 2, 3, 4]);
    expect(connection.requests).toHaveLength(2);
    connection.latest.data(5);
    expect(await take(subscription, 2)).toEqual(['parked', 5]);
  });

  test('is held back where the transport can, and let go', async () => {
    const { session, connection } = await readySession({
      connection: { flow: true },
      buffer: { maxEvents: 4 },
      interceptors: { [level]: [recording([])] },
    });
    const subscription = session.subscribe(query);
    for (const n of [1, 2, 3, 4]) connection.latest.data(n);
    expect(connection.latest).toMatchObject({ held: true, cancelled: false });
    await take(subscription, 3);
    expect(connection.latest.held).toBe(false);
    expect(connection.requests).toHaveLength(1);
  });

  test('drops the oldest, keeps the latest or fails, as it was told', async () => {
    for (const whenFull of ['drop-oldest', 'latest', 'fail'] as const) {
      const { session, connection } = await readySession({
        buffer: { maxEvents: 2, whenFull },
        interceptors: { [level]: [recording([])] },
      });
      const subscription = session.subscribe(query);
      for (const n of [1, 2, 3]) connection.latest.data(n);
      if (whenFull === 'drop-oldest') expect(await take(subscription, 3)).toEqual(['dropped', 2, 3]);
      else if (whenFull === 'latest') expect(await take(subscription, 2)).toEqual(['dropped', 3]);
      else {
        expect(await take(subscription, 3)).toEqual([1, 2, 3]);
        await rejection(subscription.next(), BufferFullError);
        expect(connection.latest.cancelled).toBe(true);
      }
    }
  });

  test('ends with its loop: interceptors are told by cancel, and the server is told to stop', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    for await (const event of subscription) {
      expect(event.type).toBe('data');
      break;
    }
    expect(log.at(-1)).toBe('seen: cancel');
    expect(connection.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('ends with errors of the server, which reach its consumer whole', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const subscription = session.subscribe(query);
    const errors = [{ message: 'no', path: ['s'], extensions: { code: 'DENIED' } }];
    connection.latest.errors(...errors);
    const error = await rejection(subscription.next(), GraphQLResultError);
    expect(error.errors).toEqual(errors);
    expect(log.at(-1)).toBe('seen: error graphql-errors');
    expect(session.operations).toBe(0);
  });

  test('ends in order when the session is closed: buffered events first', async () => {
    const log: string[] = [];
    const { session, connection, clock } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    connection.latest.data(2);
    const closed = session.close();
    await clock.advance(0);
    await closed;
    expect(await take(subscription, 2)).toEqual([1, 2]);
    expect((await subscription.next()).done).toBe(true);
    expect(log.at(-1)).toBe('seen: cancel');
    expect(clock.pending).toBe(0);
  });
});

test('Events that an interceptor of attempts keeps beyond the end of their connection reach nobody', async () => {
  const keeps = new KeepsAnswers();
  const { session, connection, accept } = await readySession({ interceptors: { attempt: [keeps.interceptor] } });
  const subscription = session.subscribe(query);
  connection.latest.data('old');
  connection.lose();
  const next = await accept();
  keeps.letGo();
  next.latest.data('new');
  keeps.letGo();
  expect(await take(subscription, 2)).toEqual(['connection-lost', 'new']);
});

test('Events that an interceptor of calls keeps reach the consumer, if later than the gap', async () => {
  const keeps = new KeepsAnswers();
  const { session, connection, accept } = await readySession({ interceptors: { call: [keeps.interceptor] } });
  const subscription = session.subscribe(query);
  connection.latest.data('old');
  connection.lose();
  await accept();
  keeps.letGo();
  expect(await take(subscription, 2)).toEqual(['connection-lost', 'old']);
});
