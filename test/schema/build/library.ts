// A library's schema for the tests of the builder, and documents as its tests compare them.

import { parse, print, validate } from 'graphql';
import { expect } from 'vitest';
import type { BoundOperation } from '../../../src/schema/build/bound-operation.js';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { type Problem, ValidationError } from '../../../src/schema/errors/validation-error.js';
import type { Schema } from '../../../src/schema/schema.js';
import type { OperationNode } from '../../../src/schema/selection/nodes.js';
import { readOperation } from '../../../src/schema/selection/read-selection.js';
import { schemaOf } from '../support/schema-of.js';

export const library: Schema = schemaOf(`
  type Query {
    book(id: ID!): Book
    books(author: String, first: Int = 10, after: String, filter: BookFilter, genres: [Genre!]): [Book!]!
    authors(first: Int!): [Author!]!
    search(text: String!, first: Int): [Found!]!
    node(id: ID!): Node
    version: String!
  }
  type Mutation {
    addBook(input: NewBook!): Book!
    lend(book: ID!, days: Int! = 14): Loan
  }
  type Subscription {
    bookAdded(genre: Genre): Book!
    loanChanged: Loan!
  }
  interface Node { id: ID! }
  interface Titled { title: String! }
  type Book implements Node & Titled {
    id: ID!
    title(language: String): String!
    genre: Genre
    pages: Int
    isbn: String @deprecated(reason: "use id")
    author: Author!
    related(first: Int = 3, filter: BookFilter): [Book!]!
    owner: Owner
  }
  type Magazine implements Node & Titled { id: ID! title: String! issue: Int! pages: [Int!] owner: Library }
  type Author implements Node { id: ID! name: String! born: Int books(first: Int): [Book!]! }
  type Library { name: String! city: String }
  type Loan { book: Book! days: Int! }
  union Found = Book | Author | Magazine
  union Owner = Library | Author
  enum Genre { NOVEL POETRY }
  input BookFilter { genre: Genre, authors: [String!], not: BookFilter }
  input NewBook { title: String!, genre: Genre }
  directive @cached(seconds: Int! = 60) on FIELD | QUERY
  directive @tag(name: String!) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
`);

type Options = Partial<Pick<OperationNode, 'kind' | 'name'>>;

/** With a builder of its own. */
export function build(selection: unknown, options: Options = {}): BoundOperation {
  return buildWith(new OperationBuilder(library), selection, options);
}

export function buildWith(builder: OperationBuilder, selection: unknown, options: Options = {}): BoundOperation {
  return builder.build(readOperation(options.kind ?? 'query', options.name, selection));
}

/** The document for a selection, which graphql-js prints and takes as it is. */
export async function documentOf(selection: unknown, options: Options = {}): Promise<string> {
  const { document } = build(selection, options).built;
  expect(print(parse(document))).toBe(document);
  expect(validate(await library.graphql(), parse(document))).toEqual([]);
  return document;
}

/** A document as a person writes it, printed canonically. */
export function written(document: string): string {
  return print(parse(document));
}

/** The values for the variables, by name. */
export function valuesOf({ values }: BoundOperation): Record<string, unknown> {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}

/** What is wrong with a selection. */
export function problemsOf(selection: () => unknown, options: Options = {}): readonly Problem[] {
  try {
    build(selection(), options);
  } catch (error) {
    if (error instanceof ValidationError) return error.problems;
    throw error;
  }
  throw new Error('nothing was found wrong with it');
}
