// What waits for a slow consumer: in order, bounded, and with every gap in its place.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventBuffer } from '../../src/session/event-buffer.js';
import type { Gap, SubscriptionEvent } from '../../src/session/subscription-event.js';

const event = (data: number): SubscriptionEvent<number> => ({ type: 'data', data, replayed: false });
const gap = (lostAt: number, liveAt: number, reason: Gap['reason'] = 'connection-lost'): Gap => ({
  reason,
  lostAt,
  liveAt,
});

function drain<T>(buffer: EventBuffer<T>): SubscriptionEvent<T>[] {
  const events: SubscriptionEvent<T>[] = [];
  for (let next = buffer.shift(); next !== undefined; next = buffer.shift()) events.push(next);
  return events;
}

describe('the buffer of a subscription', () => {
  test('is full at its number of events, and low at a quarter of it', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 4, maxBytes: 1_000 });
    for (let n = 0; n < 3; n++) buffer.pushEvent(event(n), 1, 0);
    expect(buffer.full).toBe(false);
    buffer.pushEvent(event(3), 1, 0);
    expect([buffer.full, buffer.low]).toEqual([true, false]);
    buffer.shift();
    buffer.shift();
    expect(buffer.low).toBe(false);
    buffer.shift();
    expect([buffer.low, buffer.events]).toEqual([true, 1]);
  });

  test('is full at its number of bytes, and low at a quarter of them', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 100, maxBytes: 1_000 });
    buffer.pushEvent(event(1), 600, 0);
    expect(buffer.full).toBe(false);
    buffer.pushEvent(event(2), 250, 0);
    buffer.pushEvent(event(3), 150, 0);
    expect([buffer.full, buffer.bytes]).toEqual([true, 1_000]);
    buffer.shift();
    expect(buffer.low).toBe(false);
    buffer.shift();
    expect([buffer.low, buffer.bytes]).toEqual([true, 150]);
  });

  test('gaps keep their place between events and count as nothing', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 2, maxBytes: 1_000 });
    buffer.pushGap(gap(1, 2));
    buffer.pushEvent(event(1), 1, 0);
    buffer.pushGap(gap(3, 4));
    expect([buffer.full, buffer.events]).toEqual([false, 1]);
    expect(drain(buffer).map((entry) => (entry.type === 'gap' ? 'gap' : entry.data))).toEqual(['gap', 1, 'gap']);
  });

  test('neighbouring gaps become one, from the first loss to the last return', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 2, maxBytes: 1_000 });
    buffer.pushGap(gap(10, 20));
    buffer.pushGap(gap(30, 40, 'going-away'));
    expect(drain(buffer)).toEqual([{ type: 'gap', gap: gap(10, 40) }]);
  });

  test('a gap that was taken already is not merged into', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 2, maxBytes: 1_000 });
    buffer.pushGap(gap(10, 20));
    buffer.shift();
    buffer.pushGap(gap(30, 40));
    expect(drain(buffer)).toEqual([{ type: 'gap', gap: gap(30, 40) }]);
  });

  test('cleared, it holds nothing', () => {
    const buffer = new EventBuffer<number>({ maxEvents: 1, maxBytes: 1_000 });
    buffer.pushEvent(event(1), 10, 0);
    buffer.pushGap(gap(1, 2));
    buffer.clear();
    expect([buffer.shift(), buffer.events, buffer.bytes, buffer.full]).toEqual([undefined, 0, 0, false]);
  });

  test('gives everything back in order, whatever the order of putting in and taking out', () => {
    const action = fc.oneof(
      fc.integer({ min: 1, max: 500 }),
      fc.constant('gap' as const),
      fc.constant('take' as const),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const buffer = new EventBuffer<number>({ maxEvents: 50, maxBytes: 5_000 });
        const expected: (number | 'gap')[] = [];
        let count = 0;
        for (const what of actions) {
          if (what === 'take') {
            const taken = buffer.shift();
            expect(taken?.type === 'data' ? taken.data : taken?.type).toBe(expected.shift());
          } else if (what === 'gap') {
            buffer.pushGap(gap(1, 2));
            if (expected.at(-1) !== 'gap') expected.push('gap');
          } else {
            buffer.pushEvent(event(++count), what, 0);
            expected.push(count);
          }
          expect(buffer.events).toBe(expected.filter((entry) => entry !== 'gap').length);
        }
        expect(drain(buffer).map((entry) => (entry.type === 'data' ? entry.data : 'gap'))).toEqual(expected);
        expect(buffer.bytes).toBe(0);
      }),
    );
  });
});
