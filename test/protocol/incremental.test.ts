// Answers in parts, in both formats and their variants, made by hand: what they become, and what is no part of an answer.

import { describe, expect, test } from 'vitest';
import { IncrementalAnswer } from '../../src/protocol/incremental.js';
import type { Result } from '../../src/protocol/result.js';
import { deepJson } from './dialects/foreign-text.js';
import { frozen } from './support/frozen.js';

/** As it comes from the wire. Frozen: what was received is never changed. */
function part(given: object): Result {
  return frozen(JSON.parse(JSON.stringify(given)) as Result);
}

/** The snapshot after each part. Frozen, so that a later part that changed one would throw. */
function snapshotsOf(...parts: readonly object[]): Result[] {
  const answer = new IncrementalAnswer();
  return parts.map((given) => {
    expect(answer.add(part(given))).toBeUndefined();
    return frozen(answer.snapshot());
  });
}

/** What is wrong with the last of these parts. */
function faultOf(...parts: readonly object[]): string | undefined {
  const answer = new IncrementalAnswer();
  const faults = parts.map((given) => answer.add(part(given)));
  for (const fault of faults.slice(0, -1)) expect(fault).toBeUndefined();
  return faults.at(-1);
}

const first = { data: { book: { title: 'A' }, list: [1] }, hasNext: true };
const book = { id: '0', path: ['book'], label: 'Details' };
const list = { id: '1', path: ['list'] };
const announced = { ...first, pending: [book, list] };

describe('parts that name what was announced', () => {
  test('add fields to objects and items to lists, until nothing is pending', () => {
    const snapshots = snapshotsOf(
      announced,
      { incremental: [{ id: '1', items: [2, 3] }], hasNext: true },
      { incremental: [{ id: '0', data: { pages: 5 } }], completed: [{ id: '0' }], hasNext: true },
      { incremental: [{ id: '1', items: [4] }], completed: [{ id: '1' }], hasNext: false },
    );
    expect(snapshots).toEqual([
      { data: { book: { title: 'A' }, list: [1] }, hasNext: true },
      { data: { book: { title: 'A' }, list: [1, 2, 3] }, hasNext: true },
      { data: { book: { title: 'A', pages: 5 }, list: [1, 2, 3] }, hasNext: true },
      { data: { book: { title: 'A', pages: 5 }, list: [1, 2, 3, 4] }, hasNext: false },
    ]);
  });

  test('may say where below the announced path they belong', () => {
    const [, last] = snapshotsOf(
      { data: { a: { list: [{ n: 1 }] } }, pending: [{ id: '0', path: ['a'] }], hasNext: true },
      { incremental: [{ id: '0', subPath: ['list', 0], data: { m: 2 } }], completed: [{ id: '0' }], hasNext: false },
    );
    expect(last?.data).toEqual({ a: { list: [{ n: 1, m: 2 }] } });
  });

  test('may announce others, which belong to what they bring', () => {
    const snapshots = snapshotsOf(
      { data: {}, pending: [{ id: '0', path: [] }], hasNext: true },
      {
        pending: [{ id: '1', path: ['a', 'list'] }],
        incremental: [
          { id: '0', data: { a: { list: [] } } },
          { id: '1', items: [1] },
        ],
        completed: [{ id: '0' }],
        hasNext: true,
      },
      { completed: [{ id: '1' }], hasNext: false },
    );
    expect(snapshots.at(-1)).toEqual({ data: { a: { list: [1] } }, hasNext: false });
  });

  test('may fail: their errors come with their completion, and the rest stays', () => {
    const error = { message: 'no pages', path: ['book', 'pages'] };
    const [, last] = snapshotsOf(announced, {
      completed: [{ id: '0', errors: [error] }, { id: '1' }],
      hasNext: false,
    });
    expect(last).toEqual({ ...first, errors: [error], hasNext: false });
  });

  test('with a path and label beside their id, and null for what is left out, are the same', () => {
    const [, last] = snapshotsOf(
      { ...announced, errors: null, extensions: null, incremental: null, completed: null },
      {
        data: null,
        pending: null,
        incremental: [
          { id: '0', path: ['book'], label: 'Details', subPath: null, data: { pages: 5 }, items: null, errors: null },
        ],
        completed: [
          { id: '0', path: ['book'], label: 'Details', errors: null },
          { id: '1', path: ['list'], label: null },
        ],
        extensions: null,
        hasNext: false,
      },
    );
    expect(last?.data).toEqual({ book: { title: 'A', pages: 5 }, list: [1] });
  });
});

