// Noticing that a stream has died: what its heartbeats teach, and when silence means nothing.

import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { StreamWatch } from '../../../src/transport/http/stream-watch.js';

function watched(boundMs?: number): {
  readonly clock: VirtualClock;
  readonly watch: StreamWatch;
  readonly silences: number[];
  beat(): void;
  event(): void;
} {
  const clock = new VirtualClock(5_000_000);
  const silences: number[] = [];
  const watch = new StreamWatch(clock, boundMs, (ms) => silences.push(ms));
  return {
    clock,
    watch,
    silences,
    beat: () => {
      watch.heartbeat();
      watch.heard();
    },
    event: () => {
      watch.spoke();
      watch.heard();
    },
  };
}

const hour = 3_600_000;

describe('silence means nothing', () => {
  test('without heartbeats', async () => {
    const { clock, silences, event } = watched();
    event();
    await clock.advance(hour);
    expect(silences).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('after one heartbeat alone, which many servers send when a stream opens', async () => {
    const { clock, silences, beat } = watched();
    beat();
    await clock.advance(hour);
    expect(silences).toEqual([]);
  });

  test('after several at once', async () => {
    const { clock, silences, beat } = watched();
    beat();
    beat();
    await clock.advance(900);
    beat();
    await clock.advance(hour);
    expect(silences).toEqual([]);
  });

  test('after one heartbeat before an event and one behind it: that is no interval of the server', async () => {
    const { clock, silences, beat, event } = watched();
    beat();
    await clock.advance(3_000);
    event();
    await clock.advance(3_000);
    beat();
    await clock.advance(hour);
    expect(silences).toEqual([]);
  });
});

describe('from the second heartbeat in a row on', () => {
  test('three intervals without a byte are too many', async () => {
    const { clock, silences, beat } = watched();
    beat();
    await clock.advance(10_000);
    beat();
    await clock.advance(29_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([30_000]);
    await clock.advance(hour);
    expect(silences).toHaveLength(1);
  });

  test('15 s are allowed at least', async () => {
    const { clock, silences, beat } = watched();
    beat();
    await clock.advance(1_000);
    beat();
    await clock.advance(14_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([15_000]);
  });

  test('the longest interval counts: heartbeats may come in bunches after the network was slow', async () => {
    const { clock, silences, beat } = watched();
    for (const ms of [0, 12_000, 1_500, 10_500]) {
      await clock.advance(ms);
      beat();
    }
    await clock.advance(35_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([36_000]);
  });

  test('events are signs of life as well, and half a heartbeat is', async () => {
    const { clock, watch, silences, beat, event } = watched();
    beat();
    await clock.advance(5_000);
    beat();
    await clock.advance(14_000);
    event();
    await clock.advance(14_000);
    watch.heard();
    await clock.advance(14_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([15_000]);
  });
});

describe('a bound of the program', () => {
  test('holds from the beginning, whatever the heartbeats say', async () => {
    const { clock, silences, beat } = watched(4_000);
    beat();
    await clock.advance(3_999);
    beat();
    await clock.advance(3_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([4_000]);
  });
});

describe('while its reader is paused', () => {
  test('silence is our own', async () => {
    const { clock, watch, silences } = watched(4_000);
    watch.pause();
    expect(clock.pending).toBe(0);
    await clock.advance(hour);
    watch.resume();
    await clock.advance(3_999);
    expect(silences).toEqual([]);
    await clock.advance(1);
    expect(silences).toEqual([4_000]);
  });

  test('no interval is learned from', async () => {
    const { clock, watch, silences, beat } = watched();
    beat();
    watch.pause();
    await clock.advance(hour);
    watch.resume();
    beat();
    await clock.advance(5_000);
    beat();
    await clock.advance(15_000);
    expect(silences).toEqual([15_000]);
  });
});

describe('at its end', () => {
  test('no timer is left', async () => {
    const { clock, watch, silences } = watched(4_000);
    watch.end();
    expect(clock.pending).toBe(0);
    await clock.advance(hour);
    expect(silences).toEqual([]);
  });

  test('it may linger for 5 s, and silence counts no more', async () => {
    const { clock, watch, silences } = watched(4_000);
    let overdue = 0;
    watch.linger(() => {
      overdue += 1;
    });
    await clock.advance(4_999);
    expect([overdue, silences]).toEqual([0, []]);
    await clock.advance(1);
    expect([overdue, silences]).toEqual([1, []]);
    expect(clock.pending).toBe(0);
  });
});
