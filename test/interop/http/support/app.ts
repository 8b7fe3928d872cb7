// What every server of these tests serves, whatever software it is made of: one schema, a context with the request's headers,
// and a notebook of what was asked and what ran. Outlives the server, as a database does.

import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';

type GraphQL = Pick<typeof import('graphql'), 'buildSchema' | 'GraphQLError'>;

/** The copy that servers in CommonJS have: a schema belongs to one copy. */
export const commonJs: GraphQL = createRequire(import.meta.url)('graphql');

export const typeDefs = /* GraphQL */ `
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD
  type Query {
    hello(name: String): String!
    list(of: [Item!]!): [String!]!
    fails: String
    mustNotFail: String!
    large(bytes: Int!): String!
    slow(gate: String!): String!
    header(name: String!): String
  }
  input Item {
    name: String!
    times: Int = 1
  }
  type Mutation {
    add(key: String!): Int!
    addSlowly(key: String!, gate: String!): Int!
  }
  type Subscription {
    count(to: Int!): Int!
    forever: Int!
    failsAtOnce: Int!
  }
`;

type Arguments = Readonly<Record<string, unknown>>;
type Resolve = (source: unknown, args: Arguments, context: Context) => unknown;

/** What resolvers are given, by every server. */
export interface Context {
  readonly header: (name: string) => string | undefined;
}

export interface Resolvers {
  readonly [type: string]: Readonly<Record<string, Resolve | { readonly subscribe: Resolve }>>;
  readonly Query: Readonly<Record<string, Resolve>>;
  readonly Mutation: Readonly<Record<string, Resolve>>;
  readonly Subscription: Readonly<Record<string, { readonly subscribe: Resolve }>>;
}

/** A request as it came in. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export class App {
  /** Requests over HTTP, in order, upgrades not among them. */
  readonly asked: Asked[] = [];
  /** How often a WebSocket was asked for. */
  upgrades = 0;
  /** The keys of mutations that ran, in order. */
  readonly ran: string[] = [];
  /** The gate of every slow query, and every endless source, that began. */
  readonly began: string[] = [];
  /** How many endless sources were ended. */
  finished = 0;
  /** Where it is set, requests without it as their bearer token are answered with 401. */
  token: string | undefined;
  readonly #gates = new Map<string, PromiseWithResolvers>();

  open(gate: string): void {
    this.#gate(gate).resolve();
  }

  note({ method = '', url = '', headers }: IncomingMessage): void {
    this.asked.push({ method, url, headers });
  }

  allows({ authorization }: Asked['headers']): boolean {
    return this.token === undefined || authorization === `Bearer ${this.token}`;
  }

  readonly resolvers: Resolvers = {
    Query: {
      hello: (_source, { name }) => `Hello ${name ?? 'world'}`,
      list: (_source, { of }) =>
        (of as { readonly name: string; readonly times: number }[]).flatMap(({ name, times }) =>
          Array(times).fill(name),
        ),
      fails: () => this.#fail('Sold out', 'SOLD_OUT'),
      mustNotFail: () => this.#fail('All is lost', 'LOST'),
      large: (_source, { bytes }) => 'x'.repeat(Number(bytes)),
      slow: async (_source, { gate }) => {
        this.began.push(String(gate));
        await this.#gate(String(gate)).promise;
        return `after ${gate}`;
      },
      header: (_source, { name }, context) => context.header(String(name)),
    },
    Mutation: {
      add: (_source, { key }) => this.ran.push(String(key)),
      addSlowly: async (_source, { key, gate }) => {
        const place = this.ran.push(String(key));
        await this.#gate(String(gate)).promise;
        return place;
      },
    },
    Subscription: {
      count: {
        subscribe: async function* (_source, { to }) {
          for (let count = 1; count <= Number(to); count++) yield { count };
        },
      },
      forever: {
        subscribe: () => {
          this.began.push('forever');
          return forever(() => {
            this.finished += 1;
          });
        },
      },
      failsAtOnce: { subscribe: () => this.#fail('No source', 'NO_SOURCE') },
    },
  };

  /** For servers that take a schema, made by their copy of graphql-js. */
  schema({ buildSchema }: GraphQL): GraphQLSchema {
    const schema = buildSchema(typeDefs);
    for (const [type, fields] of Object.entries(this.resolvers)) {
      for (const [name, resolve] of Object.entries(fields)) {
        const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
        if (field === undefined) throw new Error(`The schema has no field ${type}.${name}.`);
        Object.assign(field, typeof resolve === 'function' ? { resolve } : resolve);
      }
    }
    return schema;
  }

  #fail(message: string, code: string): never {
    throw new commonJs.GraphQLError(message, { extensions: { code } });
  }

  #gate(name: string): PromiseWithResolvers {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      let resolve = (): void => {};
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      gate = { promise, resolve };
      this.#gates.set(name, gate);
    }
    return gate;
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** One event, and then nothing until nobody listens any more. */
function forever(finished: () => void): AsyncIterator<object> & AsyncIterable<object> {
  let first = true;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => {
      if (!first) return new Promise(() => {});
      first = false;
      return Promise.resolve({ done: false, value: { forever: 1 } });
    },
    return: () => {
      finished();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
