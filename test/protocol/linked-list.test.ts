// The list of what is in progress: its order, whatever is taken out, and that what was taken out leads nowhere.

import { expect, test } from 'vitest';
import { Linked, LinkedList } from '../../src/protocol/linked-list.js';

class Item extends Linked<Item> {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

function listOf(...names: string[]): { readonly list: LinkedList<Item>; readonly items: Item[] } {
  const list = new LinkedList<Item>();
  const items = names.map((name) => new Item(name));
  for (const item of items) list.add(item);
  return { list, items };
}

const namesOn = (list: LinkedList<Item>): string[] => [...list].map(({ name }) => name);

test.each([
  { taken: 'a', left: ['b', 'c'] },
  { taken: 'b', left: ['a', 'c'] },
  { taken: 'c', left: ['a', 'b'] },
])('what is left when $taken is taken out keeps its order, and what is added comes last', ({ taken, left }) => {
  const { list, items } = listOf('a', 'b', 'c');
  const item = items.find(({ name }) => name === taken)!;
  list.delete(item);
  expect(namesOn(list)).toEqual(left);
  expect(list.first?.name).toBe(left[0]);
  expect(list.size).toBe(2);
  list.add(item);
  expect(namesOn(list)).toEqual([...left, taken]);
});

test('what was taken out holds nothing that is still on the list, and cannot be taken out twice', () => {
  const { list, items } = listOf('a', 'b', 'c');
  const [, item] = items;
  list.delete(item!);
  list.delete(item!);
  expect(list.size).toBe(2);
  expect(item).toMatchObject({ list: undefined, before: undefined, after: undefined });
});

test('an item of one list stays there when another one is asked to take it out', () => {
  const { list, items } = listOf('a');
  listOf().list.delete(items[0]!);
  expect(namesOn(list)).toEqual(['a']);
});

test('a list of which everything was taken out is empty, and begins anew', () => {
  const { list, items } = listOf('a', 'b');
  for (const item of items) list.delete(item);
  expect(list.first).toBeUndefined();
  expect(list.size).toBe(0);
  list.add(new Item('c'));
  expect(namesOn(list)).toEqual(['c']);
});
