// A schema with everything in it that a document may meet, read for these tests.

import { buildSchema } from 'graphql';
import type { Schema } from '../../../src/schema/schema.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';

const sdl = `
  scalar Date
  scalar Upload
  enum Genre { NOVEL STORY ESSAY }
  interface Work { id: ID! title: String! published: Date }
  type Book implements Work {
    id: ID! title: String! published: Date author: Author genres: [Genre!]! grid: [[Date]] related(first: Int = 3): [Work!]!
  }
  type Film implements Work { id: ID! title: String! published: Date director: Author }
  type Author { id: ID! name: String! born: Date books(filter: Filter): [Book!]! best: Book friends: [Author!]! }
  union Found = Book | Author
  input Filter { tags: [String!] genre: Genre since: Date limit: Int! = 10 }
  type Query {
    book(id: ID!): Book
    books(filter: Filter): [Book!]!
    works: [Work!]!
    search(text: String!, genre: Genre = NOVEL): [Found!]!
    me: Author
  }
  type Mutation { addBook(title: String!, cover: Upload!): Book }
  type Subscription { bookAdded: Book }
`;

export function librarySchema(): Schema {
  return readSchema(buildSchema(sdl));
}
