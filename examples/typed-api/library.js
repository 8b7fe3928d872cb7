// The server of the example: a few books.

import { buildSchema } from 'graphql';
import { createServer, serve } from 'holdfast/server';

const schema = buildSchema(`
  "A moment, in UTC."
  scalar DateTime

  type Author {
    name: String!
  }

  type Book {
    id: ID!
    title: String!
    author: Author!
    added: DateTime!
  }

  type Query {
    "All books, of one author where that is said."
    books(author: String): [Book!]!
    book(id: ID!): Book
  }

  type Mutation {
    addBook(title: String!, author: String!, added: DateTime!): Book!
  }

  type Subscription {
    "One book after the other, the newest first."
    recommended: Book!
  }
`);

const books = [];

function addBook({ title, author, added }) {
  const book = { id: String(books.length + 1), title, author: { name: author }, added };
  books.push(book);
  return book;
}

addBook({ title: 'The Dispossessed', author: 'Ursula K. Le Guin', added: '2026-01-05T09:00:00.000Z' });
addBook({ title: 'The Hobbit', author: 'J. R. R. Tolkien', added: '2026-02-11T16:30:00.000Z' });

const rootValue = {
  books: ({ author }) => books.filter((book) => author === undefined || book.author.name === author),
  book: ({ id }) => books.find((book) => book.id === id),
  addBook,
  async *recommended() {
    for (const book of books.toReversed()) yield { recommended: book };
  },
};

/** Listens on any free port. In development, so that it tells its schema to whoever asks. */
export function serveLibrary() {
  return serve(createServer({ schema, rootValue, development: true }), { port: 0, quiet: true });
}
