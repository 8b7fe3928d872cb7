// A bookshop behind a real server: what the tests of the API ask.

import { buildSchema, GraphQLScalarType, type GraphQLSchema } from 'graphql';
import type { ScalarCodecs } from '../../../../src/schema/scalars/codec.js';
import { isUpload, type Serving, serve, type UploadedFile, uploadScalar } from '../../../../src/server/index.js';
import { createServerIn, type Server, type ServerWorld } from '../../../../src/server/server.js';

export const sdl = /* GraphQL */ `
  scalar Date
  scalar Upload
  enum Genre { FICTION SCIENCE }
  interface Item { id: ID! title: String! }
  type Author { name: String! born: Date books: [Book!]! }
  type Book implements Item { id: ID! title: String! genre: Genre! published: Date author: Author! reviews(first: Int = 1): [String!]! }
  type Map implements Item { id: ID! title: String! scale: Int! }
  input BookInput { title: String! genre: Genre = FICTION published: Date tags: [String!] }
  type Query {
    "All books, of one author where that is said."
    books(author: String, genre: Genre, until: Date): [Book!]!
    book(id: ID!): Book
    items: [Item!]!
    authors: [Author!]!
    today: Date!
    echo(text: String): String
    fails: String
    halfFails: Book
    slow(gate: String!): String
  }
  type Mutation {
    addBook(input: BookInput!): Book!
    note(text: String!): String!
    setCover(book: ID!, file: Upload!): String!
    fails: String
  }
  type Subscription {
    "Every book that is added, from now on."
    bookAdded(genre: Genre): Book!
    days(from: Date!, count: Int!): Date
  }
`;

interface Book {
  readonly id: string;
  readonly title: string;
  readonly genre: string;
  readonly published: string | null;
  readonly author: { readonly name: string; readonly born: string };
  readonly reviews: (args: { first: number }) => readonly string[];
}

const leGuin = { name: 'Le Guin', born: '1929-10-21' };
const tolkien = { name: 'Tolkien', born: '1892-01-03' };

function book(id: string, title: string, author: typeof leGuin, published: string | null, genre = 'FICTION'): Book {
  const reviews = ({ first }: { first: number }) => ['Good', 'Long', 'Blue'].slice(0, first);
  return { id, title, genre, published, author, reviews };
}

/** What happens in the shop, and the strings that tests pull. */
export class Shop {
  readonly books: Book[] = [
    book('1', 'The Dispossessed', leGuin, '1974-05-01'),
    book('2', 'The Hobbit', tolkien, '1937-09-21'),
    book('3', 'Steering the Craft', leGuin, null, 'SCIENCE'),
  ];
  /** Texts of the mutation \`note\`, in the order in which they ran. */
  readonly notes: string[] = [];
  /** Operation names and variables of whatever was executed. */
  readonly seen: { readonly operationName: string | undefined; readonly variables: unknown }[] = [];
  readonly #listeners = new Set<(book: Book) => void>();
  readonly #gates = new Map<string, () => void>();
  #listened = 0;

  /** How often somebody began to listen. */
  get listened(): number {
    return this.#listened;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  get waiting(): number {
    return this.#gates.size;
  }

  open(gate: string): void {
    this.#gates.get(gate)?.();
    this.#gates.delete(gate);
  }

  wait(gate: string): Promise<void> {
    return new Promise((resolve) => {
      this.#gates.set(gate, resolve);
    });
  }

