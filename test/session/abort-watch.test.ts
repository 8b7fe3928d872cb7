// One listener per signal, however many operations watch it.

import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { AbortWatch } from '../../src/session/abort-watch.js';

describe('watching a signal', () => {
  test('a thousand watchers take one listener, and are all told, once and in order', () => {
    const watch = new AbortWatch();
    const controller = new AbortController();
    const told: number[] = [];
    for (let index = 0; index < 1_000; index += 1) watch.watch(controller.signal, () => told.push(index));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    expect(told).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('one that ends is not told, and the last one takes the listener with it', () => {
    const watch = new AbortWatch();
    const controller = new AbortController();
    const told: string[] = [];
    const endFirst = watch.watch(controller.signal, () => told.push('first'));
    const endSecond = watch.watch(controller.signal, () => told.push('second'));
    endFirst();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    endSecond();
    endSecond();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    watch.watch(controller.signal, () => told.push('third'));
    controller.abort();
    expect(told).toEqual(['third']);
  });

  test('one that is ended by the one before it is not told', () => {
    const watch = new AbortWatch();
    const controller = new AbortController();
    const told: string[] = [];
    let endSecond = (): void => {};
    watch.watch(controller.signal, () => {
      told.push('first');
      endSecond();
    });
    endSecond = watch.watch(controller.signal, () => told.push('second'));
    controller.abort();
    expect(told).toEqual(['first']);
  });

  test('signals do not touch one another', () => {
    const watch = new AbortWatch();
    const one = new AbortController();
    const other = new AbortController();
    const told: string[] = [];
    watch.watch(one.signal, () => told.push('one'));
    watch.watch(other.signal, () => told.push('other'));
    other.abort();
    expect(told).toEqual(['other']);
  });
});
