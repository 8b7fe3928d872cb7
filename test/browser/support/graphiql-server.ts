// What the tests of GraphiQL open: the built package's own `serve()`, with a schema in which there is something to explore.

import { buildSchema } from 'graphql';
import { onTestFinished } from 'vitest';
import type { Serving } from '../../../src/server/adapters/node/serve.js';
import type { ServerStats } from '../../../src/server/stats.js';
import { builtFile } from '../../support/built.js';

const sdl = /* GraphQL */ `
  """
  What can be asked:

  | left | centre | right |
  | :--- | :----: | ----: |
  | one  | two    | three |
  """
  type Query {
    "Greets *whoever* is named."
    greeting(name: String!): String
    "The header x-user."
    user: String
    old: Int @deprecated(reason: "Ask for **greeting**.")
    fails: Int
  }
  type Mutation {
    add(amount: Int!): Int
  }
  type Subscription {
    numbers: Int
    "What connection_init says under x-user."
    user: String
    fails: Int
  }
`;

interface Context {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined;
}

export interface GraphiqlServer {
  readonly serving: Serving;
  stats(): ServerStats;
  /** To everybody who subscribes to `numbers`. */
  publish(number: number): void;
}

/** Ends with its test. */
export async function startGraphiqlServer(): Promise<GraphiqlServer> {
  const path = builtFile('server/index.js');
  const { createServer, serve } = (await import(path)) as typeof import('../../../src/server/index.js');
  const listeners = new Set<(number: number) => void>();
  const schema = buildSchema(sdl);
  const query = schema.getQueryType()?.getFields();
  const mutation = schema.getMutationType()?.getFields();
  const subscription = schema.getSubscriptionType()?.getFields();
  query!.greeting!.resolve = (_source, { name }: { name: string }) => `Hello ${name}`;
  query!.user!.resolve = (_source, _args, { headers }: Context) => headers['x-user'];
  query!.fails!.resolve = () => {
    throw new Error('The resolver failed');
  };
  mutation!.add!.resolve = (_source, { amount }: { amount: number }) => amount + 1;
  subscription!.numbers!.subscribe = (_source, _args, { signal }: { signal: AbortSignal }) =>
    numbers(listeners, signal);
  subscription!.user!.subscribe = async function* (_source, _args, { connectionParams }: Context) {
    yield { user: connectionParams?.['x-user'] };
  };
  subscription!.fails!.subscribe = () => {
    throw new Error('There are no events');
  };
  const server = createServer({ schema, development: true });
  const serving = await serve(server, { port: 0, quiet: true, signals: false });
  onTestFinished(() => serving.close({ graceMs: 100 }));
  return {
    serving,
    stats: () => server.stats(),
    publish(number) {
      for (const listener of listeners) listener(number);
    },
  };
}

async function* numbers(listeners: Set<(number: number) => void>, signal: AbortSignal): AsyncGenerator<object> {
  const waiting: number[] = [];
  let wake = (): void => {};
  const listener = (number: number): void => {
    waiting.push(number);
    wake();
  };
  listeners.add(listener);
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      const number = waiting.shift();
      if (number !== undefined) yield { numbers: number };
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    listeners.delete(listener);
  }
}
