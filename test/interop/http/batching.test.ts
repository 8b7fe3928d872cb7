// Batches, as servers that are not ours take and refuse them.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServerError } from '../../../src/session/errors/server-error.js';
import type { Session } from '../../../src/session/session.js';
import { undici } from '../../../src/transport/undici/index.js';
import { open } from './support/ways.js';

const typeDefs = 'type Query { hello(name: String!): String!, fails: String }';

const resolvers = {
  Query: {
    hello: (_source: unknown, { name }: { readonly name: string }) => `Hello ${name}`,
    fails: () => {
      throw new Error('Sold out');
    },
  },
};

interface Peer {
  readonly url: string;
  /** How many requests came. */
  readonly requests: () => number;
}

async function listen(listener: RequestListener): Promise<Peer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, requests: () => requests };
}

function yoga(batching: boolean | { readonly limit: number }): Promise<Peer> {
  const schema = createSchema({ typeDefs, resolvers });
  // Its types take no schema of its own under `exactOptionalPropertyTypes`.
  return listen(createYoga({ schema: schema as never, batching, logging: false, maskedErrors: false }));
}

async function apollo(): Promise<Peer> {
  let requests = 0;
  const seen = new WeakSet<object>();
  const server = new ApolloServer({ typeDefs, resolvers, allowBatchedHttpRequests: true });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => {
      // It asks for a context for each entry; the request behind them is one.
      if (!seen.has(req)) requests += 1;
      seen.add(req);
      return {};
    },
  });
  onTestFinished(() => server.stop());
  return { url, requests: () => requests };
}

function greet(session: Session, name: string): Promise<unknown> {
  return session.execute('query ($name: String!) { hello(name: $name) }', { name }, { batch: 'greetings' });
}

describe.each([
  ['GraphQL Yoga', () => yoga(true)],
  ['Apollo Server', apollo],
] as const)('%s', (_name, start) => {
  test('answers calls that belong together in one request, each with its own answer', async () => {
    const { url, requests } = await start();
    const session = open(undici(url));
    const answers = await Promise.all(['Ada', 'Grace', 'Barbara'].map((name) => greet(session, name)));
    expect(answers).toEqual([{ hello: 'Hello Ada' }, { hello: 'Hello Grace' }, { hello: 'Hello Barbara' }]);
    expect(requests()).toBe(1);
  });

  test('fails one entry and answers the others, also in batches that make themselves', async () => {
    const { url, requests } = await start();
    const session = open(undici(url, { batching: { intervalMs: 50, maxSize: 3 } }));
    const [ada, failed, grace] = await Promise.allSettled([
      session.execute('{ hello(name: "Ada") }'),
      session.execute('{ fails }'),
      session.execute('{ hello(name: "Grace") }'),
    ]);
    expect([ada, grace]).toEqual([
      { status: 'fulfilled', value: { hello: 'Hello Ada' } },
      { status: 'fulfilled', value: { hello: 'Hello Grace' } },
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'graphql-errors' } });
    expect(requests()).toBe(1);
  });
});

test('a server that takes no batches says so to every caller, and goes on answering calls that are alone', async () => {
  const { url } = await yoga(false);
  const session = open(undici(url));
  const outcomes = await Promise.allSettled(['Ada', 'Grace'].map((name) => greet(session, name)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { status: 400, delivery: 'answered' } });
    expect(outcome).toHaveProperty('reason.message', expect.stringMatching(/batch/i));
  }
  expect(outcomes[0]).toHaveProperty('reason', expect.any(ServerError));
  expect(await session.execute('{ hello(name: "Ada") }')).toEqual({ hello: 'Hello Ada' });
});

test('a batch beyond the limit of the server is refused whole, one within it is not', async () => {
  const { url } = await yoga({ limit: 2 });
  const session = open(undici(url));
  const outcomes = await Promise.allSettled(['Ada', 'Grace', 'Barbara'].map((name) => greet(session, name)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const within = open(undici(url, { batching: { maxSize: 2 } }));
  const answers = await Promise.all(
    ['Ada', 'Grace', 'Barbara'].map((name) => within.execute(`{ hello(name: "${name}") }`)),
  );
  expect(answers).toEqual([{ hello: 'Hello Ada' }, { hello: 'Hello Grace' }, { hello: 'Hello Barbara' }]);
});
