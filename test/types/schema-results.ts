// What the compiler must know of a typed API: results are exactly what was selected, in every form of selections. Nothing
// here runs: `npm run types` compiles it, and so does the oldest TypeScript that consumers use.

import type { Api } from '../../src/schema/index.js';
import { fields, fragment, type SelectedOf, type SelectionOf, variable } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
import { exactly } from './exactly.js';

declare const api: Api<$Types>;
declare const maybe: boolean;

interface Name {
  readonly name: string;
}

interface BookLeaves {
  readonly copies: bigint;
  readonly extra: unknown;
  readonly genre: 'FANTASY' | 'PULP' | 'SCIENCE_FICTION' | null;
  readonly grid: readonly (readonly number[] | null)[] | null;
  readonly id: string;
  readonly published: Date | null;
  readonly tags: readonly string[];
  readonly title: string;
}

interface BookNode extends BookLeaves {
  readonly __typename: 'Book';
}

export async function objects(): Promise<void> {
  exactly<readonly { readonly id: string; readonly title: string }[]>()(
    await api.query.books({}, { id: true, title: true }),
  );
  exactly<{
    readonly author: { readonly name: string; readonly books: readonly { readonly title: string }[] } | null;
  } | null>()(await api.query.book({ id: '1' }, { author: { name: true, books: { title: true } } }));
  exactly<{
    readonly id: string;
    readonly author: {
      readonly born: Date | null;
      readonly id: string;
      readonly name: string;
      readonly books: readonly BookLeaves[];
    } | null;
  } | null>()(await api.query.book({ id: 1 }, { id: true, title: false, genre: undefined, author: true }));
  exactly<readonly (readonly ({ readonly title: string } | null)[])[]>()(await api.query.shelves({}, { title: true }));
  exactly<
    readonly {
      readonly series:
        | readonly ({
            readonly grid: readonly (readonly number[] | null)[] | null;
            readonly published: Date | null;
            readonly copies: bigint;
          } | null)[]
        | null;
    }[]
  >()(await api.query.books({}, { series: { grid: true, published: true, copies: true } }));
  exactly<readonly { readonly id?: string; readonly title: string }[]>()(
    await api.query.books({}, { id: maybe, title: true }),
  );
}

export async function defaults(): Promise<void> {
  interface Book extends BookLeaves {
    readonly author: { readonly born: Date | null; readonly id: string; readonly name: string } | null;
    readonly reviews: readonly { readonly stars: number; readonly text: string | null }[];
    readonly series: readonly (BookLeaves | null)[] | null;
    readonly editor:
      | { readonly __typename: 'Author'; readonly id: string; readonly name: string; readonly born: Date | null }
      | { readonly __typename: 'Reader'; readonly id: string; readonly name: string }
      | null;
  }
  exactly<readonly Book[]>()(await api.query.books());
  exactly<readonly Book[]>()(await api.query.books({}));
  exactly<readonly Book[]>()(await api.query.books({}, undefined, { deadlineMs: 1 }));
  exactly<readonly Book[]>()(await api.query.books({}, true));
  exactly<string>()(await api.query.version());
  exactly<
    | { readonly __typename: 'Author'; readonly id: string; readonly name: string; readonly born: Date | null }
    | BookNode
    | {
        readonly __typename: 'Magazine';
        readonly id: string;
        readonly author: string | null;
        readonly issue: number;
        readonly title: string;
      }
    | { readonly __typename: 'Reader'; readonly id: string; readonly name: string }
    | null
  >()(await api.query.node({ id: 1 }));
  exactly<boolean>()(await api.mutation.clear());
}

export async function lists(): Promise<void> {
  exactly<
    readonly {
      readonly id: string;
      readonly author: { readonly name: string; readonly id: string } | null;
      readonly headline: string;
    }[]
  >()(await api.query.books({}, ['id', 'author.name', 'author.id', 'headline: title']));
  exactly<readonly { readonly writer: { readonly called: string } | null }[]>()(
    await api.query.books({}, 'writer: author.called: name'),
  );
  exactly<
    readonly {
      readonly id: string;
      readonly author: { readonly name: string; readonly books: readonly { readonly title: string }[] } | null;
      readonly reviews: readonly { readonly stars: number }[];
    }[]
  >()(await api.query.books({}, ['id', { author: ['name'], reviews: 'stars' }, 'author.books.title']));
  exactly<
    readonly {
      readonly id: string;
      readonly author: Name | null;
      readonly reviews: readonly { readonly stars: number; readonly by: Name }[];
    }[]
  >()(await api.query.books({}, { id: true, author: 'name', reviews: ['stars', 'by.name'] }));
  exactly<
    readonly {
      readonly id: string;
      readonly title: string;
      readonly price?: number | null;
      readonly tags?: readonly string[];
    }[]
  >()(
    await api.query.books({}, [
      'id',
      ['title'],
      maybe && 'tags',
      maybe && { price: { $args: { currency: 'EUR' } } },
      undefined,
    ]),
  );
}

