// The shop server, a process of its own: `node shop-server.js <journal> http1|http2 <port>`, started with a channel to its
// parent. It says when it listens, and ends when the channel does: with the demo, however that ended.

import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { explainImportFailure } from '../../server/execution/graphql-module.js';
import { createHandler, createServer, type Server, serve } from '../../server/index.js';
import { messageOf } from '../words.js';
import { Shop } from './shop.js';
import { shopRoot, shopSchema } from './shop-schema.js';
import type { ServerProtocol } from './way.js';

/** What this process tells its parent, once. */
export type ShopMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string };

const tell = (message: ShopMessage): void => {
  process.send?.(message);
};

async function main(journal: string, protocol: ServerProtocol, port: number): Promise<void> {
  const { buildSchema } = await import('graphql').catch((error: unknown) => {
    throw explainImportFailure(error);
  });
  const server = createServer({ schema: shopSchema(buildSchema), rootValue: shopRoot(new Shop(journal)) });
  tell({ type: 'listening', port: await listen(server, protocol, port) });
}

/** Resolves with the port. HTTP/2 in clear text has a port of its own: nothing tells it from HTTP/1.1 on the same one. */
async function listen(server: Server, protocol: ServerProtocol, port: number): Promise<number> {
  if (protocol === 'http1') return (await serve(server, { port, quiet: true })).port;
  const { request } = await createHandler(server);
  const http2 = createHttp2Server(request).listen(port, '127.0.0.1');
  await once(http2, 'listening');
  return (http2.address() as AddressInfo).port;
}

// The terminal sends Ctrl-C to this process as well; its parent decides when it ends.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
const [journal, protocol, port] = process.argv.slice(2);
main(journal ?? '', protocol === 'http2' ? 'http2' : 'http1', Number(port)).catch((error: unknown) => {
  tell({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
