import { getEventListeners } from 'node:events';
import type { ExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import { EventStream, FinaliseTimeoutError } from '../../../src/server/execution/event-stream.js';
import { newCounters } from '../../../src/server/stats.js';
import { failsOnEscapedErrors } from '../support/escaped.js';
import { ManualTimers } from '../support/manual-timers.js';
import { until } from '../support/serving.js';

failsOnEscapedErrors();

const end = { done: true, value: undefined };
const never = (): Promise<never> => new Promise(() => {});

function make(source: AsyncIterator<ExecutionResult, unknown>, finaliseTimeoutMs = 500) {
  const abort = new AbortController();
  const timers = new ManualTimers();
  const counters = newCounters();
  const reported: unknown[] = [];
  const endings: string[] = [];
  const told: unknown[] = [];
  const stream = new EventStream(source, {
    signal: abort.signal,
    finaliseTimeoutMs,
    timers,
    counters,
    report: (error, from) => reported.push([from, error]),
    toResult: (answer) => answer as never,
    toError: (thrown) => {
      told.push(thrown);
      return new Error('told', { cause: thrown });
    },
    ended: (how) => endings.push(how),
  });
  const listeners = (): number => getEventListeners(abort.signal, 'abort').length;
  return { stream, abort, timers, counters, reported, endings, told, listeners };
}

/** A source whose methods are given, and that counts how often it was closed. */
function source(
  next: () => unknown,
  close: (() => unknown) | undefined = () => Promise.resolve(end),
): AsyncIterator<ExecutionResult, unknown> & { closed: number } {
  const made = {
    closed: 0,
    next,
    return: () => {
      made.closed += 1;
      return close();
    },
  };
  return made as never;
}

describe('next()', () => {
  test('gives the events in order, then the end, and the source that ended by itself is not closed', async () => {
    const left = [1, 2];
    const from = source(() => Promise.resolve(left.length > 0 ? { done: false, value: { data: left.shift() } } : end));
    const t = make(from);
    expect(t.counters.sources).toBe(1);
    expect(await t.stream.next()).toEqual({ done: false, value: { data: 1 } });
    expect(await t.stream.next()).toEqual({ done: false, value: { data: 2 } });
    expect(await t.stream.next()).toEqual(end);
    expect(await t.stream.next()).toEqual(end);
    expect(from.closed).toBe(0);
    expect(t.endings).toEqual(['ok']);
    expect([t.counters.sources, t.listeners(), t.timers.armed]).toEqual([0, 0, 0]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('of a source that %s is an error, and the end', async (_how, next) => {
    const t = make(source(next));
    await expect(t.stream.next()).rejects.toThrow('told');
    expect(await t.stream.next()).toEqual(end);
    expect(t.endings).toEqual(['failed']);
    expect(t.told).toEqual([new Error('broken')]);
    expect([t.counters.sources, t.listeners()]).toEqual([0, 0]);
  });

  test.each(['abort', 'return'] as const)('of a source that never settles ends at once by %s', async (how) => {
    const from = source(never);
    const t = make(from);
    const next = t.stream.next();
    if (how === 'abort') t.abort.abort();
    else void t.stream.return();
    expect(await next).toEqual(end);
    expect(from.closed).toBe(1);
    expect(t.endings).toEqual(['stopped']);
    await until(() => t.counters.sources === 0);
    expect([t.listeners(), t.timers.armed]).toEqual([0, 0]);
  });

  test('that settles after the stream was left is heard of by nobody', async () => {
    for (const late of [Promise.reject(new Error('aborted')), Promise.resolve({ done: false, value: {} })]) {
      let open = (): void => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      late.catch(() => {});
      const t = make(source(() => gate.then(() => late)));
      const next = t.stream.next();
      t.abort.abort();
      expect(await next).toEqual(end);
      open();
      await new Promise((resolve) => setImmediate(resolve));
      expect(t.told).toEqual([]);
      expect(t.reported).toEqual([]);
      expect(t.endings).toEqual(['stopped']);
    }
  });

  test('leaves nothing behind on the signal: one listener for ever so many events', async () => {
    const t = make(source(() => Promise.resolve({ done: false, value: {} })));
    let added = 0;
    const add = t.abort.signal.addEventListener.bind(t.abort.signal);
    t.abort.signal.addEventListener = (...args: Parameters<typeof add>) => {
      added += 1;
      add(...args);
    };
    for (let i = 0; i < 1_000; i++) await t.stream.next();
    expect([added, t.listeners(), t.timers.armed]).toEqual([0, 1, 0]);
    await t.stream.return();
    expect(t.listeners()).toBe(0);
  });
});

describe('return()', () => {
  test('closes the source once, however often and by whatever the stream is left', async () => {
    const from = source(never);
    const t = make(from);
    const first = t.stream.return();
    t.abort.abort();
    expect(await t.stream.return()).toEqual(end);
    expect(await first).toEqual(end);
    expect(from.closed).toBe(1);
    expect(t.endings).toEqual(['stopped']);
  });

  test('waits for the source to close', async () => {
    let close = (): void => {};
    const t = make(
      source(
        never,
        () =>
          new Promise<void>((resolve) => {
            close = resolve;
          }),
      ),
    );
    const left = t.stream.return();
    expect(await Promise.race([left, 'still closing'])).toBe('still closing');
    expect(t.counters.sources).toBe(1);
    close();
    expect(await left).toEqual(end);
    expect([t.counters.sources, t.timers.armed]).toEqual([0, 0]);
  });

  test('of a source that never closes is waited for within a bound, and reported', async () => {
    const t = make(source(never, never), 500);
    const left = t.stream.return();
    t.timers.advance(499);
    expect(await Promise.race([left, 'still closing'])).toBe('still closing');
    t.timers.advance(1);
    expect(await left).toEqual(end);
    expect(t.reported).toEqual([['source', expect.any(FinaliseTimeoutError)]]);
    expect(t.counters.sources).toBe(0);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('cannot close');
      },
    ],
    ['rejects', () => Promise.reject(new Error('cannot close'))],
    [
      'gives a promise that throws',
      () =>
        Object.defineProperty({}, 'then', {
          get: () => {
            throw new Error('cannot close');
          },
        }),
    ],
  ])('of a source that %s is reported, and has closed', async (_how, close) => {
    const t = make(source(never, close));
    expect(await t.stream.return()).toEqual(end);
    expect(t.reported).toEqual([['source', new Error('cannot close')]]);
    expect([t.counters.sources, t.timers.armed]).toEqual([0, 0]);
  });

  test('of a source that rejects after its time is over is reported once', async () => {
    let fail = (_error: Error): void => {};
    const t = make(
      source(
        never,
        () =>
          new Promise((_resolve, reject) => {
            fail = reject;
          }),
      ),
      500,
    );
    const left = t.stream.return();
    t.timers.advance(500);
    await left;
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(t.reported).toHaveLength(1);
  });

  test('of a source without one is done at once', async () => {
    const t = make({ next: never });
    expect(await t.stream.return()).toEqual(end);
    expect([t.reported, t.counters.sources]).toEqual([[], 0]);
  });
});

test('a source that comes after the signal was aborted is closed, although nobody asks for it', async () => {
  const from = source(never);
  const abort = new AbortController();
  abort.abort();
  const counters = newCounters();
  const endings: string[] = [];
  const stream = new EventStream(from, {
    signal: abort.signal,
    finaliseTimeoutMs: 500,
    timers: new ManualTimers(),
    counters,
    report: () => {},
    toResult: (answer) => answer as never,
    toError: () => new Error('never'),
    ended: (how) => endings.push(how),
  });
  expect(await stream.next()).toEqual(end);
  expect(from.closed).toBe(1);
  expect(endings).toEqual(['stopped']);
  await until(() => counters.sources === 0);
});

test('fail() closes the source and tells whoever waits, or asks next, why', async () => {
  const from = source(never);
  const t = make(from);
  const next = t.stream.next();
  t.stream.fail(new Error('time is over'));
  await expect(next).rejects.toThrow('time is over');
  expect(from.closed).toBe(1);
  expect(t.endings).toEqual(['failed']);

  const other = make(source(never));
  other.stream.fail(new Error('time is over'));
  await expect(other.stream.next()).rejects.toThrow('time is over');
  expect(await other.stream.next()).toEqual(end);
});
