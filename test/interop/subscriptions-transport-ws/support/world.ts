// The schema that stands behind both servers, ours and that of subscriptions-transport-ws, and what a test sees of it: what
// was executed, what runs, and when a held thing may go on.

import { EventEmitter, on } from 'node:events';
import type { GraphQLFieldResolver, GraphQLSchema, buildSchema as graphqlBuildSchema } from 'graphql';

const sdl = /* GraphQL */ `
  type Query {
    echo(text: String!): String!
    held(text: String!): String!
    "The user that the connection parameters named."
    whoami: String
    fails: String
  }
  type Mutation {
    add(key: String!): Int!
    addHeld(key: String!): Int!
  }
  type Subscription {
    "What a test publishes, until it is left."
    numbers: Int!
    countTo(last: Int!): Int!
    throwsAtOnce: Int
    notIterable: Int
    throwsAfterTwo: Int
    oneBadEvent: Int
  }
`;

type Resolve = GraphQLFieldResolver<unknown, { readonly user?: unknown }, Readonly<Record<string, unknown>>>;

export class World {
  readonly schema: GraphQLSchema;
  /** The key of every mutation that was executed, in order. */
  readonly journal: string[] = [];
  /** The text of every query that was executed, in order. */
  readonly queries: string[] = [];
  readonly #numbers = new EventEmitter().setMaxListeners(0);
  #held: (() => void)[] = [];

  /** @param buildSchema Of the copy of `graphql` that the server uses: a schema belongs to one copy. */
  constructor(buildSchema: typeof graphqlBuildSchema) {
    this.schema = buildSchema(sdl);
    this.#resolve('Query', 'echo', (_source, { text }) => {
      this.queries.push(String(text));
      return text;
    });
    this.#resolve('Query', 'held', async (_source, { text }) => {
      this.queries.push(String(text));
      await this.#hold();
      return text;
    });
    this.#resolve('Query', 'whoami', (_source, _args, { user }) => user);
    this.#resolve('Query', 'fails', () => {
      throw new Error('It failed');
    });
    this.#resolve('Mutation', 'add', (_source, { key }) => this.journal.push(String(key)));
    this.#resolve('Mutation', 'addHeld', async (_source, { key }) => {
      const place = this.journal.push(String(key));
      await this.#hold();
      return place;
    });
    this.#subscribe('numbers', () => on(this.#numbers, 'number'));
    this.#resolve('Subscription', 'numbers', (event) => (event as readonly [number])[0]);
    this.#subscribe('countTo', async function* ({ last }) {
      for (let n = 1; n <= Number(last); n++) yield n;
    });
    this.#subscribe('throwsAtOnce', () => {
      throw new Error('No source');
    });
    this.#subscribe('notIterable', () => 5);
    this.#subscribe('throwsAfterTwo', async function* () {
      yield* [1, 2];
      throw new Error('Source broke');
    });
    this.#subscribe('oneBadEvent', async function* () {
      yield* [1, 2, 3];
    });
    this.#resolve('Subscription', 'oneBadEvent', (event) => {
      if (event === 2) throw new Error('Bad event');
      return event;
    });
  }

  /** How many subscribers `numbers` has. */
  get subscribers(): number {
    return this.#numbers.listenerCount('number');
  }

  /** How many `held` and `addHeld` wait. */
  get held(): number {
    return this.#held.length;
  }

  publish(...numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.emit('number', number);
  }

  /** Lets those that wait now go on, the last one first. */
  release(): void {
    for (const go of this.#held.splice(0).reverse()) go();
  }

  #hold(): Promise<void> {
    return new Promise((go) => this.#held.push(go));
  }

  #field(type: string, name: string) {
    const object = this.schema.getType(type);
    const field = object !== undefined && 'getFields' in object ? object.getFields()[name] : undefined;
    if (field === undefined || !('args' in field)) throw new Error(`The schema has no ${type}.${name}.`);
    return field;
  }

  #resolve(type: string, name: string, resolve: Resolve): void {
    this.#field(type, name).resolve = resolve;
  }

  #subscribe(name: string, subscribe: (args: Readonly<Record<string, unknown>>) => unknown): void {
    const field = this.#field('Subscription', name);
    field.subscribe = (_source, args) => subscribe(args);
    field.resolve = (event) => event;
  }
}