export async function argumentsAndAliases(): Promise<void> {
  const first = variable('first', 3);
  exactly<
    readonly {
      readonly all: readonly { readonly stars: number }[];
      readonly best: readonly { readonly text: string | null }[];
      readonly price: number | null;
      readonly dollars: number | null;
      readonly title: string;
      readonly author: Name | null;
    }[]
  >()(
    await api.query.books(
      { author: null, filter: { and: [{ genres: ['PULP'], published: { from: new Date() } }] }, first },
      {
        'all: reviews': { stars: true },
        'best: reviews': { $args: { first, order: { by: 'stars', direction: 'DESC' } }, text: true },
        price: { $args: { currency: 'EUR' } },
        'dollars: price': { $args: { currency: variable('currency', undefined, { default: 'USD' }) } },
        title: { $args: { language: 'en' } },
        author: { $args: {}, name: true },
      },
    ),
  );
  exactly<
    readonly {
      readonly reviews: readonly {
        readonly by: { readonly id: string; readonly name: string };
        readonly of: BookLeaves;
        readonly stars: number;
        readonly text: string | null;
      }[];
    }[]
  >()(await api.query.books({}, { reviews: { $args: { first: 1 } } }));
  exactly<{
    readonly id: string;
  } | null>()(await api.query.bookBy({ by: { isbn: '978' } }, { id: true }));
  exactly<readonly Name[] | null>()(await api.query.authors({ genres: ['FANTASY'], ids: [1, '2'] }, 'name'));
}

export async function directives(): Promise<void> {
  exactly<
    readonly {
      readonly id: string;
      readonly title?: string;
      readonly author?: Name | null;
      readonly genre?: 'FANTASY' | 'PULP' | 'SCIENCE_FICTION' | null;
      readonly tags: readonly string[];
      readonly grid: readonly (readonly number[] | null)[] | null;
      readonly copies: bigint;
    }[]
  >()(
    await api.query.books(
      {},
      {
        id: { $directives: { live: true } },
        title: { $directives: { include: { if: maybe } } },
        author: { $directives: { skip: { if: maybe }, tag: [{ name: 'a' }, { name: 'b' }] }, name: true },
        $spread: [
          { $directives: { include: { if: maybe } }, genre: true, tags: true },
          ['tags', 'grid'],
          { $directives: { tag: { name: 'c' } }, copies: true },
        ],
      },
    ),
  );
  exactly<{ readonly author: { readonly name: string; readonly id?: string } | null } | null>()(
    await api.query.book(
      { id: 1 },
      {
        author: { name: true },
        $spread: [{ $directives: { include: { if: maybe } }, author: { id: true } }],
      },
    ),
  );
}

export async function abstractTypes(): Promise<void> {
  const found = await api.query.search(
    { text: 'sea' },
    { __typename: true, $on: { Book: { title: true }, Author: { name: true } } },
  );
  exactly<
    readonly (
      | { readonly __typename: 'Book'; readonly title: string }
      | { readonly __typename: 'Author'; readonly name: string }
      | { readonly __typename: 'Magazine' }
    )[]
  >()(found);
  for (const one of found) if (one.__typename === 'Book') exactly<string>()(one.title);
  const node = await api.query.node({ id: 1 }, { __typename: true, id: true, $on: { Reader: 'name' } });
  exactly<
    | { readonly __typename: 'Reader'; readonly id: string; readonly name: string }
    | { readonly __typename: 'Author' | 'Book' | 'Magazine'; readonly id: string }
    | null
  >()(node);
  exactly<
    readonly (
      | { readonly title: string; readonly tags: readonly string[] }
      | { readonly title: string }
      | { readonly name: string }
    )[]
  >()(await api.query.search({ text: 'sea' }, { $on: { Titled: { title: true }, Book: ['tags'], Person: ['name'] } }));
  exactly<{ readonly id: string } | null>()(await api.query.node({ id: 1 }, { id: true }));
  exactly<{ readonly id: string; readonly title?: string } | { readonly id: string } | null>()(
    await api.query.node(
      { id: 1 },
      { $on: { Node: { id: true }, Book: { $directives: { skip: { if: maybe } }, title: true } } },
    ),
  );
  exactly<{
    readonly title: string;
    readonly id: string;
  } | null>()(await api.query.book({ id: 1 }, { $on: { Titled: { title: true } }, id: true }));
}

export async function keptSelections(): Promise<void> {
  const card = fields('id', { author: ['name'] });
  type Card = { readonly id: string; readonly author: Name | null };
  exactly<readonly Card[]>()(await api.query.books({}, card));
  exactly<
    readonly {
      readonly id: string;
      readonly author: { readonly name: string; readonly id: string } | null;
      readonly title: string;
    }[]
  >()(await api.query.books({}, card.union('author.id').union({ title: true })));
  exactly<readonly { readonly books: readonly Card[] }[] | null>()(await api.query.authors({}, { books: card }));
  const most = fields('id', 'title', { author: ['name', 'born'], reviews: 'stars' });
  exactly<readonly { readonly title: string; readonly author: Name | null }[]>()(
    await api.query.books({}, most.difference('id').difference(['author.born', 'reviews.stars'])),
  );
  exactly<readonly { readonly id: string; readonly tags: readonly string[] }[]>()(
    await api.query.books({}, ['tags', most.difference({ title: true, author: true, reviews: true })]),
  );
  const parts = fragment('BookParts', 'Book', { title: true, 'writer: author': { name: true } });
  exactly<
    readonly (
      | { readonly __typename: 'Book'; readonly title: string; readonly writer: Name | null }
      | { readonly __typename: 'Author' | 'Magazine' }
    )[]
  >()(await api.query.search({ text: 'sea' }, { __typename: true, $spread: [parts] }));
  exactly<readonly { readonly title: string; readonly writer: Name | null }[]>()(await api.query.books({}, parts));
  exactly<readonly { readonly id: string; readonly title: string; readonly writer: Name | null }[]>()(
    await api.query.books({}, ['id', parts]),
  );
  const plain = { id: true, author: ['name'] } as const satisfies SelectionOf<$Types, 'Book'>;
  exactly<readonly Card[]>()(await api.query.books({}, plain));
  exactly<Card>()(null as never as SelectedOf<$Types, 'Book', typeof plain>);
}
