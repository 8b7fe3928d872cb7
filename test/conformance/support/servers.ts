// The servers under test, each on a free port with a world of its own: ours, that of graphql-ws and that of
// subscriptions-transport-ws.

import { createServer as createHttpServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, execute, parse, subscribe, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type ServerOptions as LegacyOptions, SubscriptionServer } from 'subscriptions-transport-ws';
import { WebSocketServer } from 'ws';
import { ConnectionRefused, createServer, type Executor, type Server, serve } from '../../../src/server/index.js';
import type { Identity } from '../environment.js';
import type { TurnsAway } from './door.js';
import { type OperationContext, World } from './world.js';

export interface RunningServer {
  readonly world: World;
  /** Undefined for one that listens nowhere. */
  readonly port: number | undefined;
  /** Of its address. */
  readonly scheme: 'ws' | 'http' | 'https';
  /** How connections are turned away in front of it. */
  readonly turnsAway: TurnsAway;
  /** Of one that is reached within the process. */
  readonly executor: Executor | undefined;
  /** What it holds at this moment, by name. */
  load(): { readonly connections: number } & Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export type StartServer = () => Promise<RunningServer>;

/** Our server, listening nowhere. */
export function makeOurServer(): { readonly server: Server; readonly world: World } {
  const world = new World(buildSchema);
  const server = createServer({
    schema: world.schema,
    // As the servers of others: what resolvers throw is told, and no key makes a mutation one that may be sent again.
    development: true,
    idempotency: false,
    // The pages of the tests come from a site of their own.
    allowedOrigins: ['*'],
    context: ({ connectionParams, headers, payload, signal }): OperationContext => ({
      identity: connectionParams ?? identityIn(headers),
      extensions: payload.extensions,
      signal,
    }),
    onConnect: ({ connectionParams, headers }) => {
      if (!world.accepts(connectionParams ?? identityIn(headers))) throw new ConnectionRefused('Unknown token');
    },
    limits: { operationsPerConnection: 500, messageBytes: 8 * 2 ** 20, aliases: 500 },
  });
  return { server, world };
}

/** Who sent these headers. */
export function identityIn({ 'x-identity': given }: IncomingHttpHeaders): Identity | undefined {
  return typeof given === 'string' ? JSON.parse(decodeURIComponent(given)) : undefined;
}

function loadOf(server: Server): ReturnType<RunningServer['load']> {
  const { connections, operations, sources } = server.stats();
  return { connections, operations, sources };
}

export async function startOurServer(): Promise<RunningServer> {
  const { server, world } = makeOurServer();
  const serving = await serve(server, { port: 0, quiet: true });
  return {
    world,
    port: serving.port,
    scheme: 'ws',
    turnsAway: 'resets',
    executor: undefined,
    load: () => loadOf(server),
    close: () => serving.close({ graceMs: 100 }),
  };
}

export async function startInProcess(): Promise<RunningServer> {
  const { server, world } = makeOurServer();
  return {
    world,
    port: undefined,
    scheme: 'ws',
    turnsAway: 'resets',
    executor: server.executor,
    load: () => loadOf(server),
    close: async () => {},
  };
}

/** The server of graphql-ws speaks graphql-transport-ws. */
export async function startGraphqlWsServer(): Promise<RunningServer> {
  const world = new World(buildSchema);
  const http = createHttpServer();
  const webSockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer(
    {
      // The test runner and Node may load two copies of graphql-js: the one that made the schema must execute it.
      parse,
      validate,
      execute,
      subscribe,
      schema: world.schema,
      context: ({ connectionParams }, _id, { extensions }) => ({ identity: connectionParams, extensions }),
      onConnect: ({ connectionParams }) => world.accepts(connectionParams),
    },
    webSockets,
  );
  return listening(world, http);
}

// It is CommonJS and takes `graphql` by `require`, so its schema is built with that copy.
const legacyGraphql = createRequire(import.meta.url)('graphql') as typeof import('graphql');

/** The server of subscriptions-transport-ws speaks the legacy graphql-ws. */
export async function startLegacyServer(): Promise<RunningServer> {
  const world = new World(legacyGraphql.buildSchema);
  const http = createHttpServer();
  const options: LegacyOptions = {
    schema: world.schema,
    execute: legacyGraphql.execute as NonNullable<LegacyOptions['execute']>,
    subscribe: legacyGraphql.subscribe as NonNullable<LegacyOptions['subscribe']>,
    onConnect: (connectionParams: Readonly<Record<string, unknown>>) => {
      if (!world.accepts(connectionParams)) throw new Error('Unknown token');
      return { identity: connectionParams };
    },
    onOperation: (message: { readonly payload: { readonly extensions?: unknown } }, params: { context: object }) => ({
      ...params,
      context: { ...params.context, extensions: message.payload.extensions },
    }),
  };
  SubscriptionServer.create(options, { server: http, path: '/graphql' });
  return listening(world, http);
}

async function listening(world: World, http: HttpServer): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    world,
    port: (http.address() as AddressInfo).port,
    scheme: 'ws',
    turnsAway: 'resets',
    executor: undefined,
    load: () => ({ connections: sockets.size }),
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
