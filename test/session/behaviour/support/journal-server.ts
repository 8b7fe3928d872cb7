// A real server whose journal holds every mutation it executed, written before the resolver answers, and whose
// subscriptions carry what a test publishes.

import { buildSchema, type GraphQLSchema } from 'graphql';
import { createServer, type Server, type ServerOptions, serve } from '../../../../src/server/index.js';

const sdl = /* GraphQL */ `
  type Query {
    echo(text: String!): String!
    held(text: String!): String!
  }
  type Mutation {
    add(key: String!): Int!
    addHeld(key: String!): Int!
    fails: Int
  }
  type Subscription {
    numbers(name: String): Int!
  }
`;

export interface JournalServer {
  readonly port: number;
  readonly url: string;
  readonly server: Server;
  /** The key of every mutation that was executed, in order. */
  readonly journal: readonly string[];
  /** The text of every query that was executed, in order. */
  readonly queries: readonly string[];
  /** How many subscriptions were started since the beginning, and how many run. */
  readonly subscriptions: { readonly started: number; readonly running: number };
  /** How many `held` and `addHeld` wait. */
  readonly held: number;
  /** Sends an event to every subscription. */
  publish(number: number): void;
  /** Lets everything that is held go on, and holds nothing any more. */
  release(): void;
  close(): Promise<void>;
}

interface Listener {
  readonly push: (number: number) => void;
}

export async function openJournalServer(options: Partial<ServerOptions> = {}): Promise<JournalServer> {
  const journal: string[] = [];
  const queries: string[] = [];
  const listeners = new Set<Listener>();
  let started = 0;
  let held: (() => void)[] | undefined = [];
  const hold = (): Promise<void> =>
    held === undefined ? Promise.resolve() : new Promise((resolve) => held?.push(resolve));

  const schema = buildSchema(sdl);
  resolver(schema, 'Query', 'echo', ({ text }) => {
    queries.push(String(text));
    return text;
  });
  resolver(schema, 'Query', 'held', async ({ text }) => {
    queries.push(String(text));
    await hold();
    return text;
  });
  resolver(schema, 'Mutation', 'add', ({ key }) => journal.push(String(key)));
  resolver(schema, 'Mutation', 'addHeld', async ({ key }) => {
    const place = journal.push(String(key));
    await hold();
    return place;
  });
  resolver(schema, 'Mutation', 'fails', () => {
    throw new Error('It failed');
  });
  const numbers = schema.getSubscriptionType()?.getFields().numbers;
  if (numbers === undefined) throw new Error('The schema has no numbers.');
  numbers.subscribe = () => {
    started += 1;
    return source(listeners);
  };
  numbers.resolve = (event) => event;

  const server = createServer({ schema, ...options });
  const serving = await serve(server, { port: 0, quiet: true });
  return {
    port: serving.port,
    url: serving.webSocketUrl,
    server,
    journal,
    queries,
    get subscriptions() {
      return { started, running: listeners.size };
    },
    get held() {
      return held?.length ?? 0;
    },
    publish: (number) => {
      for (const { push } of listeners) push(number);
    },
    release: () => {
      const released = held ?? [];
      held = undefined;
      for (const go of released) go();
    },
    close: () => serving.close({ graceMs: 100 }),
  };
}

function resolver(
  schema: GraphQLSchema,
  type: string,
  name: string,
  resolve: (args: Readonly<Record<string, unknown>>) => unknown,
): void {
  const object = schema.getType(type);
  const field = object !== undefined && 'getFields' in object ? object.getFields()[name] : undefined;
  if (field === undefined || !('args' in field)) throw new Error(`The schema has no ${type}.${name}.`);
  field.resolve = (_source, args) => resolve(args);
}

/** A queue of events for one subscriber, gone from the listeners when it is left. */
function source(listeners: Set<Listener>): AsyncIterableIterator<number> {
  const queue: number[] = [];
  let wake = (): void => {};
  let over = false;
  const listener: Listener = {
    push: (number) => {
      queue.push(number);
      wake();
    },
  };
  listeners.add(listener);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (!over) {
        const value = queue.shift();
        if (value !== undefined) return { done: false, value };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return { done: true, value: undefined };
    },
    return() {
      over = true;
      listeners.delete(listener);
      wake();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
