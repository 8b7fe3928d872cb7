// The one schema behind every server under test, and what a test sees and does behind it: what was executed, what is held,
// which sources run.

import type { buildSchema, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Counts, Identity } from '../environment.js';
import { Source } from './source.js';

const sdl = /* GraphQL */ `
  type Query {
    echo(text: String!): String!
    "The value as JSON."
    shape(value: Shape!): String!
    "Answers when the gate is released."
    held(gate: String!): String!
    letters(count: Int!): String!
    "The user that the credentials name."
    whoami: String
    "The extensions of the request, as JSON."
    extensions: String
    fails(code: String): String
    failsWhole: String!
    "Fails until it has been asked so often."
    busy(key: String!, times: Int!): String
  }
  type Mutation {
    add(key: String!): Int!
    addHeld(key: String!, gate: String!): Int!
    addFails(key: String!): Int
  }
  type Subscription {
    "What is published, until it is finished or left."
    topic(name: String!): String!
    countTo(last: Int!): Int!
    failsAtOnce: Int
    breaksAfter(count: Int!): Int
    "The second of three events fails."
    oneBadEvent: Int
  }
  input Shape {
    text: String
    number: Float
    flags: [Boolean!]
    color: Color
    inner: Shape
  }
  enum Color {
    RED
    GREEN
  }
`;

/** What a server tells resolvers about an operation. */
export interface OperationContext {
  readonly identity: Identity | undefined;
  readonly extensions: unknown;
  /** Aborted when nobody waits for the operation any more, where the server tells. */
  readonly signal?: AbortSignal | undefined;
}

type Args = Readonly<Record<string, unknown>>;
type Resolve = GraphQLFieldResolver<unknown, OperationContext, Args>;

export class World {
  readonly schema: GraphQLSchema;
  /** The token that an identity has to hold; null: any will do. */
  token: string | null = null;
  readonly #executed = new Map<string, number>();
  readonly #opened = new Map<string, number>();
  readonly #sources = new Set<Source>();
  readonly #gates = new Map<string, { readonly released: Promise<void>; readonly release: () => void }>();
  #held = 0;
  #aborted = 0;

  /** @param build Of the copy of `graphql` that the server uses: a schema belongs to one copy. */
  constructor(build: typeof buildSchema) {
    this.schema = build(sdl);
    this.#queries();
    this.#mutations();
    this.#subscriptions();
  }

  get counts(): Pick<Counts, 'executed' | 'held' | 'aborted' | 'sources' | 'opened'> {
    return {
      executed: Object.fromEntries(this.#executed),
      held: this.#held,
      aborted: this.#aborted,
      sources: this.#sources.size,
      opened: Object.fromEntries(this.#opened),
    };
  }

  accepts(identity: unknown): boolean {
    return this.token === null || Object(identity).token === this.token;
  }

  publish(topic: string, values: readonly unknown[]): void {
    for (const source of this.#sources) if (source.topic === topic) source.push(values);
  }

  finish(topic: string): void {
    for (const source of this.#sources) if (source.topic === topic) source.finish();
  }

  release(gate: string): void {
    this.#gate(gate).release();
  }

  releaseAll(): void {
    for (const { release } of this.#gates.values()) release();
  }

  #queries(): void {
    this.#resolve('Query', 'echo', ({ text }) => {
      this.#count(`echo:${String(text).slice(0, 20)}`);
      return text;
    });
    this.#resolve('Query', 'shape', ({ value }) => JSON.stringify(value));
    this.#resolve('Query', 'held', async ({ gate }, { signal }) => {
      this.#count(`held:${gate}`);
      await this.#hold(String(gate), signal);
      return gate;
    });
    this.#resolve('Query', 'letters', ({ count }) => 'ä'.repeat(Number(count)));
    this.#resolve('Query', 'whoami', (_args, { identity }) => identity?.user);
    this.#resolve('Query', 'extensions', (_args, { extensions }) => JSON.stringify(extensions));
    this.#resolve('Query', 'fails', ({ code }) => {
      throw failure('It failed', code);
    });
    this.#resolve('Query', 'failsWhole', () => {
      throw failure('All of it failed', 'WHOLE');
    });
    this.#resolve('Query', 'busy', ({ key, times }) => {
      if (this.#count(`busy:${key}`) < Number(times)) throw failure('Busy', 'BUSY');
      return key;
    });
  }

  #mutations(): void {
    this.#resolve('Mutation', 'add', ({ key }) => this.#count(`add:${key}`));
    this.#resolve('Mutation', 'addHeld', async ({ key, gate }, { signal }) => {
      const count = this.#count(`addHeld:${key}`);
      await this.#hold(String(gate), signal);
      return count;
    });
    this.#resolve('Mutation', 'addFails', ({ key }) => {
      this.#count(`addFails:${key}`);
      throw failure('It failed', 'NO');
    });
  }

  #subscriptions(): void {
    this.#subscribe('topic', ({ name }) => this.#open(`topic:${name}`, String(name)));
    this.#subscribe('countTo', ({ last }) =>
      this.#open('countTo', undefined)
        .push(Array.from({ length: Number(last) }, (_, n) => n + 1))
        .finish(),
    );
    this.#subscribe('failsAtOnce', () => {
      throw failure('No source', 'NO');
    });
    this.#subscribe('breaksAfter', ({ count }) =>
      this.#open('breaksAfter', undefined)
        .push(Array.from({ length: Number(count) }, (_, n) => n + 1))
        .finish(new Error('The source broke')),
    );
    this.#subscribe('oneBadEvent', () => this.#open('oneBadEvent', undefined).push([1, 2, 3]).finish());
    this.#resolve('Subscription', 'oneBadEvent', (_args, _context, event) => {
      if (event === 2) throw failure('Bad event', 'BAD');
      return event;
    });
  }

  #open(name: string, topic: string | undefined): Source {
    this.#opened.set(name, (this.#opened.get(name) ?? 0) + 1);
    const source = new Source(topic, () => this.#sources.delete(source));
    this.#sources.add(source);
    return source;
  }

  #count(name: string): number {
    const count = (this.#executed.get(name) ?? 0) + 1;
    this.#executed.set(name, count);
    return count;
  }

  async #hold(gate: string, signal: AbortSignal | undefined): Promise<void> {
    const aborted = (): void => {
      this.#aborted += 1;
    };
    signal?.addEventListener('abort', aborted);
    this.#held += 1;
    await this.#gate(gate).released;
    this.#held -= 1;
    signal?.removeEventListener('abort', aborted);
  }

  #gate(name: string) {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      gate = { released, release };
      this.#gates.set(name, gate);
    }
    return gate;
  }

  #field(type: string, name: string) {
    const object = this.schema.getType(type);
    const field = object !== undefined && 'getFields' in object ? object.getFields()[name] : undefined;
    if (field === undefined || !('args' in field)) throw new Error(`The schema has no ${type}.${name}.`);
    return field;
  }

  #resolve(type: string, name: string, resolve: (args: Args, context: OperationContext, event: unknown) => unknown) {
    const resolver: Resolve = (event, args, context) => resolve(args, context, event);
    this.#field(type, name).resolve = resolver;
  }

  #subscribe(name: string, subscribe: (args: Args) => unknown): void {
    const field = this.#field('Subscription', name);
    field.subscribe = (_event, args) => subscribe(args);
    field.resolve = (event) => event;
  }
}

function failure(message: string, code: unknown): Error {
  return Object.assign(new Error(message), { extensions: { code } });
}