describe('parts that name a path', () => {
  test('add fields to objects, and items to lists at the index that ends their path', () => {
    const snapshots = snapshotsOf(
      first,
      { incremental: [{ path: ['book'], label: 'Details', data: { pages: 5 } }], hasNext: true },
      {
        incremental: [
          { path: ['list', 1], items: [2, 3] },
          { path: ['list', 3], items: [4] },
        ],
        hasNext: true,
      },
      { hasNext: false },
    );
    expect(snapshots.map(({ data }) => data)).toEqual([
      { book: { title: 'A' }, list: [1] },
      { book: { title: 'A', pages: 5 }, list: [1] },
      { book: { title: 'A', pages: 5 }, list: [1, 2, 3, 4] },
      { book: { title: 'A', pages: 5 }, list: [1, 2, 3, 4] },
    ]);
    expect(snapshots.map(({ hasNext }) => hasNext)).toEqual([true, true, true, false]);
  });

  test('may hold their one entry themselves', () => {
    const [, , last] = snapshotsOf(
      first,
      { path: ['book'], data: { pages: 5 }, label: 'Details', extensions: { cost: 1 }, hasNext: true },
      { path: ['list', 1], items: [2], errors: [{ message: 'slow' }], hasNext: false },
    );
    expect(last).toEqual({
      data: { book: { title: 'A', pages: 5 }, list: [1, 2] },
      errors: [{ message: 'slow' }],
      extensions: { cost: 1 },
      hasNext: false,
    });
  });

  test('may repeat fields that have come: objects within are merged, also in lists, and the rest gives way', () => {
    const [, last] = snapshotsOf(
      { data: { a: { b: 1, list: [{ x: 1 }, { x: 2 }], kind: 'old' }, other: 1 }, hasNext: true },
      {
        incremental: [{ path: [], data: { a: { c: 2, list: [{ y: 1 }, { y: 2 }, { y: 3 }], kind: 'new' } } }],
        hasNext: false,
      },
    );
    expect(last?.data).toEqual({
      a: { b: 1, c: 2, list: [{ x: 1, y: 1 }, { x: 2, y: 2 }, { y: 3 }], kind: 'new' },
      other: 1,
    });
  });

  test('may fail: null stands for what did not come', () => {
    const [, last] = snapshotsOf(first, {
      incremental: [
        { path: ['book'], data: null, errors: [{ message: 'no pages' }] },
        { path: ['list', 1], items: null, errors: [{ message: 'no items' }] },
      ],
      hasNext: false,
    });
    expect(last).toEqual({ ...first, errors: [{ message: 'no pages' }, { message: 'no items' }], hasNext: false });
  });
});

