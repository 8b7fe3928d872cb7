// Slow consumers under the other policies: holding back one operation alone, dropping, and failing.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BufferOptions } from '../../src/session/buffer-options.js';
import { BufferFullError } from '../../src/session/errors/buffer-full-error.js';
import { EventBuffer } from '../../src/session/event-buffer.js';
import type { Subscription } from '../../src/session/subscription.js';
import { readySession, rejection } from './support/harness.js';

const query = 'subscription { s }';

async function take(subscription: Subscription<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await subscription.next();
    taken.push(value?.type === 'gap' ? `${value.gap.reason} ${value.gap.missed}` : value?.data);
  }
  return taken;
}

async function slow(buffer: BufferOptions, flow = false) {
  const harness = await readySession({ connection: { flow } });
  const subscription = harness.session.subscribe(query, undefined, { buffer });
  return { ...harness, subscription, request: harness.connection.latest };
}

describe('with "drop-oldest"', () => {
  test('the newest events stay, and a gap in place of the others says how many', async () => {
    const { subscription, request } = await slow({ maxEvents: 3, whenFull: 'drop-oldest' });
    for (const n of [1, 2, 3, 4, 5]) request.data(n);
    expect(await take(subscription, 4)).toEqual(['dropped 2', 3, 4, 5]);
    expect(request.cancelled).toBe(false);
    request.data(6);
    expect(await take(subscription, 1)).toEqual([6]);
  });

  test('the gap lasts from the first event dropped to the last one', async () => {
    const { subscription, request, clock } = await slow({ maxEvents: 1, whenFull: 'drop-oldest' });
    for (const n of [1, 2, 3]) {
      request.data(n);
      await clock.advance(100);
    }
    const { value } = await subscription.next();
    expect(value).toEqual({
      type: 'gap',
      gap: { reason: 'dropped', missed: 2, lostAt: 1_000_000, liveAt: 1_000_100 },
    });
  });

  test('the bound in bytes counts too, and an event larger than it is kept alone', async () => {
    const { subscription, request } = await slow({ maxBytes: 1_000, whenFull: 'drop-oldest' });
    request.data(1, 600);
    request.data(2, 600);
    request.data(3, 5_000);
    expect(await take(subscription, 2)).toEqual(['dropped 2', 3]);
  });

  test('an interruption among what is dropped leaves one gap, with an unknown number missed', async () => {
    const { session, subscription, request, connection, accept } = await slow({
      maxEvents: 2,
      whenFull: 'drop-oldest',
    });
    request.data(1);
    connection.lose();
    const next = await accept();
    for (const n of [2, 3, 4, 5]) next.latest.data(n);
    expect(await take(subscription, 3)).toEqual(['dropped undefined', 4, 5]);
    expect(session.operations).toBe(1);
  });
});

describe('with "latest"', () => {
  test('a full buffer gives way to the newest event, and the gap says how many went', async () => {
    const { subscription, request } = await slow({ maxEvents: 3, whenFull: 'latest' });
    for (const n of [1, 2, 3]) request.data(n);
    expect(await take(subscription, 1)).toEqual([1]);
    for (const n of [4, 5]) request.data(n);
    expect(await take(subscription, 2)).toEqual(['dropped 3', 5]);
    request.data(6);
    expect(await take(subscription, 1)).toEqual([6]);
  });
});

describe('with "fail"', () => {
  test('the subscription ends with an error behind everything buffered, and the server is told to stop', async () => {
    const { session, subscription, request } = await slow({ maxEvents: 2, whenFull: 'fail' });
    for (const n of [1, 2]) request.data(n);
    expect([session.operations, request.cancelled]).toEqual([1, false]);
    request.data(3);
    expect([session.operations, request.cancelled]).toEqual([0, true]);
    expect(await take(subscription, 3)).toEqual([1, 2, 3]);
    const error = await rejection(subscription.next(), BufferFullError);
    expect(error).toMatchObject({ code: 'buffer-full', delivery: 'answered', retryable: true });
    expect(error.message).toContain('more than 2 events');
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });
});

describe('where the transport can hold back one operation alone', () => {
  test('that is done first: nothing is missed', async () => {
    const { subscription, request, connection } = await slow({ maxEvents: 4 }, true);
    for (const n of [1, 2, 3, 4]) request.data(n);
    expect([request.held, request.cancelled]).toEqual([true, false]);
    expect(await take(subscription, 2)).toEqual([1, 2]);
    expect(request.held).toBe(true);
    expect(await take(subscription, 1)).toEqual([3]);
    expect(request.held).toBe(false);
    request.data(5);
    expect(await take(subscription, 2)).toEqual([4, 5]);
    expect(connection.requests).toHaveLength(1);
  });

  test('events that come all the same park it when there are twice too many', async () => {
    const { subscription, request, connection } = await slow({ maxEvents: 2 }, true);
    for (const n of [1, 2, 3]) request.data(n);
    expect([request.held, request.cancelled]).toEqual([true, false]);
    request.data(4);
    expect(request.cancelled).toBe(true);
    expect(await take(subscription, 5)).toEqual([1, 2, 3, 4, 'parked undefined']);
    expect(connection.requests).toHaveLength(2);
  });

  test('an operation that was held back when its connection was lost is not held back on the next one', async () => {
    const { subscription, request, connection, accept } = await slow({ maxEvents: 2 }, true);
    for (const n of [1, 2]) request.data(n);
    connection.lose();
    const next = await accept({ flow: true });
    expect(next.latest.held).toBe(false);
    next.latest.data(3);
    expect(next.latest.held).toBe(true);
    expect(await take(subscription, 4)).toEqual([1, 2, 'connection-lost undefined', 3]);
    expect(next.latest.held).toBe(false);
  });
});

test('a subscription takes what it does not say from the session', async () => {
  const { session, connection } = await readySession({ buffer: { maxEvents: 2, whenFull: 'latest' } });
  const subscription = session.subscribe(query, undefined, { buffer: { maxEvents: 1 } });
  for (const n of [1, 2]) connection.latest.data(n);
  expect(await take(subscription, 2)).toEqual(['dropped 1', 2]);
});

test('an unknown policy is refused at once', async () => {
  const { session } = await readySession();
  const buffer = { whenFull: 'newest' } as unknown as BufferOptions;
  expect(() => session.subscribe(query, undefined, { buffer })).toThrow(
    'Option "buffer.whenFull" must be one of park, drop-oldest, latest, fail; it is "newest".',
  );
});

test('whatever is dropped, each event is delivered in order or counted in a gap in its place', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant('take'), fc.integer({ min: 1, max: 400 })), { maxLength: 200 }),
      fc.integer({ min: 1, max: 10 }),
      (actions, maxEvents) => {
        const size = { maxEvents, maxBytes: 1_000 };
        const buffer = new EventBuffer<number>(size);
        let pushed = 0;
        let accounted = 0;
        const taken = (): boolean => {
          const event = buffer.shift();
          if (event?.type === 'gap') accounted += event.gap.missed ?? Number.NaN;
          else if (event !== undefined) expect(event.data).toBe(++accounted);
          return event !== undefined;
        };
        for (const action of actions) {
          if (typeof action === 'number') {
            buffer.pushEvent({ type: 'data', data: ++pushed, replayed: false }, action, pushed);
            buffer.dropOldest(size);
            expect(buffer.events === 1 || (buffer.events <= maxEvents && buffer.bytes <= 1_000)).toBe(true);
          } else {
            taken();
          }
        }
        while (taken());
        expect(accounted).toBe(pushed);
      },
    ),
  );
});
