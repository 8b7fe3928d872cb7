// The way to one Redis: the application's client, or one of our own, which connects when it is first needed and then keeps
// trying. Every command is bounded in time.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { importFailure } from '../../protocol/errors/import-failure.js';
import type { Timers } from '../timers.js';

/** What is needed of a client: what `createClient` of the package redis returns. */
export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>;
}

/** What is needed of one that is ours. */
interface OwnClient extends RedisClient {
  readonly isOpen: boolean;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  destroy(): void;
}

interface RedisModule {
  createClient(options: object): OwnClient;
}

/** What tests put in the place of the real world. */
export interface RedisWorld {
  readonly timers: Timers;
  readonly load: () => Promise<RedisModule>;
}

/** How long one command may take, ms. */
const commandTimeoutMs = 5_000;

/** How long the commands of the last moment may take when it is closed, ms. */
const closeTimeoutMs = 1_000;

/** Either a client of the application's, which stays its own, or where to connect to. */
export type RedisSource = { readonly client: RedisClient } | { readonly url: string };

export class RedisLink {
  readonly #world: RedisWorld;
  readonly #source: RedisSource;
  #own: Promise<OwnClient> | undefined;
  #closed = false;

  constructor(source: RedisSource, world: RedisWorld) {
    this.#source = source;
    this.#world = world;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Rejects where Redis cannot be reached, does not answer in time or refuses the command, and where the package is missing. */
  async send(...command: string[]): Promise<unknown> {
    if (this.#closed) throw closed();
    const answering = async (): Promise<unknown> => (await this.#client()).sendCommand(command);
    return this.#within(commandTimeoutMs, answering());
  }

  /** Runs a script on one key. */
  eval(script: string, key: string, ...args: string[]): Promise<unknown> {
    return this.send('EVAL', script, '1', key, ...args);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const client = await this.#own?.catch(() => undefined);
    if (client === undefined) return;
    try {
      if (client.isOpen) await this.#within(closeTimeoutMs, client.close());
    } catch {
      // It has lost its connection, or waits for an answer that does not come.
    }
    client.destroy();
  }

  #within<T>(boundMs: number, answering: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#world.timers.set(boundMs, () => reject(silent(boundMs)));
      answering.then(resolve, reject).finally(cancel);
    });
  }

  #client(): RedisClient | Promise<RedisClient> {
    if ('client' in this.#source) return this.#source.client;
    this.#own ??= this.#open(this.#source.url);
    return this.#own;
  }

  async #open(url: string): Promise<OwnClient> {
    let redis: RedisModule;
    try {
      redis = await this.#world.load();
    } catch (error) {
      throw importFailure(error, 'redis', '^6.0.0', 'redisIdempotency');
    }
    // Without pings a connection that died in silence is noticed only by TCP.
    const client = redis.createClient({
      url,
      commandsQueueMaxLength: 10_000,
      pingInterval: 5_000,
      socket: { socketTimeout: 15_000 },
    });
    // It connects again by itself. Whoever waits for a command is told by its failure.
    client.on('error', () => {});
    client.connect().catch(() => {});
    return client;
  }
}

function silent(boundMs: number): HoldfastError {
  return new HoldfastError(
    `Redis did not answer within ${boundMs} ms. Look whether it runs, and whether its address in the options of redisIdempotency is right.`,
    { code: 'redis-silent', phase: 'operation' },
  );
}

function closed(): HoldfastError {
  return new HoldfastError('The store of idempotency keys was closed.', {
    code: 'idempotency-store-closed',
    phase: 'close',
  });
}
