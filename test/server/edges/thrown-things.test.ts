// Applications throw anything, also what throws again when it is looked at: it is one error of one operation like any other,
// nothing of it gets away, and nothing is left behind.

import { buildSchema, GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutionContext } from '../../../src/protocol/executor.js';
import { createServer } from '../../../src/server/index.js';

const escaped: unknown[] = [];
const catchEscaped = (error: unknown): void => void escaped.push(error);
beforeEach(() => {
  escaped.length = 0;
  process.on('unhandledRejection', catchEscaped);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', catchEscaped);
  expect(escaped).toEqual([]);
});

function withGetter(error: Error, name: string): Error {
  return Object.defineProperty(error, name, {
    get() {
      throw new Error('do not look');
    },
  });
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const things: readonly [string, () => unknown][] = [
  ['an error without a message to read', () => withGetter(new Error('x'), 'message')],
  ['an error without a name to read', () => withGetter(new Error('x'), 'name')],
  ['an error without extensions to read', () => withGetter(new Error('x'), 'extensions')],
  ['a GraphQLError without an original to read', () => withGetter(new GraphQLError('x'), 'originalError')],
  ['an object that is nothing', () => Object.create(null)],
  ['a proxy that was revoked', revoked],
  ['a symbol', () => Symbol('s')],
  ['undefined', () => undefined],
];

const nobody: ExecutionContext = {
  signal: new AbortController().signal,
  headers: {},
  connectionParams: undefined,
  connection: {},
};

describe.each([false, true])('development: %s', (development) => {
  test.each(things)('%s', async (_, make) => {
    const server = createServer({
      schema: buildSchema('type Query { field: String } type Subscription { breaks: Int refuses: Int }'),
      development,
      onError: () => {},
      rootValue: {
        field: () => {
          throw make();
        },
        breaks: async function* () {
          yield { breaks: 1 };
          throw make();
        },
        refuses: () => {
          throw make();
        },
      },
    });
    const ask = (query: string) => server.executor.execute({ query } as never, nobody);
    expect(await ask('{ field }')).toMatchObject({ kind: 'result', result: { errors: [{}] } });
    expect(await ask('subscription { refuses }')).toMatchObject({ kind: 'refused', errors: [{}] });
    const stream = await ask('subscription { breaks }');
    if (stream.kind !== 'stream') throw new Error(stream.kind);
    expect((await stream.events.next()).value?.data).toEqual({ breaks: 1 });
    await expect(stream.events.next()).rejects.toBeInstanceOf(Error);
    expect(server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });
});
