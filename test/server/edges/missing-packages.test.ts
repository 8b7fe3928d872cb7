// What an option needs is there before anything is served: nobody learns from a client's broken upload that a package is missing.

import { buildSchema } from 'graphql';
import { expect, test, vi } from 'vitest';
import { holdfastFastify } from '../../../src/server/adapters/fastify/index.js';
import { createHandler, createServer, type Server, serve } from '../../../src/server/index.js';

vi.mock('@fastify/busboy', () => {
  throw new Error('Not installed');
});

const schema = buildSchema('type Query { hello: String }');

test.each<[string, (server: Server) => Promise<unknown>]>([
  ['serve', (server) => serve(server, { port: 0, quiet: true })],
  ['createHandler', (server) => createHandler(server)],
  ['the plugin of Fastify', (server) => holdfastFastify({} as never, { server })],
])('%s fails where files are to be taken and the package for them cannot be loaded', async (_, start) => {
  // What vitest makes of it.
  const cannotLoad = { cause: { message: 'Not installed' } };
  await expect(start(createServer({ schema, uploads: true }))).rejects.toMatchObject(cannotLoad);
});

test('a server that takes no files needs no package for them', async () => {
  const serving = await serve(createServer({ schema }), { port: 0, quiet: true });
  await serving.close();
});
