// A store of idempotency keys in Redis, for all servers that share one. A run holds its key by a lease that its process renews
// while it runs: when the process dies, the lease passes, and then nobody knows what became of the run.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { Timers } from '../timers.js';
import { randomId } from './random-id.js';
import { RedisLease } from './redis-lease.js';
import type { RedisLink } from './redis-link.js';
import {
  abandonScript,
  beginScript,
  type Found,
  nameScript,
  readFound,
  recordScript,
  renewScript,
} from './redis-scripts.js';
import { type Begun, entryName, type IdempotencyKey, type IdempotencyStore, type Settled } from './store.js';

export interface RedisSettings {
  readonly windowMs: number;
  readonly keptMs: number;
  readonly prefix: string;
  readonly leaseMs: number;
}

/** One run of ours. */
interface Held {
  readonly name: string;
  readonly fingerprint: string;
  readonly token: string;
}

/** How long a name that was read counts as read just now, ms. */
const freshMs = 1_000;

export class RedisStore implements IdempotencyStore {
  readonly windowMs: number;
  readonly isShared: boolean = true;
  readonly #settings: RedisSettings;
  readonly #link: RedisLink;
  readonly #timers: Timers;
  readonly #leases = new Set<RedisLease>();
  #named: { readonly name: Promise<string>; readonly at: number } | undefined;

  constructor(link: RedisLink, timers: Timers, settings: RedisSettings) {
    this.windowMs = settings.windowMs;
    this.#settings = settings;
    this.#link = link;
    this.#timers = timers;
  }

  get name(): Promise<string> {
    const now = this.#timers.now();
    if (this.#named === undefined || now - this.#named.at >= freshMs) {
      const named = { name: this.#readName(), at: now };
      this.#named = named;
      named.name.catch(() => {
        if (this.#named === named) this.#named = undefined;
      });
    }
    return this.#named.name;
  }

  async begin(key: IdempotencyKey, fingerprint: string): Promise<Begun> {
    const held: Held = { name: this.#nameOf(key), fingerprint, token: randomId() };
    let found: Found;
    try {
      found = await this.#ask(held);
    } catch (error) {
      if (isOutOfMemory(error)) return { type: 'full' };
      // The key may have been taken before the connection was lost. Where this is lost too, the lease passes.
      this.#link.eval(abandonScript, held.name, fingerprint, held.token).catch(() => {});
      throw error;
    }
    switch (found.type) {
      case 'run': {
        const lease = this.#hold(held);
        const record = (answer: string) => this.#record(held, lease, answer);
        return { type: 'run', run: { record, abandon: () => this.#abandon(held, lease) } };
      }
      case 'wait':
        return { type: 'wait', settled: (signal) => this.#settled(held, signal) };
      default:
        return found;
    }
  }

  async close(): Promise<void> {
    for (const lease of this.#leases) void lease.stop();
    this.#leases.clear();
    await this.#link.close();
  }

  #nameOf(key: IdempotencyKey): string {
    return `${this.#settings.prefix}key:${entryName(key)}`;
  }

  /** Without a token it only looks. */
  async #ask({ name, fingerprint, token }: Held): Promise<Found> {
    const { leaseMs, keptMs } = this.#settings;
    const reply = await this.#link.eval(beginScript, name, fingerprint, token, String(leaseMs), String(keptMs));
    return readFound(reply);
  }

  #hold({ name, fingerprint, token }: Held): RedisLease {
    const { leaseMs, keptMs } = this.#settings;
    const renew = () => this.#link.eval(renewScript, name, fingerprint, token, String(leaseMs), String(keptMs));
    const lease = new RedisLease(renew, leaseMs / 3, this.#timers);
    this.#leases.add(lease);
    return lease;
  }

  async #settled(of: Held, signal: AbortSignal): Promise<Settled> {
    const looking = { ...of, token: '' };
    for (let waitMs = 25; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      await this.#pause(waitMs, signal);
      const found = await this.#ask(looking);
      if (found.type === 'replay' || found.type === 'unknown') return found;
      // A mismatch: it was abandoned, and another operation came with the key.
      if (found.type !== 'wait') return { type: 'abandoned' };
    }
  }

  async #record({ name, fingerprint, token }: Held, lease: RedisLease, answer: string): Promise<void> {
    const kept = String(this.#settings.keptMs);
    try {
      const done = await this.#insist(() => this.#link.eval(recordScript, name, fingerprint, token, answer, kept));
      if (Number(done) !== 1) throw keyLost();
    } finally {
      void this.#release(lease);
    }
  }

  async #abandon({ name, fingerprint, token }: Held, lease: RedisLease): Promise<void> {
    // A lease that were renewed afterwards would take the key again.
    await this.#release(lease);
    await this.#insist(() => this.#link.eval(abandonScript, name, fingerprint, token));
  }

  #release(lease: RedisLease): Promise<void> {
    this.#leases.delete(lease);
    return lease.stop();
  }

  /** Tries again for as long as a lease. */
  async #insist(send: () => Promise<unknown>): Promise<unknown> {
    const giveUpAt = this.#timers.now() + this.#settings.leaseMs;
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      try {
        return await send();
      } catch (error) {
        if (this.#link.closed || this.#timers.now() + waitMs >= giveUpAt) throw error;
      }
      await this.#pause(waitMs);
    }
  }

  /** Rejects when the signal aborts. */
  #pause(waitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.set(waitMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
    });
  }

  /** What it was named when it was first used, and which life of its Redis this is: a later one may have lost keys. */
  async #readName(): Promise<string> {
    const [name, info] = await Promise.all([
      this.#link.eval(nameScript, `${this.#settings.prefix}name`, randomId()),
      this.#link.send('INFO', 'server'),
    ]);
    const life = /^run_id:(\w+)/m.exec(String(info))?.[1];
    if (life === undefined) throw lifeUnknown();
    return `${String(name)}.${life}`;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM ');
}

function keyLost(): HoldfastError {
  return new HoldfastError(
    'Redis lost the idempotency key of a mutation while it ran, and the key was taken again: the mutation may have run twice. ' +
      'Let Redis keep what it was told: "appendonly yes" and "maxmemory-policy noeviction".',
    { code: 'idempotency-key-lost', phase: 'operation', delivery: 'answered' },
  );
}

function lifeUnknown(): HoldfastError {
  return new HoldfastError(
    'Redis does not say which life of it this is ("run_id" of INFO), so clients are not told that it remembers their keys. ' +
      'Connect to a Redis itself, not to a proxy.',
    { code: 'redis-life-unknown', phase: 'operation' },
  );
}