  add(
    title: string,
    { genre = 'FICTION', published = null }: { genre?: string; published?: string | null } = {},
  ): Book {
    const added = book(String(this.books.length + 1), title, leGuin, published, genre);
    this.books.push(added);
    for (const listener of this.#listeners) listener(added);
    return added;
  }

  listen(listener: (book: Book) => void): () => void {
    this.#listeners.add(listener);
    this.#listened += 1;
    return () => this.#listeners.delete(listener);
  }
}

export function bookshopSchema(shop: Shop): GraphQLSchema {
  const schema = buildSchema(sdl);
  Object.assign(schema.getType('Upload') as object, new GraphQLScalarType(uploadScalar));
  Object.assign(schema.getType('Item') as object, {
    resolveType: (item: object) => ('scale' in item ? 'Map' : 'Book'),
  });
  type Args = Record<string, unknown>;
  const queries: Record<string, (args: Args) => unknown> = {
    books: ({ author, genre, until }) =>
      shop.books.filter(
        (one) =>
          (author === undefined || one.author.name === author) &&
          (genre === undefined || one.genre === genre) &&
          (until === undefined || (one.published !== null && one.published <= String(until))),
      ),
    book: ({ id }) => shop.books.find((one) => one.id === id),
    items: () => [shop.books[0], { id: 'm', title: 'Earthsea', scale: 500 }],
    authors: () =>
      [leGuin, tolkien].map((one) => ({ ...one, books: shop.books.filter(({ author }) => author === one) })),
    today: () => '2026-01-01',
    echo: ({ text }) => text,
    fails: () => {
      throw new Error('It failed');
    },
    halfFails: () => ({
      ...shop.books[0],
      published: () => {
        throw new Error('No date');
      },
    }),
    slow: ({ gate }) => shop.wait(String(gate)).then(() => `after ${gate}`),
  };
  const mutations: Record<string, (args: Args) => unknown> = {
    addBook: ({ input }) => {
      const { title, genre, published } = input as { title: string; genre: string; published?: string };
      return shop.add(title, { genre, published: published ?? null });
    },
    note: ({ text }) => {
      shop.notes.push(String(text));
      return text;
    },
    setCover: async ({ file }) => {
      if (!isUpload(file)) throw new Error('No file');
      return `${(file as UploadedFile).name}: ${await (file as UploadedFile).text()}`;
    },
    fails: () => {
      throw new Error('It failed');
    },
  };
  for (const [name, resolve] of Object.entries(queries)) {
    Object.assign(schema.getQueryType()?.getFields()[name] as object, {
      resolve: (_: unknown, args: Args) => resolve(args),
    });
  }
  for (const [name, resolve] of Object.entries(mutations)) {
    Object.assign(schema.getMutationType()?.getFields()[name] as object, {
      resolve: (_: unknown, args: Args) => resolve(args),
    });
  }
  const { bookAdded, days } = schema.getSubscriptionType()?.getFields() ?? {};
  Object.assign(bookAdded as object, {
    subscribe: (_: unknown, { genre }: Args) => added(shop, genre as string | undefined),
    resolve: (one: unknown) => one,
  });
  Object.assign(days as object, {
    subscribe: (_: unknown, { from, count }: Args) => daysFrom(String(from), Number(count)),
    resolve: (day: unknown) => day,
  });
  return schema;
}

function added(shop: Shop, genre: string | undefined): AsyncIterableIterator<Book> {
  const queue: Book[] = [];
  const pulls: ((step: IteratorResult<Book>) => void)[] = [];
  const stop = shop.listen((one) => {
    if (genre !== undefined && one.genre !== genre) return;
    const pull = pulls.shift();
    if (pull === undefined) queue.push(one);
    else pull({ done: false, value: one });
  });
  return {
    next: () => {
      const value = queue.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      return new Promise((resolve) => pulls.push(resolve));
    },
    return: () => {
      stop();
      for (const pull of pulls.splice(0)) pull({ done: true, value: undefined });
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* daysFrom(from: string, count: number): AsyncGenerator<string> {
  for (let day = 0; day < count; day += 1) {
    yield new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10);
  }
}

export interface Bookshop extends AsyncDisposable {
  readonly shop: Shop;
  readonly schema: GraphQLSchema;
  readonly server: Server;
  readonly serving: Serving;
  readonly url: string;
  readonly ws: string;
}

export async function openBookshop(world: ServerWorld = {}): Promise<Bookshop> {
  const shop = new Shop();
  const schema = bookshopSchema(shop);
  const server = createServerIn(world, {
    schema,
    development: true,
    uploads: true,
    context: ({ payload: { operationName, variables } }) => {
      shop.seen.push({ operationName, variables });
      return {};
    },
  });
  const serving = await serve(server, { port: 0, quiet: true, signals: false });
  return {
    shop,
    schema,
    server,
    serving,
    url: serving.url,
    ws: serving.webSocketUrl,
    [Symbol.asyncDispose]: () => serving.close({ graceMs: 100 }),
  };
}

/** Dates of the shop as the program has them: as `Date`. */
export const scalars: ScalarCodecs = {
  Date: {
    encode: (value: Date): string => value.toISOString().slice(0, 10),
    decode: (wire: string): Date => new Date(`${wire}T00:00:00Z`),
  },
};

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
