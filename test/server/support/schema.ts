// The schema of the server's tests, with every way in which an operation can go well or badly. `Probe` sees into it and
// holds the strings: what runs, what was finalised, and when a slow thing may go on.

import { buildSchema, type GraphQLSchema } from 'graphql';

export class Probe {
  /** Names of resolvers and sources in the order in which they began. */
  readonly began: string[] = [];
  /** Sources whose `finally` ran. */
  readonly finalised: string[] = [];
  /** Contexts that resolvers were given. */
  readonly contexts: unknown[] = [];
  readonly #gates = new Map<string, { readonly promise: Promise<void>; readonly open: () => void }>();

  /** Waits until `open` is called with this name. */
  wait(name: string): Promise<void> {
    return this.#gate(name).promise;
  }

  open(name: string): void {
    this.#gate(name).open();
  }

  #gate(name: string): { readonly promise: Promise<void>; readonly open: () => void } {
    let gate = this.#gates.get(name);
    if (gate === undefined) {
      let open = (): void => {};
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { promise, open };
      this.#gates.set(name, gate);
    }
    return gate;
  }
}

interface Context {
  readonly signal: AbortSignal;
}

const sdl = /* GraphQL */ `
  type Query {
    hello(name: String): String
    slow(gate: String!): String
    fails: String
    context: String
    huge(bytes: Int!): String
    unserialisable: Anything
  }
  type Mutation {
    add(amount: Int!): Int
  }
  type Subscription {
    count(to: Int!): Int
    "Ends only when its signal is aborted."
    forever(name: String!): Int
    "Hangs in an await that nothing ends."
    stuck(name: String!): Int
    "Yields after the gate was opened, between events."
    gated(gate: String!): Int
    "The same with several gates, one after the other."
    steps(gates: [String!]!): Int
    "Its subscribe resolver waits for the gate."
    late(gate: String!): Int
    "Cannot be left: its finally waits for the gate."
    slowToClose(gate: String!): Int
    throwsAtOnce: Int
    notIterable: Int
    throwsAfterTwo: Int
    oneBadEvent: Int
    blob(bytes: Int!): String
    unserialisable: Anything
    "The same, and its finally waits for the gate."
    unserialisableSlow(gate: String!): Anything
    badReturn: Int
  }
  scalar Anything
`;

export function makeSchema(probe: Probe): GraphQLSchema {
  const schema = buildSchema(sdl);
  const query = (name: string, resolve: (args: Record<string, unknown>, context: Context) => unknown): void => {
    const field = schema.getQueryType()?.getFields()[name];
    if (field === undefined) throw new Error(`No query ${name}`);
    field.resolve = (_source, args, context) => {
      probe.began.push(name);
      probe.contexts.push(context);
      return resolve(args, context as Context);
    };
  };
  query('hello', ({ name }) => `Hello ${name ?? 'world'}`);
  query('slow', ({ gate }) => probe.wait(String(gate)).then(() => `after ${gate}`));
  query('fails', () => {
    throw new Error('It failed');
  });
  query('context', () => 'seen');
  query('huge', ({ bytes }) => 'x'.repeat(Number(bytes)));
  query('unserialisable', () => 10n);

  const add = schema.getMutationType()?.getFields().add;
  if (add === undefined) throw new Error('No mutation');
  let sum = 0;
  add.resolve = (_source, args: { amount: number }) => {
    probe.began.push('add');
    sum += args.amount;
    return sum;
  };

  const source = (
    name: string,
    subscribe: (args: Record<string, unknown>, context: Context) => unknown,
    resolve: (event: unknown) => unknown = (event) => event,
  ): void => {
    const field = schema.getSubscriptionType()?.getFields()[name];
    if (field === undefined) throw new Error(`No subscription ${name}`);
    field.subscribe = (_source, args, context) => {
      probe.began.push(name);
      probe.contexts.push(context);
      return subscribe(args, context as Context);
    };
    field.resolve = resolve;
  };
  source('count', async function* ({ to }) {
    try {
      for (let i = 1; i <= Number(to); i++) yield i;
    } finally {
      probe.finalised.push('count');
    }
  });
  source('forever', async function* ({ name }, { signal }) {
    try {
      yield 1;
      await aborted(signal);
    } finally {
      probe.finalised.push(String(name));
    }
  });
  source('stuck', async function* ({ name }, { signal }) {
    signal.addEventListener('abort', () => probe.finalised.push(`${name} aborted`));
    yield 1;
    await new Promise(() => {});
  });
  source('gated', async function* ({ gate }) {
    try {
      yield 1;
      await probe.wait(String(gate));
      yield 2;
    } finally {
      probe.finalised.push(String(gate));
    }
  });
  source('steps', async function* ({ gates }) {
    let step = 1;
    yield step;
    for (const gate of gates as string[]) {
      await probe.wait(gate);
      step += 1;
      yield step;
    }
  });
  source('late', async ({ gate }) => {
    await probe.wait(String(gate));
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () => Promise.resolve({ done: false, value: 1 }),
      return: () => {
        probe.finalised.push(String(gate));
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  });
  source('slowToClose', ({ gate }) => ({
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => new Promise(() => {}),
    return: () =>
      probe.wait(String(gate)).then(() => {
        probe.finalised.push(String(gate));
        return { done: true, value: undefined };
      }),
  }));
  source('throwsAtOnce', () => {
    throw new Error('No source');
  });
  source('notIterable', () => 5);
  source('throwsAfterTwo', async function* () {
    yield 1;
    yield 2;
    throw new Error('Source broke');
  });
  source(
    'oneBadEvent',
    async function* () {
      yield* [1, 2, 3];
    },
    (event) => {
      if (event === 2) throw new Error('Bad event');
      return event;
    },
  );
  source('blob', async function* ({ bytes }) {
    const blob = 'x'.repeat(Number(bytes));
    try {
      for (;;) {
        probe.began.push('blob pulled');
        yield blob;
      }
    } finally {
      probe.finalised.push('blob');
    }
  });
  source('unserialisable', async function* () {
    try {
      yield 1;
      yield 10n;
      yield 3;
    } finally {
      probe.finalised.push('unserialisable');
    }
  });
  source('unserialisableSlow', async function* ({ gate }) {
    try {
      yield 10n;
    } finally {
      await probe.wait(String(gate));
    }
  });
  source('badReturn', () => ({
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => new Promise(() => {}),
    return: () => Promise.reject(new Error('Cannot close')),
  }));
  return schema;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