describe('what comes with the parts', () => {
  test('accumulates: errors in their order, extensions by name', () => {
    const snapshots = snapshotsOf(
      { ...first, errors: [{ message: 'one' }], extensions: { a: 1, b: 1 } },
      {
        incremental: [{ path: ['book'], data: {}, errors: [{ message: 'three' }, 'four'], extensions: { c: 1 } }],
        errors: [{ message: 'two' }],
        extensions: { b: 2 },
        hasNext: true,
      },
      { hasNext: false },
    );
    expect(snapshots[0]).toMatchObject({ errors: [{ message: 'one' }], extensions: { a: 1, b: 1 } });
    expect(snapshots[2]?.errors?.map(({ message }) => message)).toEqual(['one', 'two', 'three', 'four']);
    expect(snapshots[2]?.extensions).toEqual({ a: 1, b: 2, c: 1 });
  });

  test('is what an ordinary answer holds, where that is all', () => {
    expect(snapshotsOf({ data: { a: 1 }, extensions: { cost: 1 } })).toEqual([
      { data: { a: 1 }, extensions: { cost: 1 }, hasNext: false },
    ]);
    expect(snapshotsOf({ data: null, errors: [{ message: 'no' }] })).toEqual([
      { data: null, errors: [{ message: 'no' }], hasNext: false },
    ]);
  });
});

test('What a part does not touch is shared by the snapshots, and nothing is copied twice between two of them', () => {
  const [before, after] = snapshotsOf(
    { data: { a: { deep: { n: 1 } }, b: { n: 1 } }, hasNext: true },
    { incremental: [{ path: ['a'], data: { m: 2 } }], hasNext: true },
  ).map(({ data }) => data as { readonly a: { readonly deep: object }; readonly b: object });
  expect(after?.b).toBe(before?.b);
  expect(after?.a.deep).toBe(before?.a.deep);
  expect(after?.a).not.toBe(before?.a);
});

test('A list that grows item by item is not copied for each of them while nobody looks', () => {
  const answer = new IncrementalAnswer();
  answer.add({ data: { list: [] }, hasNext: true });
  const count = 100_000;
  // Copying each time would take five thousand million steps.
  for (let n = 0; n < count; n++)
    answer.add({ incremental: [{ path: ['list', n], items: [n] }], hasNext: true } as Result);
  expect((answer.snapshot().data as { list: unknown[] }).list).toHaveLength(count);
});

