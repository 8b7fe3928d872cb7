// Latency as numbers and as a row of characters.

import { expect, test } from 'vitest';
import { sparkline, summarise } from '../../../../src/cli/demo/live/latency.js';

test('The median and the worst are of the last five seconds', () => {
  const answers = [
    { atMs: 1_000, tookMs: 9_000 },
    { atMs: 1_001, tookMs: 300 },
    { atMs: 3_000, tookMs: 100 },
    { atMs: 5_000, tookMs: 200 },
  ];
  expect(summarise(answers, 6_000)).toEqual({ medianMs: 200, worstMs: 300 });
  expect(summarise(answers, 20_000)).toBeUndefined();
});

test('The row shows the slowest answer of each quarter of a second, newest last', () => {
  const answers = [
    { atMs: 10_000, tookMs: 10 },
    { atMs: 10_100, tookMs: 500 },
    { atMs: 10_600, tookMs: 1_000 },
    { atMs: 10_700, tookMs: 0 },
  ];
  expect(sparkline(answers, 10_999)).toBe(`${' '.repeat(16)}+ @ `);
});

test('The row moves to the left with time, and forgets', () => {
  const answers = [{ atMs: 10_000, tookMs: 1_000 }];
  expect(sparkline(answers, 10_000)).toBe(`${' '.repeat(19)}@`);
  expect(sparkline(answers, 10_250)).toBe(`${' '.repeat(18)}@ `);
  expect(sparkline(answers, 15_000)).toBe(' '.repeat(20));
});

test('A call slower than a second sets the scale', () => {
  const answers = [
    { atMs: 0, tookMs: 1_000 },
    { atMs: 250, tookMs: 4_000 },
  ];
  expect(sparkline(answers, 250)).toBe(`${' '.repeat(18)}-@`);
});
