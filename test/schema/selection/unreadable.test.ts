// Selections whose getters or proxies throw: what they throw is told with the place where it was thrown.

import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/index.js';
import type { Api } from '../../../src/schema/api/api.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { fields } from '../../../src/schema/selection/fields.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { readOperation, readSelection } from '../../../src/schema/selection/read-selection.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { build, library } from '../build/library.js';

const cause = new Error('the getter failed');
const fail = (): never => {
  throw cause;
};
const failing = (name: string | number, around: object = {}): object =>
  Object.defineProperty(around, name, { enumerable: true, get: fail });

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function refusalOf(run: () => unknown): ValidationError {
  const thrown = thrownBy(run);
  if (thrown instanceof ValidationError) return thrown;
  throw new Error('it was taken, or refused otherwise', { cause: thrown });
}

/** Over a session that sends nothing. */
const offline = (): Api => createApi({ execute: fail, subscribe: fail } as unknown as Session, library);

describe('a getter that throws is told with its place', () => {
  test.each<[string, unknown, (string | number)[]]>([
    ['a root field', failing('books'), ['books']],
    ['a nested field', { books: { author: failing('name') } }, ['books', 'author', 'name']],
    ['an item of a list', { books: ['id', failing(0, [])] }, ['books', 1, 0]],
    ['$args', { books: failing('$args', { id: true }) }, ['books', '$args']],
    ['an argument', { books: { $args: failing('first'), id: true } }, ['books', '$args', 'first']],
    ['$directives', { books: failing('$directives', { id: true }) }, ['books', '$directives']],
    ['$directives of the operation', failing('$directives', { version: true }), ['$directives']],
    ['a directive', { books: { $directives: failing('skip'), id: true } }, ['books', '$directives', 'skip']],
    [
      'an argument of a directive',
      { id: { $directives: { skip: failing('if') } } },
      ['id', '$directives', 'skip', 'if'],
    ],
    ['a directive among others', { id: { $directives: { tag: failing(0, []) } } }, ['id', '$directives', 'tag', 0]],
    ['$on', { books: failing('$on') }, ['books', '$on']],
    ['a condition', { books: { $on: failing('Book') } }, ['books', '$on', 'Book']],
    ['a field under a condition', { books: { $on: { Book: failing('id') } } }, ['books', '$on', 'Book', 'id']],
    ['$args of a fragment', { books: { $on: { Book: failing('$args') } } }, ['books', '$on', 'Book', '$args']],
    ['$spread', { books: failing('$spread') }, ['books', '$spread']],
    ['a fragment', { books: { $spread: failing(0, []) } }, ['books', '$spread', 0]],
  ])('%s', (_what, selection, path) => {
    const refusal = refusalOf(() => readOperation('query', undefined, selection));
    expect(refusal.message).toContain('It cannot be read: the getter failed');
    expect(refusal).toMatchObject({ path: ['query', ...path], cause });
  });

  test('in what fields() and fragment() are given', () => {
    expect(refusalOf(() => fields('id', { author: failing('name') }))).toMatchObject({
      path: [1, 'author', 'name'],
      cause,
    });
    expect(refusalOf(() => fragment('Parts', 'Book', failing('id')))).toMatchObject({ path: ['Parts', 'id'], cause });
    for (const method of ['union', 'difference'] as const) {
      expect(refusalOf(() => fields('id')[method](failing('name')))).toMatchObject({ path: ['name'], cause });
    }
  });

  test('in values that are compared, because a field is selected twice', () => {
    const books = () => ({ books: { $args: { filter: failing('genre') }, id: true } });
    expect(refusalOf(() => readSelection([books(), books()]))).toMatchObject({ path: [1, 'books'], cause });
    expect(refusalOf(() => fields(books()).union(books()))).toMatchObject({ cause });
    const apart = { books: { ...books().books, $directives: { cached: true } } };
    expect(
      refusalOf(() => build({ $spread: [fragment('One', 'Query', books()), fragment('Two', 'Query', apart)] })),
    ).toMatchObject({
      path: ['fragment', 'Two', 'books', 'filter'],
      cause,
    });
  });

  test('whatever it throws', () => {
    for (const [thrown, reason] of [
      [undefined, 'undefined was thrown.'],
      ['a text', '"a text" was thrown.'],
      [new RangeError('too far'), 'too far'],
    ]) {
      const selection = Object.defineProperty({}, 'id', {
        enumerable: true,
        get() {
          throw thrown;
        },
      });
      const refusal = refusalOf(() => readSelection(selection));
      expect(refusal.message).toBe(`id: It cannot be read: ${reason}`);
      expect(refusal.cause).toBe(thrown);
    }
  });
});

