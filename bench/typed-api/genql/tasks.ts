// The ten tasks with genql. `client` beside it is what `genql --schema schema.graphql --scalar DateTime:string` writes.

import { createClient as createEvents } from 'graphql-ws';
import {
  type Client,
  createClient,
  generateSubscriptionOp,
  type Person,
  type PersonGenqlSelection,
  type SubscriptionGenqlSelection,
  type SubscriptionResult,
} from './client';

// Setup
export function open(url: string) {
  return createClient({ url });
}

// Task 1: a query with arguments and nested fields
export async function nestedFields(library: Client) {
  const { books } = await library.query({
    books: {
      __args: { filter: { author: 'Le Guin' }, first: 2 },
      id: true,
      title: true,
      author: { name: true },
      reviews: { __args: { first: 1 }, stars: true },
    },
  });
  return books;
}

// Task 2: the same field twice: there are no aliases, so it takes two requests
export async function sameFieldTwice(library: Client) {
  const [{ book: hobbit }, { book: craft }] = await Promise.all([
    library.query({ book: { __args: { id: 'b1' }, title: true } }),
    library.query({ book: { __args: { id: 'b4' }, title: true } }),
  ]);
  return { hobbit, craft };
}

// Task 3: several root fields in one request
export function severalFields(library: Client) {
  return library.query({ books: { __args: { first: 2 }, title: true }, authors: { name: true } });
}

// Task 4: a union, told apart by __typename
export async function union(library: Client) {
  const { search } = await library.query({
    search: {
      __args: { text: 'Craft' },
      __typename: true,
      on_Book: { title: true, genre: true },
      on_Magazine: { title: true, issue: true },
    },
  });
  return search.map((each) => {
    if (each.__typename === 'Book') return `${each.title}, ${each.genre}`;
    return each.__typename === 'Magazine' ? `${each.title} ${each.issue}` : 'an author';
  });
}

// Task 5: a fragment in two places, and a function that takes what it selects: an object, whose text is written twice
const personParts = { id: true, name: true } satisfies PersonGenqlSelection;
const label = ({ id, name }: Pick<Person, keyof typeof personParts>) => `${name} (${id})`;

export async function sharedFragment(library: Client) {
  const { books } = await library.query({
    books: { __args: { first: 2 }, author: personParts, reviews: { by: personParts } },
  });
  return books.map(({ author, reviews }) => [label(author), ...reviews.map(({ by }) => label(by))]);
}

// Task 6: a mutation with an input object
export async function mutation(library: Client) {
  const { addBook } = await library.mutation({
    addBook: {
      __args: { book: { title: 'Tehanu', genre: 'FANTASY', author: 'a1' } },
      id: true,
      title: true,
      author: { name: true },
    },
  });
  return addBook;
}

// Task 7: a subscription in a loop: genql builds the document, graphql-ws sends it, the program says the type
const selection = {
  shelved: { __args: { genre: 'SCIENCE_FICTION' }, title: true },
} satisfies SubscriptionGenqlSelection;

export async function subscription(_library: Client, url: string) {
  const events = createEvents({ url: url.replace('http', 'ws') });
  const titles: string[] = [];
  const results = events.iterate<SubscriptionResult<typeof selection>>(generateSubscriptionOp(selection));
  for await (const { data, errors } of results) {
    if (errors !== undefined) throw new AggregateError(errors);
    if (data) titles.push(data.shelved.title);
  }
  await events.dispose();
  return titles;
}

// Task 8: a scalar as Date, in and out: by hand wherever there is one
export async function dates(library: Client) {
  const since = new Date('1970-01-01').toISOString();
  const { books } = await library.query({
    books: { __args: { filter: { since } }, published: true, author: { born: true } },
  });
  const year = (moment: string | null) => (moment === null ? undefined : new Date(moment).getFullYear());
  return books.map(({ published, author }) => [year(published), year(author.born)]);
}

// Task 9: a field that is asked for on a condition: there are no directives; left out of the document, the type has it
export async function conditional(library: Client, wide: boolean) {
  const { books } = await library.query({ books: { __args: { first: 1 }, title: true, subtitle: wide } });
  return books;
}
