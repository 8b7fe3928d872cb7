// The shop server, a process of its own: `node shop-server.js <journal> <port>`, started with a channel to its parent. It says
// when it listens, and ends when the channel does: with the demo, however that ended.

import { explainImportFailure } from '../../server/execution/graphql-module.js';
import { createServer, serve } from '../../server/index.js';
import { Shop } from './shop.js';
import { shopRoot, shopSchema } from './shop-schema.js';
import { messageOf } from './words.js';

/** What this process tells its parent, once. */
export type ShopMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string };

const tell = (message: ShopMessage): void => {
  process.send?.(message);
};

async function main(journal: string, port: number): Promise<void> {
  const { buildSchema } = await import('graphql').catch((error: unknown) => {
    throw explainImportFailure(error);
  });
  const server = createServer({ schema: shopSchema(buildSchema), rootValue: shopRoot(new Shop(journal)) });
  const serving = await serve(server, { port });
  tell({ type: 'listening', port: serving.port });
}

// The terminal sends Ctrl-C to this process as well; its parent decides when it ends.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
const [journal, port] = process.argv.slice(2);
main(journal ?? '', Number(port)).catch((error: unknown) => {
  tell({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
