import { expect, test } from 'vitest';
import { RecentlyUsed } from '../../../src/server/execution/recently-used.js';

test('what was used lately stays, what was not goes first, and all of it stays within the capacity', () => {
  const memory = new RecentlyUsed<string, number>(10);
  memory.add('kept', 0, 1);
  for (let i = 1; i <= 1_000; i++) {
    memory.add(`${i}`, i, 1);
    expect(memory.get('kept')).toBe(0);
    expect(memory.cost).toBeLessThanOrEqual(10);
  }
  expect(memory.size).toBe(10);
  expect(memory.get('1')).toBeUndefined();
  expect(memory.get('1000')).toBe(1_000);
});

test('when everything was used, room is made all the same', () => {
  const memory = new RecentlyUsed<string, number>(3);
  for (const key of ['a', 'b', 'c']) memory.add(key, 1, 1);
  for (const key of ['a', 'b', 'c']) memory.get(key);
  memory.add('d', 1, 1);
  expect(memory.size).toBe(3);
  expect(memory.get('d')).toBe(1);
  expect(memory.get('a')).toBeUndefined();
});

test('a costly entry takes the place of several, and one that costs more than everything may is not kept', () => {
  const memory = new RecentlyUsed<string, number>(10);
  for (let i = 0; i < 10; i++) memory.add(`${i}`, i, 1);
  memory.add('big', 1, 8);
  expect(memory.cost).toBe(10);
  expect(memory.size).toBe(3);
  memory.add('too big', 1, 11);
  expect(memory.get('too big')).toBeUndefined();
  expect(memory.cost).toBe(10);
});

test('what is deleted gives its room back', () => {
  const memory = new RecentlyUsed<string, number>(10);
  memory.add('a', 1, 6);
  memory.delete('a');
  memory.delete('a');
  expect([memory.size, memory.cost]).toEqual([0, 0]);
});
