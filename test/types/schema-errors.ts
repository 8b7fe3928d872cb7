// What the compiler must refuse of a typed API, in every form of selections. Each line with an error would compile without
// it. Nothing here runs: `npm run types` compiles it, and so does the oldest TypeScript that consumers use.

import type { Api } from '../../src/schema/index.js';
import { combineRequests, fields, fragment, variable } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';

declare const api: Api<$Types>;

export async function unknownNames(): Promise<void> {
  // @ts-expect-error a field that Book has not
  await api.query.books({}, { id: true, titel: true });
  // @ts-expect-error one that Author has not
  await api.query.books({}, { id: true, author: { nme: true } });
  // @ts-expect-error beside an alias
  await api.query.books({}, { 'all: reviews': { stars: true }, titel: true });
  // @ts-expect-error behind an alias
  await api.query.books({}, { 'headline: titel': true });
  // @ts-expect-error in a list
  await api.query.books({}, ['id', 'titel']);
  // @ts-expect-error alone
  await api.query.books({}, 'titel');
  // @ts-expect-error after a dot
  await api.query.books({}, ['id', 'author.nme']);
  // @ts-expect-error after the name of a leaf
  await api.query.books({}, ['author.name.first']);
  // @ts-expect-error in an object in a list
  await api.query.books({}, ['id', { author: ['nme'] }]);
  // @ts-expect-error in a list in an object
  await api.query.books({}, { author: ['name', 'books.titel'] });
  // @ts-expect-error in a spread
  await api.query.books({}, { id: true, $spread: [{ titel: true }] });
  // @ts-expect-error in a fragment on a type
  await api.query.search({ text: 'sea' }, { $on: { Book: { titel: true } } });
  // @ts-expect-error a union has no fields but its name
  await api.query.search({ text: 'sea' }, { id: true });
  // @ts-expect-error an object for a leaf
  await api.query.books({}, { id: { first: true } });
  // @ts-expect-error a leaf has nothing to select
  await api.query.version({}, { id: true });
  // @ts-expect-error a root field that there is not
  await api.query({ bookz: true });
  // @ts-expect-error within one of several root fields
  await api.query({ books: { id: true, titel: true }, version: true });
  // @ts-expect-error behind the alias of a root field
  await api.query({ 'old: books': { titel: true } });
  // @ts-expect-error no such root field
  api.query.bookz;
  // @ts-expect-error the name of a type is none of its root fields
  api.query.__typename;
  // @ts-expect-error in a built request
  api.request('query', { books: { titel: true } });
  // @ts-expect-error a field of queries
  api.request('mutation', { books: { title: true } });
}

export async function keptSelections(): Promise<void> {
  // @ts-expect-error a field of Author
  await api.query.books({}, fields('id', 'born'));
  // @ts-expect-error united with one
  await api.query.books({}, { author: fields('name').union('titel') });
  // @ts-expect-error a fragment with a field that its type has not
  await api.query.search({ text: 'sea' }, { $spread: [fragment('Parts', 'Book', { titel: true })] });
  // @ts-expect-error a fragment on a type that no result is of
  await api.query.search({ text: 'sea' }, { $spread: [fragment('Parts', 'Reader', { name: true })] });
}

export async function wrongArguments(): Promise<void> {
  // @ts-expect-error a required argument is missing
  await api.query.book();
  // @ts-expect-error it is missing here too
  await api.query.book({}, { id: true });
  // @ts-expect-error and here
  api.query.book.request();
  // @ts-expect-error a selection where arguments stand
  await api.query.books({ id: true });
  // @ts-expect-error an unknown argument
  await api.query.books({ autor: 'Le Guin' }, { id: true });
  // @ts-expect-error the wrong type
  await api.query.books({ first: '3' });
  // @ts-expect-error the default of a variable is of the wrong type
  await api.query.books({ first: variable('first', undefined, { default: '3' }) });
  // @ts-expect-error the value and the default of a variable are of different types
  variable('first', '3', { default: 3 });
  // @ts-expect-error no value of the enum
  await api.query.authors({ genres: ['NOVEL'] });
  // @ts-expect-error a date, as the codec of this program wants one
  await api.query.books({ filter: { published: { from: '1974' } } });
  // @ts-expect-error a required input field is missing
  await api.query.books({ filter: { published: { to: new Date() } } });
  // @ts-expect-error an unknown input field, deep inside
  await api.query.books({ filter: { and: [{ not: { autor: 'x' } }] } });
  // @ts-expect-error two of which exactly one is to be given
  await api.query.bookBy({ by: { id: 1, isbn: '978' } });
  // @ts-expect-error null for what must not be null
  await api.mutation.addBook({ book: { title: 'A', author: null } });
  // @ts-expect-error a file is made by upload()
  await api.mutation.setCover({ book: 1, cover: 'cover.png' });
  // @ts-expect-error a nested field that needs an argument
  await api.query.books({}, { price: true });
  // @ts-expect-error in a list too
  await api.query.books({}, ['price']);
  // @ts-expect-error with its own selection too
  await api.query.books({}, { review: { stars: true } });
  // @ts-expect-error a nested argument of the wrong type
  await api.query.books({}, { price: { $args: { currency: 1 } } });
  // @ts-expect-error an unknown nested argument
  await api.query.books({}, { reviews: { $args: { frist: 1 }, stars: true } });
  // @ts-expect-error an unknown input field in a nested argument
  await api.query.books({}, { reviews: { $args: { order: { by: 'stars', direktion: 'ASC' } }, stars: true } });
  // @ts-expect-error a required argument among several root fields
  await api.query({ book: { id: true } });
  // @ts-expect-error ticks needs one
  api.subscription.ticks();
}

export async function wrongDirectives(): Promise<void> {
  // @ts-expect-error an unknown directive
  await api.query.books({}, { id: { $directives: { inklude: { if: true } } } });
  // @ts-expect-error an argument of the wrong type
  await api.query.books({}, { id: { $directives: { include: { if: 'yes' } } } });
  // @ts-expect-error it needs an argument
  await api.query.books({}, { id: { $directives: { include: true } } });
  // @ts-expect-error an argument that it has not
  await api.query.books({}, { $spread: [{ $directives: { defer: { lable: 'a' } }, id: true }] });
  // @ts-expect-error a count that is none
  await api.query.books({}, { reviews: { $directives: { stream: { initialCount: null } }, stars: true } });
  // @ts-expect-error a type that no result is of
  await api.query.search({ text: 'sea' }, { $on: { Reader: { name: true } } });
}

export async function wrongResults(): Promise<void> {
  const [book] = await api.query.books({}, { id: true });
  // @ts-expect-error it was not selected
  book?.title;
  const found = await api.query.book({ id: 1 }, { title: true });
  // @ts-expect-error it may be null
  found.title;
  const [one] = await api.query.search({ text: 'sea' }, { __typename: true, $on: { Book: ['title'] } });
  // @ts-expect-error only books have one
  one?.title;
  // @ts-expect-error what was answered is not to be changed
  if (book !== undefined) book.id = '2';
  const combined = combineRequests({ One: api.query.book.request({ id: 1 }, { title: true }) });
  // @ts-expect-error there is no such operation in the document
  await api.execute(combined.Two);
  // @ts-expect-error it is null or a book with a title
  (await api.execute(combined.One))?.id;
  // @ts-expect-error a document is no request
  combineRequests({ One: 'query One { version }' });
  // @ts-expect-error an unknown option
  await api.query.books({}, { id: true }, { timeout: 1 });
}
