// The ten tasks with gql.tada. `graphql-env.d.ts` beside it is what `gql.tada generate-output` writes. It types documents only:
// graphql-request sends them, graphql-ws the subscriptions.

import { type FragmentOf, initGraphQLTada, type ResultOf, readFragment, type VariablesOf } from 'gql.tada';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, parse, print, validate } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { createClient as createEvents } from 'graphql-ws';
import type { introspection } from './graphql-env';

// Setup
const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();

export function open(url: string) {
  return new GraphQLClient(url);
}

// Task 1: a query with arguments and nested fields
const NestedFields = graphql(`
  query NestedFields($filter: BookFilter) {
    books(filter: $filter, first: 2) { id title author { name } reviews(first: 1) { stars } }
  }
`);

export async function nestedFields(library: GraphQLClient) {
  const { books } = await library.request(NestedFields, { filter: { author: 'Le Guin' } });
  return books;
}

// Task 2: the same field twice
const SameFieldTwice = graphql(`
  query SameFieldTwice($hobbit: ID!, $craft: ID!) {
    hobbit: book(id: $hobbit) { title }
    craft: book(id: $craft) { title }
  }
`);

export function sameFieldTwice(library: GraphQLClient) {
  return library.request(SameFieldTwice, { hobbit: 'b1', craft: 'b4' });
}

// Task 3: several root fields in one request
const SeveralFields = graphql(`
  query SeveralFields {
    books(first: 2) { title }
    authors { name }
  }
`);

export function severalFields(library: GraphQLClient) {
  return library.request(SeveralFields);
}

// Task 4: a union, told apart by __typename
const Union = graphql(`
  query Union($text: String!) {
    search(text: $text) { __typename ... on Book { title genre } ... on Magazine { title issue } }
  }
`);

export async function union(library: GraphQLClient) {
  const { search } = await library.request(Union, { text: 'Craft' });
  return search.map((each) => {
    if (each.__typename === 'Book') return `${each.title}, ${each.genre}`;
    return each.__typename === 'Magazine' ? `${each.title} ${each.issue}` : 'an author';
  });
}

// Task 5: a fragment in two places, and a function that takes what it selects
const PersonParts = graphql(`
  fragment PersonParts on Person { id name }
`);
const SharedFragment = graphql(
  `
    query SharedFragment {
      books(first: 2) { author { ...PersonParts } reviews { by { ...PersonParts } } }
    }
  `,
  [PersonParts],
);

function label(person: FragmentOf<typeof PersonParts>) {
  const { id, name } = readFragment(PersonParts, person);
  return `${name} (${id})`;
}

export async function sharedFragment(library: GraphQLClient) {
  const { books } = await library.request(SharedFragment);
  return books.map(({ author, reviews }) => [label(author), ...reviews.map(({ by }) => label(by))]);
}

// Task 6: a mutation with an input object
const AddBook = graphql(`
  mutation AddBook($book: NewBook!) {
    addBook(book: $book) { id title author { name } }
  }
`);

export async function mutation(library: GraphQLClient) {
  const { addBook } = await library.request(AddBook, { book: { title: 'Tehanu', genre: 'FANTASY', author: 'a1' } });
  return addBook;
}

// Task 7: a subscription in a loop: graphql-ws, which takes texts and knows no types of documents
const Shelved = graphql(`
  subscription Shelved($genre: Genre) {
    shelved(genre: $genre) { title }
  }
`);

export async function subscription(_library: GraphQLClient, url: string) {
  const events = createEvents({ url: url.replace('http', 'ws') });
  const titles: string[] = [];
  const variables: VariablesOf<typeof Shelved> = { genre: 'SCIENCE_FICTION' };
  for await (const { data, errors } of events.iterate<ResultOf<typeof Shelved>>({ query: print(Shelved), variables })) {
    if (errors !== undefined) throw new AggregateError(errors);
    if (data) titles.push(data.shelved.title);
  }
  await events.dispose();
  return titles;
}

// Task 8: a scalar as Date, in and out: by hand wherever there is one
const Dates = graphql(`
  query Dates($filter: BookFilter) {
    books(filter: $filter) { published author { born } }
  }
`);

export async function dates(library: GraphQLClient) {
  const since = new Date('1970-01-01').toISOString();
  const { books } = await library.request(Dates, { filter: { since } });
  const year = (moment: string | null) => (moment === null ? undefined : new Date(moment).getFullYear());
  return books.map(({ published, author }) => [year(published), year(author.born)]);
}

// Task 9: a field that is asked for on a condition, by @include
const Conditional = graphql(`
  query Conditional($wide: Boolean!) {
    books(first: 1) { title subtitle @include(if: $wide) }
  }
`);

export async function conditional(library: GraphQLClient, wide: boolean) {
  const { books } = await library.request(Conditional, { wide });
  return books;
}

// Task 10: an unknown field is refused before anything is sent, with a schema that is known at run time only: graphql-js does it
export async function unknownField(url: string, names: readonly string[]) {
  const client = new GraphQLClient(url);
  const schema = buildClientSchema(await client.request<IntrospectionQuery>(getIntrospectionQuery()));
  const document = parse(`{ books { ${names.join(' ')} } }`);
  const problems = validate(schema, document);
  if (problems.length > 0) throw new AggregateError(problems, problems.map(({ message }) => message).join('\n'));
  const { books } = await client.request<{ books: unknown[] }>(document);
  return books;
}
