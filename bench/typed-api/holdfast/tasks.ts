// The ten tasks with holdfast/schema. `library.ts` beside it is what `holdfast generate --codecs ./scalars.js` writes.

import { fields, fragment, openApi, type SelectedOf } from 'holdfast/schema';
import { type $Types, schema } from './library.js';

// Setup
export function open(url: string) {
  return openApi(url, { schema });
}
export type Library = Awaited<ReturnType<typeof open>>;

// Task 1: a query with arguments and nested fields
export function nestedFields(library: Library) {
  return library.query.books(
    { filter: { author: 'Le Guin' }, first: 2 },
    { id: true, title: true, author: { name: true }, reviews: { $args: { first: 1 }, stars: true } },
  );
}

// Task 2: the same field twice
export function sameFieldTwice(library: Library) {
  return library.query({
    'hobbit: book': { $args: { id: 'b1' }, title: true },
    'craft: book': { $args: { id: 'b4' }, title: true },
  });
}

// Task 3: several root fields in one request
export function severalFields(library: Library) {
  return library.query({ books: { $args: { first: 2 }, title: true }, authors: { name: true } });
}

// Task 4: a union, told apart by __typename
export async function union(library: Library) {
  const found = await library.query.search(
    { text: 'Craft' },
    { __typename: true, $on: { Book: { title: true, genre: true }, Magazine: { title: true, issue: true } } },
  );
  return found.map((each) => {
    if (each.__typename === 'Book') return `${each.title}, ${each.genre}`;
    return each.__typename === 'Magazine' ? `${each.title} ${each.issue}` : 'an author';
  });
}

// Task 5: a fragment in two places, and a function that takes what it selects
const personParts = fragment('PersonParts', 'Person', ['id', 'name']);
const label = ({ id, name }: SelectedOf<$Types, 'Person', typeof personParts>) => `${name} (${id})`;

export async function sharedFragment(library: Library) {
  const books = await library.query.books({ first: 2 }, { author: personParts, reviews: { by: personParts } });
  return books.map(({ author, reviews }) => [label(author), ...reviews.map(({ by }) => label(by))]);
}

// Task 6: a mutation with an input object
export function mutation(library: Library) {
  return library.mutation.addBook(
    { book: { title: 'Tehanu', genre: 'FANTASY', author: 'a1' } },
    { id: true, title: true, author: { name: true } },
  );
}

// Task 7: a subscription in a loop
export async function subscription(library: Library) {
  const titles: string[] = [];
  for await (const event of library.subscription.shelved({ genre: 'SCIENCE_FICTION' }, ['title'])) {
    if (event.type === 'data') titles.push(event.data.title);
  }
  return titles;
}

// Task 8: a scalar as Date, in and out
export async function dates(library: Library) {
  const since = new Date('1970-01-01');
  const books = await library.query.books({ filter: { since } }, { published: true, author: { born: true } });
  return books.map(({ published, author }) => [published?.getFullYear(), author.born?.getFullYear()]);
}

// Task 9: a field that is asked for on a condition, by @include
export function conditional(library: Library, wide: boolean) {
  return library.query.books({ first: 1 }, { title: true, subtitle: { $directives: { include: { if: wide } } } });
}

// Task 10: an unknown field is refused before anything is sent, with a schema that is known at run time only
export async function unknownField(url: string, names: readonly string[]) {
  const api = await openApi(url);
  try {
    const { books } = await api.query<{ books: unknown[] }>({ books: fields(...names) });
    return books;
  } finally {
    await api.close();
  }
}
