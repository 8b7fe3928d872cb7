import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { memoryIdempotency, memoryIdempotencyIn } from '../../../src/server/idempotency/memory.js';
import type { Begun, IdempotentRun } from '../../../src/server/idempotency/store.js';
import { ManualTimers } from '../support/manual-timers.js';
import { alice, runOf, storeTests, waitOf } from './store-contract.js';

const minuteMs = 60_000;
const key = (name: number | string) => ({ scope: 's', key: String(name) });

describe('A store in memory', () => {
  storeTests(() => memoryIdempotency());

  test('remembers for a day, and a minute longer than it says', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers);
    expect(store.windowMs).toBe(24 * 60 * minuteMs);
    runOf(store.begin(alice, 'f') as Begun).record('1');
    timers.advance(store.windowMs + minuteMs - 1);
    expect(store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
    timers.advance(1);
    expect(store.begin(alice, 'f')).toMatchObject({ type: 'run' });
  });

  test('counts the window from the first use of a key, not from its answer or its repetition', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers, { windowMs: minuteMs });
    const run = runOf(store.begin(alice, 'f') as Begun);
    timers.advance(minuteMs);
    run.record('1');
    timers.advance(minuteMs - 1);
    expect(store.begin(alice, 'f')).toMatchObject({ type: 'replay' });
    timers.advance(1);
    expect(store.begin(alice, 'f')).toMatchObject({ type: 'run' });
  });

  test('a run that takes longer than the window keeps its key for as long as it takes', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers, { windowMs: 1 });
    const run = runOf(store.begin(alice, 'f') as Begun);
    for (let hours = 0; hours < 3; hours++) {
      timers.advance(60 * minuteMs);
      expect(store.begin(alice, 'f')).toMatchObject({ type: 'wait' });
    }
    run.record('1');
    expect(store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('needs no timers', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers);
    for (let n = 0; n < 10; n++) runOf(store.begin(key(n), 'f') as Begun).record('1');
    expect(timers.armed).toBe(0);
  });

  test('refuses new keys when it is full, knows the old ones, and takes new ones when those expire', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers, { maxBytes: 1_000, windowMs: minuteMs });
    const begun = [1, 2, 3, 4].map((n) => store.begin(key(n), 'f') as Begun);
    expect(begun.map(({ type }) => type)).toEqual(['run', 'run', 'run', 'full']);
    for (const one of begun) if (one.type === 'run') one.run.record('1');
    expect(store.begin(key(1), 'f')).toMatchObject({ type: 'replay' });
    expect(store.begin(key(4), 'f')).toEqual({ type: 'full' });
    timers.advance(2 * minuteMs);
    expect(store.begin(key(4), 'f')).toMatchObject({ type: 'run' });
  });

  test('has no room from three quarters on, and room again when keys expire, without anybody coming', () => {
    const timers = new ManualTimers();
    const store = memoryIdempotencyIn(timers, { maxBytes: 100_000, windowMs: minuteMs });
    runOf(store.begin(key(0), 'f') as Begun).record('x'.repeat(37_000));
    expect(store.hasRoom).toBe(true);
    runOf(store.begin(key(1), 'f') as Begun).record('x'.repeat(500));
    expect(store.hasRoom).toBe(false);
    expect(store.begin(key(2), 'f')).toMatchObject({ type: 'run' });
    timers.advance(2 * minuteMs);
    expect(store.hasRoom).toBe(true);
  });

  test('keeps an answer that just fits, and of one that does not only that it was given', async () => {
    // What one key takes: 256, and two for each character of its name and fingerprint.
    const entry = 256 + 2 * '["s","1"]f'.length;
    const small = () => memoryIdempotencyIn(new ManualTimers(), { maxBytes: entry + 10 });
    const fitting = small();
    runOf(fitting.begin(key(1), 'f') as Begun).record('12345');
    expect(fitting.begin(key(1), 'f')).toEqual({ type: 'replay', answer: '12345' });
    expect(fitting.begin(key(2), 'f')).toEqual({ type: 'full' });

    const store = small();
    const run = runOf(store.begin(key(1), 'f') as Begun);
    const waiting = waitOf(store.begin(key(1), 'f') as Begun).settled(new AbortController().signal);
    expect(() => run.record('123456')).toThrow(/no room.*maxBytes/);
    expect(await waiting).toEqual({ type: 'replay', answer: '123456' });
    expect(store.begin(key(1), 'f')).toEqual({ type: 'unknown' });
  });

  test('an abandoned key gives its room back', () => {
    const store = memoryIdempotencyIn(new ManualTimers(), { maxBytes: 300 });
    for (let n = 0; n < 5; n++) {
      const run = runOf(store.begin(key(n), 'f') as Begun);
      expect(store.begin(key('other'), 'f')).toEqual({ type: 'full' });
      run.abandon();
    }
  });

  test('a run that is over cannot be ended again', () => {
    const store = memoryIdempotency();
    const run = runOf(store.begin(alice, 'f') as Begun);
    run.record('1');
    run.abandon();
    run.record('2');
    expect(store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('nothing listens to the signal of who has got an answer', async () => {
    const store = memoryIdempotency();
    const run = runOf(store.begin(alice, 'f') as Begun);
    const { signal } = new AbortController();
    const waiting = waitOf(store.begin(alice, 'f') as Begun).settled(signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    run.record('1');
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('two stores have two names', () => {
    expect(memoryIdempotency().name).not.toBe(memoryIdempotency().name);
  });

  test.each([
    [{ windowMs: 0 }, 'windowMs'],
    [{ windowMs: Number.POSITIVE_INFINITY }, 'windowMs'],
    [{ windowMs: 366 * 24 * 60 * minuteMs + 1 }, 'windowMs'],
    [{ windowMs: Number.NaN }, 'windowMs'],
    [{ maxBytes: 0 }, 'maxBytes'],
    [{ maxBytes: '64' as never }, 'maxBytes'],
    [{ maxByte: 1 } as never, 'maxByte'],
  ])('refuses the options %j at once', (options, option) => {
    expect(() => memoryIdempotency(options)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
    expect(() => memoryIdempotency(options)).toThrow(OptionError);
  });
});

describe('Whatever happens in whatever order', () => {
  const keys = ['a', 'b', 'c'];
  const windowMs = 1_000;
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('begin' as const), key: fc.constantFrom(...keys) }) },
    fc.record({ do: fc.constantFrom('record' as const, 'abandon' as const), key: fc.constantFrom(...keys) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 90_000 }) }),
  );

  test('no key runs twice within its window, and every answer is its own', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 300, max: 3_000 }), (steps, maxBytes) => {
        const timers = new ManualTimers();
        const store = memoryIdempotencyIn(timers, { windowMs, maxBytes });
        /** The run of each key that began and was not abandoned. */
        const runs = new Map<string, { at: number; run: IdempotentRun; answer?: string | undefined; lost?: boolean }>();
        let answers = 0;
        for (const one of steps) {
          if (one.do === 'wait') {
            timers.advance(one.ms);
            continue;
          }
          const known = runs.get(one.key);
          if (one.do === 'begin') {
            const begun = store.begin({ scope: '', key: one.key }, 'f') as Begun;
            const remembered =
              known !== undefined && (known.answer === undefined || timers.now() - known.at <= windowMs);
            if (remembered)
              expect(begun.type).toBe(known.lost ? 'unknown' : known.answer === undefined ? 'wait' : 'replay');
            if (begun.type === 'replay') expect(begun.answer).toBe(known?.answer);
            if (begun.type === 'run') runs.set(one.key, { at: timers.now(), run: begun.run });
          } else if (known !== undefined && known.answer === undefined) {
            if (one.do === 'abandon') {
              known.run.abandon();
              runs.delete(one.key);
              continue;
            }
            answers += 1;
            known.answer = String(answers).repeat(100);
            try {
              known.run.record(known.answer);
            } catch {
              known.lost = true;
            }
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