describe('a fault is', () => {
  test.each([
    ['an unknown id', { incremental: [{ id: '7', data: {} }], hasNext: true }, 'the id "7" is not pending'],
    ['an unknown id that is completed', { completed: [{ id: '7' }], hasNext: true }, 'the id "7" is not pending'],
    ['a completion without an id', { completed: [{}], hasNext: true }, 'the id undefined is not pending'],
    ['an id announced twice', { pending: [book], hasNext: true }, '"pending" announces the id "0" twice'],
    ['an announcement without an id', { pending: [{ path: [] }], hasNext: true }, 'lacks its id or its path'],
    ['an announcement without a path', { pending: [{ id: '2' }], hasNext: true }, 'lacks its id or its path'],
    ['an end with something pending', { hasNext: false }, 'something is still pending'],
    ['an entry that names nothing', { incremental: [{ data: {} }], hasNext: true }, 'neither an id nor a path'],
    ['a second whole answer', { data: { book: null }, hasNext: true }, 'neither an id nor a path'],
    ['items without a path', { items: [1], hasNext: true }, 'neither an id nor a path'],
    [
      'a path with other steps',
      { incremental: [{ path: [true], data: {} }], hasNext: true },
      'neither an id nor a path',
    ],
    [
      'a negative index',
      { incremental: [{ path: ['list', -1], items: [1] }], hasNext: true },
      'neither an id nor a path',
    ],
    [
      'a subPath that is none',
      { incremental: [{ id: '0', subPath: 'a', data: {} }], hasNext: true },
      '"subPath" is no path',
    ],
    [
      'data that is no object',
      { incremental: [{ id: '0', data: [1] }], hasNext: true },
      '"data" must be an object, not an array',
    ],
    [
      'items that are no list',
      { incremental: [{ id: '1', items: {} }], hasNext: true },
      '"items" must be a list, not an object',
    ],
    ['a list that is none', { incremental: { id: '0' }, hasNext: true }, '"incremental" must be a list of objects'],
    ['a list of others', { pending: ['0'], hasNext: true }, '"pending" must be a list of objects'],
    ['a completed list that is none', { completed: '0', hasNext: true }, '"completed" must be a list of objects'],
    [
      'a field that is not there',
      { incremental: [{ path: ['author'], data: {} }], hasNext: true },
      '"author", where there is nothing',
    ],
    [
      'a scalar',
      { incremental: [{ path: ['book', 'title'], data: {} }], hasNext: true },
      '"book.title", where there is nothing',
    ],
    [
      'an index that is not there',
      { incremental: [{ path: ['list', 5], data: {} }], hasNext: true },
      '"list.5", where',
    ],
    ['an index of an object', { incremental: [{ path: ['book', 0], data: {} }], hasNext: true }, '"book.0", where'],
    [
      'a field of a list',
      { incremental: [{ path: ['list', 'length'], data: {} }], hasNext: true },
      '"list.length", where',
    ],
    ['an index as text', { incremental: [{ path: ['list', '0'], data: {} }], hasNext: true }, '"list.0", where'],
    [
      'an inherited name',
      { incremental: [{ path: ['constructor'], data: {} }], hasNext: true },
      '"constructor", where',
    ],
    [
      'the prototype',
      { incremental: [{ path: ['__proto__'], data: { polluted: 1 } }], hasNext: true },
      '"__proto__", where',
    ],
    [
      'the prototype of a list',
      { incremental: [{ path: ['list', '__proto__'], data: { p: 1 } }], hasNext: true },
      '__proto__", where',
    ],
    [
      'the prototype as a sub-path',
      { incremental: [{ id: '0', subPath: ['__proto__'], data: { p: 1 } }], hasNext: true },
      'where',
    ],
    [
      'items for no list',
      { incremental: [{ id: '0', items: [1] }], hasNext: true },
      'items to "book", which is no list',
    ],
    [
      'items for no list, by path',
      { incremental: [{ path: ['book', 0], items: [1] }], hasNext: true },
      'which is no list',
    ],
    [
      'items whose path ends in no index',
      { incremental: [{ path: ['list'], items: [1] }], hasNext: true },
      'ends in no index',
    ],
    [
      'items that leave a hole',
      { incremental: [{ path: ['list', 5], items: [1] }], hasNext: true },
      'item 5 to "list", which has 1 items',
    ],
    [
      'items that came before',
      { incremental: [{ path: ['list', 0], items: [1] }], hasNext: true },
      'item 0 to "list", which has 1 items',
    ],
    [
      'fields for a list',
      { incremental: [{ id: '1', data: { a: 1 } }], hasNext: true },
      'fields to "list", which is a list',
    ],
  ])('%s', (_, given, said) => {
    expect(faultOf(announced, given)).toContain(said);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a patch to an answer without data', () => {
    const patch = { incremental: [{ path: [], data: { a: 1 } }], hasNext: true };
    for (const data of [null, undefined])
      expect(faultOf({ data, hasNext: true }, patch)).toContain('the root, where there is nothing');
  });
});

test('A field that is called __proto__ stays a field', () => {
  const answer = new IncrementalAnswer();
  answer.add(part(JSON.parse('{"data":{"__proto__":{"a":1}},"hasNext":true}')));
  const patch =
    '{"incremental":[{"path":["__proto__"],"data":{"b":2}},{"path":[],"data":{"__proto__":{"c":3}}}],"hasNext":false}';
  expect(answer.add(JSON.parse(patch))).toBeUndefined();
  const data = answer.snapshot().data as object;
  expect(JSON.stringify(data)).toBe('{"__proto__":{"a":1,"b":2,"c":3}}');
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
});

test('However deep what came is, merging it takes no stack', () => {
  const deep = deepJson();
  const answer = new IncrementalAnswer();
  answer.add({ data: { a: JSON.parse(deep) }, hasNext: true });
  const patch = { incremental: [{ path: [], data: { a: JSON.parse(deep) } }], hasNext: false } as Result;
  expect(answer.add(patch)).toBeUndefined();
});
