// Servers that are not ours, each set up as its documentation says, and ours: all of them serve the same application.

import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import fastify from 'fastify';
import * as graphql from 'graphql';
import { createHandler as createGraphqlHttp } from 'graphql-http/lib/use/http';
import { createGraphQLError, createSchema, createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import { onTestFinished } from 'vitest';
import { ConnectionRefused, createHandler, createServer as createOurs } from '../../../../src/server/index.js';
import { App, type Context, commonJs, typeDefs } from './app.js';

interface Listening {
  readonly port: number;
  /** Ends at once, also what is in progress. */
  readonly stop: () => Promise<unknown>;
}

/** Begins to listen on this port, 0 for any. */
export type StartPeer = (app: App, port: number) => Promise<Listening>;

const host = '127.0.0.1';

function contextOf({ headers }: Pick<IncomingMessage, 'headers'>): Context {
  return { header: (name) => headers[name]?.toString() };
}

/** What an executor of answers in parts gives. */
export interface Parts {
  readonly initialResult: object;
  readonly subsequentResults: readonly object[];
}

export const apollo: StartPeer = (app, port) => startApollo(app, port);

/** Writes these parts as the answer to whatever it is asked: its executor for them is of one version of graphql-js only. */
export function apolloAnswering({ initialResult, subsequentResults }: Parts): StartPeer {
  return (app, port) => {
    const inTurn = async function* (): AsyncGenerator<object> {
      yield* subsequentResults;
    };
    const results = { initialResult, subsequentResults: { [Symbol.asyncIterator]: inTurn } };
    return startApollo(app, port, { __testing_incrementalExecutionResults: results } as object);
  };
}

async function startApollo(app: App, port: number, options: object = {}): Promise<Listening> {
  const server = new ApolloServer<Context>({
    typeDefs,
    resolvers: app.resolvers,
    includeStacktraceInErrorResponses: false,
    ...options,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host, port },
    context: async ({ req }) => {
      app.note(req);
      if (!app.allows(req.headers)) {
        throw new commonJs.GraphQLError('Unauthorized', { extensions: { http: { status: 401 } } });
      }
      return contextOf(req);
    },
  });
  return { port: Number(new URL(url).port), stop: () => server.stop() };
}

export const yoga: StartPeer = (app, port) => {
  const server = createYoga<{ readonly req: IncomingMessage }>({
    schema: createSchema<Context>({ typeDefs, resolvers: app.resolvers }) as never,
    logging: false,
    context: ({ req }) => {
      app.note(req);
      if (!app.allows(req.headers)) {
        throw createGraphQLError('Unauthorized', { extensions: { http: { status: 401 } } });
      }
      return contextOf(req);
    },
  });
  return listening(app, createServer(server as RequestListener), port);
};

export const graphqlHttp: StartPeer = (app, port) =>
  listening(
    app,
    createServer(
      createGraphqlHttp({
        schema: app.schema(commonJs),
        context: ({ raw }) => {
          app.note(raw);
          if (app.allows(raw.headers)) return { ...contextOf(raw) };
          return [null, { status: 401, statusText: 'Unauthorized' }];
        },
      }),
    ),
    port,
  );

export const mercuriusOn: StartPeer = async (app, port) => {
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.upgrade !== undefined) return;
    app.note(request.raw);
    if (!app.allows(request.headers)) await reply.code(401).send({ message: 'Unauthorized' });
  });
  await server.register(mercurius, {
    schema: typeDefs,
    resolvers: app.resolvers as never,
    context: (request) => contextOf(request),
    subscription: true,
  });
  await server.listen({ host, port });
  return { port: (server.server.address() as AddressInfo).port, stop: () => server.close() };
};

export const ours: StartPeer = async (app, port) => {
  const server = createServer();
  const handler = await createHandler(
    createOurs({
      schema: app.schema(graphql),
      context: ({ headers }) => ({ header: (name: string) => headers[name]?.toString() }),
      onConnect: ({ headers }) => {
        if (!app.allows(headers)) throw new ConnectionRefused('Unauthorized', { code: 4401 });
      },
      onError: () => {},
    }),
  );
  server.on('request', (request, response) => {
    app.note(request);
    if (app.allows(request.headers)) handler.request(request, response);
    else response.writeHead(401).end();
  });
  server.on('upgrade', handler.upgrade);
  const running = await listening(app, server, port);
  return {
    port: running.port,
    stop: async () => {
      await Promise.all([running.stop(), handler.close({ graceMs: 0 })]);
    },
  };
};

async function listening(app: App, server: Server, port: number): Promise<Listening> {
  const count = ({ headers }: IncomingMessage): void => {
    if (headers.upgrade !== undefined) app.upgrades += 1;
  };
  // Where nobody listens to upgrades, node takes them for requests like any other.
  server.prependListener(server.listenerCount('upgrade') > 0 ? 'upgrade' : 'request', count);
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
  readonly port: number;
  readonly app: App;
  stop(): Promise<void>;
  /** Another server at the same address. */
  start(): Promise<void>;
}

/** A server that ends with its test. */
export async function startPeer(start: StartPeer): Promise<Peer> {
  const app = new App();
  let running: Listening | undefined = await start(app, 0);
  const { port } = running;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  onTestFinished(stop);
  return {
    url: `http://${host}:${port}/graphql`,
    port,
    app,
    stop,
    start: async () => {
      running = await start(app, port);
    },
  };
}