describe('a proxy that throws is told with its place', () => {
  const traps = ['ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'get'] as const;

  test.each(traps)('%s', (trap) => {
    const proxy = new Proxy({ id: true }, { [trap]: fail });
    for (const selection of [
      { books: proxy },
      { books: ['id', { author: proxy }] },
      { books: { $on: proxy } },
      { books: { $args: proxy } },
      { books: { $directives: { skip: proxy } } },
    ]) {
      const refusal = refusalOf(() => readOperation('query', undefined, selection));
      expect(refusal.path.slice(0, 2)).toEqual(['query', 'books']);
      expect(refusal.cause).toBe(cause);
    }
  });

  test('one that was revoked', () => {
    for (const [selection, path] of [
      [revoked({}), []],
      [{ books: revoked({}) }, ['books']],
      [{ books: revoked([]) }, ['books']],
      [{ books: { $spread: revoked([]) } }, ['books', '$spread']],
      [{ books: { $args: { first: revoked({}) } } }, ['books', '$args', 'first']],
    ] as const) {
      expect(refusalOf(() => readOperation('query', undefined, selection))).toMatchObject({ path: ['query', ...path] });
    }
  });
});

describe('the functions of an API tell what throws with its place', () => {
  const api = offline();
  const { books } = api.query;

  test('in selections and arguments', () => {
    expect(refusalOf(() => api.request('query', { books: failing('id') }))).toMatchObject({
      path: ['query', 'books', 'id'],
      cause,
    });
    expect(refusalOf(() => books?.request({}, { author: failing('name') }))).toMatchObject({
      path: ['query', 'books', 'author', 'name'],
      cause,
    });
    expect(refusalOf(() => books?.request(failing('first') as Record<string, unknown>, 'id'))).toMatchObject({
      path: ['query', 'books', 'first'],
      cause,
    });
    const proxy = new Proxy({}, { has: fail });
    expect(refusalOf(() => books?.request(proxy, 'id'))).toMatchObject({ path: ['query', 'books'], cause });
    const filter = failing('genre', { authors: variable('authors', ['a']) });
    expect(refusalOf(() => books?.request({ filter }, 'id'))).toMatchObject({ cause });
  });

  test('in the rejection of a call', async () => {
    await expect(books?.({}, failing('id'))).rejects.toMatchObject({ path: ['query', 'books', 'id'], cause });
    await expect(api.query(failing('books'))).rejects.toMatchObject({ path: ['query', 'books'], cause });
  });
});

test('what is read is read once, and a selection that is kept does not change with it', () => {
  let reads = 0;
  const args = {
    get first() {
      reads += 1;
      return reads;
    },
    author: 'Le Guin',
  };
  const kept = fields({ books: { $args: args, id: true } });
  args.author = 'Somebody else';
  expect(build(kept).values.map(({ value }) => value)).toEqual([1, 'Le Guin']);
  expect(reads).toBe(1);
});

describe('a selection without an end is refused', () => {
  const largest = 'A selection holds at most 100000 fields, fragments and items of lists.';
  const deepest = 'Selections are nested at most 200 deep';

  test('however deep fields() and fragments are inside of one another', () => {
    const nested = (wrap: (inner: unknown, level: number) => unknown): unknown =>
      Array.from({ length: 20_000 }).reduce((inner, _, level) => wrap(inner, level), 'id');
    for (const wrap of [
      (inner: unknown) => fields({ related: inner }),
      (inner: unknown, level: number) => fragment(`F${level}`, 'Book', { related: inner }),
      (inner: unknown, level: number) => fragment(`F${level}`, 'Book', ['id', inner]),
    ]) {
      expect(refusalOf(() => nested(wrap)).message).toContain(deepest);
    }
  });

  test('as deep as they may be they are built', () => {
    const deep = Array.from({ length: 197 }).reduce<unknown>((inner) => ({ related: inner }), 'id');
    expect(build({ books: deep }).built.document).toContain('related');
    const beside = Array.from({ length: 197 }).reduce<unknown>((inner) => fields('id', { related: inner }), 'id');
    expect(build({ books: beside }).built.document).toContain('related');
    expect(refusalOf(() => build({ books: { related: { related: beside } } })).message).toContain(deepest);
  });

  test('however often it holds the same objects', () => {
    const doubled = (wrap: (inner: unknown) => unknown): unknown =>
      Array.from({ length: 100 }).reduce((inner) => wrap({ 'a: related': inner, 'b: related': inner }), 'id');
    expect(refusalOf(() => readSelection(doubled((inner) => inner))).message).toContain(largest);
    expect(refusalOf(() => doubled((inner) => fields(inner))).message).toContain(largest);
    const half = (prefix: string) => fields(...Array.from({ length: 40_000 }, (_, index) => `${prefix}${index}: id`));
    const [one, other] = [half('a'), half('b')];
    expect([...one.union(one)]).toHaveLength(40_000);
    expect(refusalOf(() => one.union(other).union(half('c'))).message).toContain(largest);
  });

  test('however long its lists are, of nothing too', () => {
    const long = new Array(4_294_967_295);
    for (const selection of [{ books: long }, { books: { $spread: long } }, { id: { $directives: { tag: long } } }]) {
      expect(refusalOf(() => readSelection(selection)).message).toContain(largest);
    }
    const endless = new Proxy([], { get: (_, key) => (key === 'length' ? Number.POSITIVE_INFINITY : 'id') });
    expect(refusalOf(() => readSelection(endless)).message).toContain(largest);
  });

  test('where every object has another one inside', () => {
    const keys = ['author', 'x: author'];
    const make = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => keys,
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
          get: (_, key) => (keys.includes(String(key)) ? make() : undefined),
        },
      );
    expect(refusalOf(() => readSelection(make())).message).toContain(deepest);
  });

  test('long ones that have an end are united in their time', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `author.a${index}: name`);
    const conditions = Array.from({ length: 20_000 }, (_, index) => ({ $on: { Book: `a${index}: id` } }));
    expect(readSelection(names).fields[0]?.selection?.fields).toHaveLength(20_000);
    expect(readSelection(conditions).spreads[0]?.selection.fields).toHaveLength(20_000);
    const named = Array.from({ length: 20_000 }, (_, index) => fragment(`F${index}`, 'Book', 'id'));
    expect(readSelection({ $spread: [...named, ...named] }).spreads).toHaveLength(20_000);
  });
});

describe('a value that contains itself', () => {
  const within: Record<string, unknown> = {};
  within.not = within;
  within.and = [within, within];

  test('is looked through once, and refused by who writes it', () => {
    const api = offline();
    for (const filter of [within, { authors: variable('authors', ['a']), not: within }]) {
      const refusal = refusalOf(() => api.request('query', { books: { $args: { filter }, id: true } }));
      expect(refusal.problems.some(({ message }) => message.includes('It contains itself'))).toBe(true);
    }
  });
});
