// The library that every contender asks: a server of ours with few books, which answers everybody the same. It counts how often
// it was asked for books, so that what was refused before it was sent can be told from what was refused by the server.

import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { createServer, serve } from 'holdfast/server';

const sdl = readFileSync(new URL('library.graphql', import.meta.url), 'utf8');

const person = (id, name, __typename) => ({ __typename, id, name });
const leGuin = { ...person('a1', 'Ursula K. Le Guin', 'Author'), born: '1929-10-21T00:00:00.000Z' };
const tolkien = { ...person('a2', 'J. R. R. Tolkien', 'Author'), born: '1892-01-03T00:00:00.000Z' };
const ann = { ...person('r1', 'Ann', 'Reader'), loans: [] };
const harper = { id: 'p1', name: 'Harper' };

const book = (id, title, subtitle, genre, published, author) => ({
  __typename: 'Book',
  id,
  title,
  subtitle,
  genre,
  published,
  author,
  publisher: harper,
  reviews: ({ first }) =>
    [
      { stars: 5, text: 'Again!', by: ann },
      { stars: 4, text: null, by: author === leGuin ? tolkien : leGuin },
    ].slice(0, first),
});

const books = [
  book('b1', 'The Hobbit', 'There and Back Again', 'FANTASY', '1937-09-21T00:00:00.000Z', tolkien),
  book('b2', 'The Left Hand of Darkness', null, 'SCIENCE_FICTION', '1969-03-01T00:00:00.000Z', leGuin),
  book('b3', 'The Dispossessed', 'An Ambiguous Utopia', 'SCIENCE_FICTION', '1974-05-01T00:00:00.000Z', leGuin),
  book('b4', 'Steering the Craft', null, 'ESSAY', '1998-04-01T00:00:00.000Z', leGuin),
];
const magazine = { __typename: 'Magazine', id: 'm1', title: 'The Craft', issue: 7, publisher: harper };
for (const author of [leGuin, tolkien])
  author.books = ({ first }) => books.filter((each) => each.author === author).slice(0, first);

const wanted = (filter) => (each) =>
  (filter?.author === undefined || each.author.name.includes(filter.author)) &&
  (filter?.genres === undefined || filter.genres.includes(each.genre)) &&
  (filter?.since === undefined || each.published >= filter.since);

/** Listens on any free port. `asked()` says how often books were asked for. */
export async function serveLibrary() {
  let asked = 0;
  const rootValue = {
    books: ({ filter, first }) => {
      asked += 1;
      return books.filter(wanted(filter)).slice(0, first);
    },
    book: ({ id }) => books.find((each) => each.id === id),
    authors: ({ first }) => [leGuin, tolkien].slice(0, first),
    search: ({ text }) =>
      [...books, magazine, leGuin, tolkien].filter((each) => (each.title ?? each.name).includes(text)),
    addBook: ({ book: { title, subtitle = null, genre, author, published = null } }) =>
      book('b5', title, subtitle, genre, published, author === 'a1' ? leGuin : tolkien),
    async *shelved({ genre }) {
      for (const each of books.filter(wanted(genre && { genres: [genre] }))) yield { shelved: each };
    },
  };
  const server = createServer({ schema: buildSchema(sdl), rootValue, development: true });
  const { url, close } = await serve(server, { port: 0, quiet: true, graphiql: false, signals: false });
  return { url, asked: () => asked, close: () => close({ graceMs: 0 }) };
}
