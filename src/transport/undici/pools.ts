// Where requests go: two pools of undici, so that streams which stay open never take the sockets of calls; or a dispatcher of
// the program's own, which stays its own.

import type { Dispatcher, Pool } from 'undici';
import type { Connector } from './connector.js';
import type { SocketOptions } from './options.js';

export interface Dispatchers {
  readonly calls: Dispatcher;
  /** Made at first use. */
  readonly streams: Dispatcher;
  /** How many calls are given to `calls` at a time. */
  readonly maxCalls: number;
  /** Resolves when every socket is closed. Idempotent. */
  destroy(): Promise<void>;
}

/** How much earlier than the server announced a socket counts as closing: more than an answer's way takes. */
const keepAliveMarginMs = 1_000;

export class Pools implements Dispatchers {
  readonly calls: Pool;
  readonly maxCalls: number;
  readonly #makePool: (connections: number | null) => Pool;
  readonly #connector: Connector;
  #streams: Pool | undefined;

  constructor(PoolClass: typeof Pool, origin: string, options: SocketOptions, connector: Connector) {
    this.#connector = connector;
    this.#makePool = (connections) =>
      new PoolClass(origin, {
        connect: connector.connect,
        connections,
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: options.keepAliveMs,
        keepAliveTimeoutThreshold: keepAliveMarginMs,
      });
    this.maxCalls = options.connections;
    this.calls = this.#makePool(options.connections);
  }

  get streams(): Pool {
    this.#streams ??= this.#makePool(null);
    return this.#streams;
  }

  async destroy(): Promise<void> {
    const ended = [this.calls.destroy(), this.#streams?.destroy()];
    this.#connector.destroy();
    await Promise.all(ended);
  }
}

/** Whoever made the dispatcher closes it, and bounds it. */
export function injectedDispatchers(dispatcher: Dispatcher): Dispatchers {
  return { calls: dispatcher, streams: dispatcher, maxCalls: Number.POSITIVE_INFINITY, destroy: async () => {} };
}
