// Our server of the server tests' schema, closed when its test is over, after the clients that the test has started on it.

import { onTestFinished } from 'vitest';
import type { ServerOptions } from '../../../../src/server/index.js';
import type { ServerWorld } from '../../../../src/server/server.js';
import { startServer, type TestServer } from '../../../server/support/serving.js';

export async function startOurServer(
  options: Partial<ServerOptions> = {},
  world: ServerWorld = {},
): Promise<TestServer> {
  const server = await startServer(options, world);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}
