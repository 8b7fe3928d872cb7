// Two of our servers behind one address, as behind a load balancer: one that leaves, and one that takes over.

import { onTestFinished } from 'vitest';
import type { ServerOptions } from '../../../../src/server/index.js';
import { type FaultProxy, faultProxy } from '../../../../src/testing/index.js';
import type { TestServer } from '../../../server/support/serving.js';
import { startOurServer } from '../../graphql-ws/support/our-server.js';

export interface MovingServer {
  /** The address that stays. */
  readonly url: string;
  readonly ws: string;
  readonly proxy: FaultProxy;
  readonly old: TestServer;
  readonly next: TestServer;
  /** New connections reach the next server, and the old one drains. Resolves when nothing is left of it. */
  leave(): Promise<void>;
}

export async function startMovingServer(options: Partial<ServerOptions> = {}): Promise<MovingServer> {
  const [old, next] = [await startOurServer(options), await startOurServer(options)];
  const proxy = await faultProxy({ target: { port: old.serving.port } });
  onTestFinished(() => proxy.close());
  return {
    url: proxy.url('http', '/graphql'),
    ws: proxy.url('ws', '/graphql'),
    proxy,
    old,
    next,
    leave() {
      proxy.retarget(next.serving.port);
      return old.serving.drain({ deadlineMs: 5_000, spreadMs: 0 });
    },
  };
}
