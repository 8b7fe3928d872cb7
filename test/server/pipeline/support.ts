// A server of a small schema whose resolvers throw, wait and write, asked without a network, in time that stands still.

import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import type { ExecuteOptions, Execution, ExecutionContext } from '../../../src/protocol/executor.js';
import type { FailedOperation, FailureSource, Server, ServerOptions } from '../../../src/server/index.js';
import { createServerIn } from '../../../src/server/server.js';
import { ManualTimers } from '../support/manual-timers.js';

export interface Failure {
  readonly error: unknown;
  readonly source: FailureSource;
  readonly operation: FailedOperation | undefined;
}

export interface Asked {
  readonly server: Server;
  readonly timers: ManualTimers;
  readonly failures: Failure[];
  /** What mutations did, in order. */
  readonly written: number[];
  /** Signals that resolvers were given. */
  readonly signals: AbortSignal[];
  /** Lets resolvers go that wait. */
  release(): void;
  run(query: string, rest?: object, context?: Partial<ExecutionContext>, options?: ExecuteOptions): Promise<Execution>;
}

const sdl = /* GraphQL */ `
  type Query { hello: String broken: String required: String! meant: String waits: String list: [Item!] }
  type Item { name: String bad: String }
  type Mutation { write(value: Int!): Int fail: Int slowWrite(value: Int!): Int }
  type Subscription { ticks: Int breaks: Int refuses: Int }
`;

export const secret: Error = new Error('password is hunter2');

export function ask(options: Partial<ServerOptions> = {}): Asked {
  const failures: Failure[] = [];
  const written: number[] = [];
  const signals: AbortSignal[] = [];
  const timers = new ManualTimers();
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waits = (_: unknown, { signal }: { signal: AbortSignal }): Promise<string> => {
    signals.push(signal);
    return released.then(() => 'at last');
  };
  const rootValue = {
    hello: 'world',
    broken: () => {
      throw secret;
    },
    required: () => Promise.reject(secret),
    meant: () => {
      throw new GraphQLError('Not yours', { extensions: { code: 'FORBIDDEN' } });
    },
    waits,
    list: () => [
      { name: 'a', bad: () => Promise.reject(secret) },
      { name: 'b', bad: () => Promise.reject(secret) },
    ],
    write: ({ value }: { value: number }) => {
      written.push(value);
      return value;
    },
    fail: () => {
      written.push(-1);
      throw secret;
    },
    slowWrite: ({ value }: { value: number }, context: { signal: AbortSignal }) => {
      written.push(value);
      return waits(undefined, context).then(() => value);
    },
    ticks: async function* () {
      for (let ticks = 1; ticks <= 3; ticks += 1) yield { ticks };
    },
    breaks: async function* () {
      yield { breaks: 1 };
      throw secret;
    },
    refuses: () => {
      throw secret;
    },
  };
  const server = createServerIn(
    { timers },
    {
      schema: schema(),
      rootValue,
      onError: (error, source, operation) => void failures.push({ error, source, operation }),
      ...options,
    },
  );
  return {
    server,
    timers,
    failures,
    written,
    signals,
    release: () => release(),
    run: async (query, rest = {}, context = {}, executeOptions) =>
      server.executor.execute(
        { query, ...rest },
        {
          signal: new AbortController().signal,
          headers: {},
          connectionParams: undefined,
          connection: {},
          ...context,
        },
        executeOptions,
      ),
  };
}

function schema(): GraphQLSchema {
  return buildSchema(sdl);
}
