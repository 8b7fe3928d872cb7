// Our server with the shared schema, for the client of subscriptions-transport-ws.

import { buildSchema } from 'graphql';
import { onTestFinished } from 'vitest';
import {
  type DisconnectContext,
  type FailureSource,
  type ServerOptions,
  type Serving,
  serve,
} from '../../../../src/server/index.js';
import { createServerIn, type Server, type ServerWorld } from '../../../../src/server/server.js';
import { World } from './world.js';

export interface OurServer {
  readonly server: Server;
  readonly serving: Serving;
  readonly url: string;
  readonly world: World;
  /** How its connections ended, in order. */
  readonly endings: DisconnectContext[];
  /** What was reported to `onError`. */
  readonly failures: { readonly error: unknown; readonly source: FailureSource }[];
}

/** `serverWorld` takes the place of the real one; `port` is any free one where it is left out. */
export async function ourServer(
  options: Partial<ServerOptions> = {},
  serverWorld: ServerWorld = {},
  port: number = 0,
): Promise<OurServer> {
  const world = new World(buildSchema);
  const endings: DisconnectContext[] = [];
  const failures: OurServer['failures'] = [];
  const server = createServerIn(serverWorld, {
    schema: world.schema,
    development: true,
    context: ({ connectionParams }) => ({ user: connectionParams?.user }),
    onDisconnect: (ending) => {
      endings.push(ending);
    },
    onError: (error, source) => {
      failures.push({ error, source });
    },
    ...options,
  });
  const serving = await serve(server, { port, quiet: true });
  onTestFinished(() => serving.close({ graceMs: 100 }));
  return { server, serving, url: serving.webSocketUrl, world, endings, failures };
}
