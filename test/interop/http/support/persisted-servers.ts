// Servers that know documents by hashes, each in its own way, and servers that do not: Apollo Server and Mercurius do it by
// themselves, GraphQL Yoga through a hook. Every start is a new server, which has forgotten what the one before knew.

import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import fastify from 'fastify';
import { createHandler } from 'graphql-http/lib/use/http';
import { createGraphQLError, createSchema, createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import { onTestFinished } from 'vitest';
import { DocumentStore } from '../../support/document-store.js';

const { buildSchema, GraphQLError } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

const typeDefs = /* GraphQL */ `
  type Query {
    hello(name: String): String
    fails: String
  }
  type Mutation {
    add(amount: Int!): Int
  }
  type Subscription {
    count(to: Int!): Int
  }
`;

type Resolve = (source: unknown, args: Readonly<Record<string, unknown>>) => unknown;

interface Resolvers {
  readonly [type: string]: Readonly<Record<string, Resolve>>;
  readonly Query: Readonly<Record<'hello' | 'fails', Resolve>>;
  readonly Mutation: Readonly<Record<'add', Resolve>>;
}

/** What a server has run, over all its starts. */
export class Ran {
  sum = 0;
  /** The method of every request, in order. */
  readonly methods: string[] = [];

  readonly resolvers: Resolvers = {
    Query: {
      hello: (_source, { name = 'world' }) => `Hello ${name}`,
      fails: () => {
        throw new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
      },
    },
    Mutation: {
      add: (_source, { amount }) => {
        this.sum += Number(amount);
        return this.sum;
      },
    },
  };
}

/** Listens on this port, 0 for any; answers with the port and how to end. */
export type StartPeer = (
  ran: Ran,
  port: number,
) => Promise<{ readonly port: number; readonly stop: () => Promise<unknown> }>;

const host = '127.0.0.1';

function apolloWith(persistedQueries: false | undefined): StartPeer {
  return async (ran, port) => {
    const server = new ApolloServer({
      typeDefs,
      resolvers: ran.resolvers,
      includeStacktraceInErrorResponses: false,
      ...(persistedQueries === undefined ? undefined : { persistedQueries }),
    });
    const { url } = await startStandaloneServer(server, {
      listen: { host, port },
      context: async ({ req }) => {
        ran.methods.push(req.method ?? '');
        return {};
      },
    });
    return { port: Number(new URL(url).port), stop: () => server.stop() };
  };
}

export const apollo: StartPeer = apolloWith(undefined);
export const apolloWithout: StartPeer = apolloWith(false);

function yogaWith(store: (() => DocumentStore) | undefined): StartPeer {
  return (ran, port) => {
    const documents = store?.();
    const yoga = createYoga({
      schema: createSchema({
        typeDefs,
        resolvers: {
          ...ran.resolvers,
          Subscription: {
            count: {
              subscribe: async function* (_source: unknown, { to }: { readonly to: number }) {
                for (let n = 1; n <= to; n++) yield { count: n };
              },
            },
          },
        },
      }),
      logging: false,
      extraParamNames: ['documentId'],
      plugins: [
        {
          onParams: ({ request, params, setParams }) => {
            ran.methods.push(request.method);
            // It reads an id out of a body, and not out of an address.
            const documentId = new URL(request.url).searchParams.get('documentId') ?? undefined;
            const found = documents?.find({ documentId, ...params });
            if (typeof found === 'string') setParams({ ...params, query: found });
            else if (found !== undefined) throw createGraphQLError(found.message, found);
          },
        },
      ],
    });
    return listening(createServer(yoga as RequestListener), port);
  };
}

/** Knows `hello-1` by its id. */
export const yoga: StartPeer = yogaWith(
  () => new DocumentStore({ 'hello-1': 'query Hello($name: String) { hello(name: $name) }' }),
);
export const yogaWithout: StartPeer = yogaWith(undefined);

export const graphqlHttp: StartPeer = (ran, port) => {
  const schema = buildSchema(typeDefs);
  const { Query, Mutation } = ran.resolvers;
  const hello = schema.getQueryType()?.getFields().hello;
  if (hello !== undefined) hello.resolve = Query.hello;
  const add = schema.getMutationType()?.getFields().add;
  if (add !== undefined) add.resolve = Mutation.add;
  return listening(createServer(createHandler({ schema })), port);
};

function mercuriusWith(automatic: boolean): StartPeer {
  return async (ran, port) => {
    const app = fastify({ forceCloseConnections: true });
    app.addHook('onRequest', async ({ method }) => {
      ran.methods.push(method);
    });
    await app.register(mercurius, {
      schema: typeDefs.replace(/type Subscription \{[^}]*\}/, ''),
      resolvers: ran.resolvers,
      ...(automatic ? { persistedQueryProvider: mercurius.persistedQueryDefaults.automatic() } : undefined),
    });
    await app.listen({ host, port });
    return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
  };
}

export const mercuriusAutomatic: StartPeer = mercuriusWith(true);
export const mercuriusWithout: StartPeer = mercuriusWith(false);

async function listening(
  server: Server,
  port: number,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface Peer {
  readonly url: string;
  readonly ran: Ran;
  /** The same address, another server. */
  restart(): Promise<void>;
}

export async function startPeer(start: StartPeer): Promise<Peer> {
  const ran = new Ran();
  let running = await start(ran, 0);
  const { port } = running;
  onTestFinished(async () => void (await running.stop()));
  return {
    url: `http://${host}:${port}/graphql`,
    ran,
    restart: async () => {
      await running.stop();
      running = await start(ran, port);
    },
  };
}
