// A server of the test schema on a free port, and what tests wait for.

import {
  type FailureSource,
  type ServerOptions,
  type ServerStats,
  type Serving,
  serve,
} from '../../../src/server/index.js';
import { createServerIn, type Server, type ServerWorld } from '../../../src/server/server.js';
import { ManualTimers } from './manual-timers.js';
import { makeSchema, Probe } from './schema.js';

export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly serving: Serving;
  readonly url: string;
  readonly ws: string;
  readonly probe: Probe;
  /** What was reported to `onError`. */
  readonly failures: { readonly error: unknown; readonly source: FailureSource }[];
}

/** Signs of life are for tests that move time themselves: in real time it is the machine that says whether one comes in between. */
const longMs = 3_600_000;

export async function startServer(options: Partial<ServerOptions> = {}, world: ServerWorld = {}): Promise<TestServer> {
  const probe = new Probe();
  const failures: TestServer['failures'] = [];
  const onError = (error: unknown, source: FailureSource): void => {
    failures.push({ error, source });
  };
  const calm = world.timers === undefined ? { keepAliveMs: longMs } : {};
  const server = createServerIn(world, { schema: makeSchema(probe), development: true, onError, ...calm, ...options });
  const serving = await serve(server, { port: 0, quiet: true });
  return {
    server,
    serving,
    url: serving.url,
    ws: serving.webSocketUrl,
    probe,
    failures,
    async [Symbol.asyncDispose]() {
      let isOpen = true;
      const closed = serving.close({ graceMs: 100 }).finally(() => {
        isOpen = false;
      });
      // Where time stands still, it has to be moved on to the end of every wait, also of one that begins later.
      while (isOpen && world.timers instanceof ManualTimers) {
        world.timers.advance(100_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await closed;
    },
  };
}

/** What a server with default limits says of them in its acknowledgement. */
export const advertisedLimits = { operations: 100, messagesPerSecond: 100, burst: 200 };

/** Waits, turn by turn of the event loop, until the condition holds; fails after twenty seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`This never came true: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const nothing: Pick<ServerStats, 'connections' | 'operations' | 'sources'> = {
  connections: 0,
  operations: 0,
  sources: 0,
};
