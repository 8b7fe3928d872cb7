// What runs behind a fuzzed server: operations that answer when a test says so, each known by a number of its own, which is in
// all that it answers. It notices resolvers that begin too early, too late or twice.

import { buildSchema, type GraphQLSchema } from 'graphql';

export const kinds = [
  'quick',
  'slow',
  'write',
  'writeOnce',
  'ticks',
  'late',
  'stuck',
  'throws',
  'invalid',
  'unfit',
] as const;
export type Kind = (typeof kinds)[number];

const documents: Readonly<Record<Kind, string>> = {
  quick: 'query ($tag: Int!) { quick(tag: $tag) }',
  slow: 'query ($tag: Int!) { slow(tag: $tag) }',
  write: 'mutation ($tag: Int!) { write(tag: $tag) }',
  writeOnce: 'mutation ($tag: Int!) { write(tag: $tag) }',
  ticks: 'subscription ($tag: Int!) { ticks(tag: $tag) }',
  late: 'subscription ($tag: Int!) { late(tag: $tag) }',
  stuck: 'subscription ($tag: Int!) { stuck(tag: $tag) }',
  throws: 'subscription ($tag: Int!) { throws(tag: $tag) }',
  invalid: '{ nothing }',
  unfit: 'query ($tag: Boolean!) { flag(tag: $tag) }',
};

/** Events that a test sends one by one, and who asked for it to end. */
export class Source implements AsyncIterableIterator<number, undefined> {
  returns = 0;
  isOpen = true;
  readonly #isStuck: boolean;
  readonly #events: number[] = [];
  #failure: Error | undefined;
  #ask: (() => void) | undefined;

  /** A stuck one never says that it has closed. */
  constructor(isStuck: boolean) {
    this.#isStuck = isStuck;
  }

  push(event: number): void {
    this.#events.push(event);
    this.#ask?.();
  }

  finish(failure: Error | undefined): void {
    this.#failure = failure;
    this.isOpen = false;
    this.#ask?.();
  }

  async next(): Promise<IteratorResult<number, undefined>> {
    while (this.isOpen && this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#ask = resolve;
      });
    }
    const value = this.#events.shift();
    if (value !== undefined) return { done: false, value };
    if (this.#failure !== undefined) throw this.#failure;
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<number, undefined>> {
    this.returns += 1;
    this.isOpen = false;
    return this.#isStuck ? new Promise(() => {}) : Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** One operation that a client asked for. */
export class Asked {
  readonly tag: number;
  readonly kind: Kind;
  began = 0;
  /** Whether its resolver may begin now; otherwise why not. */
  readonly #mayBegin: () => string | undefined;
  /** Lets what waits go on; undefined while nothing does. */
  gate: ((ok: boolean) => void) | undefined;
  source: Source | undefined;
  /** What its source has sent, as its client should get it. */
  readonly emitted: number[] = [];

  constructor(tag: number, kind: Kind, mayBegin: () => string | undefined) {
    this.tag = tag;
    this.kind = kind;
    this.#mayBegin = mayBegin;
  }

  get payload(): object {
    const extensions = this.kind === 'writeOnce' ? { idempotencyKey: `key-${this.tag}` } : undefined;
    return { query: documents[this.kind], variables: { tag: this.tag }, extensions };
  }

  /** Undefined where it is as it should be. */
  begin(): string | undefined {
    this.began += 1;
    return this.began > 1 ? 'twice' : this.#mayBegin();
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gate = (ok) => {
        this.gate = undefined;
        if (ok) resolve();
        else reject(new Error('It failed'));
      };
    });
  }

  emit(): void {
    const event = this.tag * 1_000 + this.emitted.length;
    this.emitted.push(event);
    this.source?.push(event);
  }
}

export class World {
  readonly asked: Asked[] = [];
  readonly faults: string[] = [];

  ask(kind: Kind, mayBegin: () => string | undefined): Asked {
    const one = new Asked(this.asked.length, kind, mayBegin);
    this.asked.push(one);
    return one;
  }

  get waiting(): readonly Asked[] {
    return this.asked.filter(({ gate }) => gate !== undefined);
  }

  get open(): readonly Asked[] {
    return this.asked.filter(({ source }) => source?.isOpen === true);
  }

  begin(tag: number): Asked {
    const one = this.asked[tag];
    if (one === undefined) throw new Error(`Nobody asked for ${tag}`);
    const fault = one.begin();
    if (fault !== undefined) this.faults.push(`the resolver of ${one.kind} ${tag} began ${fault}`);
    return one;
  }
}

interface Arguments {
  readonly tag: number;
}

function makeSchema(): GraphQLSchema {
  const schema = buildSchema(/* GraphQL */ `
    type Query { quick(tag: Int!): Int, slow(tag: Int!): Int, flag(tag: Boolean!): Boolean }
    type Mutation { write(tag: Int!): Int }
    type Subscription { ticks(tag: Int!): Int, late(tag: Int!): Int, stuck(tag: Int!): Int, throws(tag: Int!): Int }
  `);
  type Resolve = (asked: Asked) => unknown;
  const on = (type: ReturnType<GraphQLSchema['getQueryType']>, name: string, resolve: Resolve): void => {
    const field = type?.getFields()[name];
    if (field === undefined) throw new Error(`No field ${name}`);
    const begin = (_source: unknown, { tag }: Arguments, { world }: { readonly world: World }): unknown =>
      resolve(world.begin(tag));
    if (type === schema.getSubscriptionType()) {
      field.subscribe = begin;
      field.resolve = (event) => event;
    } else field.resolve = begin;
  };
  const answer: Resolve = ({ tag }) => tag * 1_000;
  on(schema.getQueryType(), 'quick', answer);
  on(schema.getQueryType(), 'slow', async (asked) => {
    await asked.wait();
    return answer(asked);
  });
  on(schema.getMutationType(), 'write', answer);
  const open = (asked: Asked): Source => {
    asked.source = new Source(asked.kind === 'stuck');
    return asked.source;
  };
  on(schema.getSubscriptionType(), 'ticks', open);
  on(schema.getSubscriptionType(), 'stuck', open);
  on(schema.getSubscriptionType(), 'late', async (asked) => {
    await asked.wait();
    return open(asked);
  });
  on(schema.getSubscriptionType(), 'throws', () => {
    throw new Error('No source');
  });
  return schema;
}

/** Its resolvers work in the `world` of their context. */
export const worldSchema: GraphQLSchema = makeSchema();
