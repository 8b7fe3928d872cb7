// A store of idempotency keys within one process: bounded in bytes, and full rather than forgetful. Keys expire in the order
// in which they came, so they are looked through when somebody asks, and no timer is needed.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { checkNumberOption, refuseUnknownOptions } from '../../protocol/options.js';
import { nodeTimers, type Timers } from '../timers.js';
import { randomId } from './random-id.js';
import { type Begun, entryName, type IdempotencyKey, type IdempotencyStore, type Settled } from './store.js';
import { resolveWindow } from './window.js';

export interface MemoryIdempotencyOptions {
  /** How long a key is remembered, ms, from 1 to a year. Default 24 hours. */
  readonly windowMs?: number | undefined;
  /**
   * How much room keys and answers may take, bytes, at least 1. When they have taken it, mutations with new keys are refused
   * until old ones expire; from three quarters on clients are told not to make keys by themselves. Default 64 MiB.
   */
  readonly maxBytes?: number | undefined;
}

/**
 * Remembers idempotency keys in this process: right for one server, and for several where each client stays with its own. They
 * are forgotten when the process ends, and clients are told so: the store has another name in each process.
 *
 * @throws OptionError for an unknown or impossible option.
 * @example
 * ```ts
 * createServer({ schema, idempotency: memoryIdempotency({ windowMs: 60 * 60 * 1000 }) });
 * ```
 */
export function memoryIdempotency(options: MemoryIdempotencyOptions = {}): IdempotencyStore {
  return memoryIdempotencyIn(nodeTimers, options);
}

/** The same, where tests own the time. */
export function memoryIdempotencyIn(
  timers: Pick<Timers, 'now'>,
  options: MemoryIdempotencyOptions = {},
): IdempotencyStore {
  refuseUnknownOptions('the options of memoryIdempotency', options, ['windowMs', 'maxBytes']);
  const { windowMs, keptMs } = resolveWindow(options.windowMs);
  const { maxBytes = 64 * 1024 * 1024 } = options;
  checkNumberOption('maxBytes', maxBytes, 1);
  return new MemoryStore(timers, windowMs, keptMs, maxBytes);
}

/** What an entry takes beside its texts, bytes: rather too much than too little. */
const entryBytes = 256;

type Waiter = (settled: Settled) => void;

type State = { readonly type: 'running'; readonly waiters: Set<Waiter> } | Settled;

interface Entry {
  readonly fingerprint: string;
  expiresAt: number;
  bytes: number;
  state: State;
}

class MemoryStore implements IdempotencyStore {
  readonly windowMs: number;
  readonly #keptMs: number;
  readonly #maxBytes: number;
  readonly #timers: Pick<Timers, 'now'>;
  /** In the order in which they expire. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #name: string | undefined;

  constructor(timers: Pick<Timers, 'now'>, windowMs: number, keptMs: number, maxBytes: number) {
    this.#timers = timers;
    this.windowMs = windowMs;
    this.#keptMs = keptMs;
    this.#maxBytes = maxBytes;
  }

  /** Made when it is asked for: some runtimes give no random numbers while a module loads. */
  get name(): string {
    this.#name ??= randomId();
    return this.#name;
  }

  get hasRoom(): boolean {
    this.#forgetExpired();
    return this.#bytes < this.#maxBytes * 0.75;
  }

  begin(key: IdempotencyKey, fingerprint: string): Begun {
    this.#forgetExpired();
    const name = entryName(key);
    const known = this.#entries.get(name);
    if (known !== undefined) return found(known, fingerprint);
    const bytes = bytesOf(name) + bytesOf(fingerprint) + entryBytes;
    if (this.#bytes + bytes > this.#maxBytes) return { type: 'full' };

    const expiresAt = this.#timers.now() + this.#keptMs;
    const entry: Entry = { fingerprint, expiresAt, bytes, state: { type: 'running', waiters: new Set() } };
    this.#entries.set(name, entry);
    this.#bytes += bytes;
    return {
      type: 'run',
      run: { record: (answer) => this.#record(entry, answer), abandon: () => this.#abandon(name, entry) },
    };
  }

  #record(entry: Entry, answer: string): void {
    const { state } = entry;
    if (state.type !== 'running') return;
    const bytes = bytesOf(answer);
    const fits = this.#bytes + bytes <= this.#maxBytes;
    entry.state = fits ? { type: 'replay', answer } : { type: 'unknown' };
    for (const waiter of state.waiters) waiter({ type: 'replay', answer });
    if (!fits) throw noRoom(bytes);
    entry.bytes += bytes;
    this.#bytes += bytes;
  }

  #abandon(name: string, entry: Entry): void {
    const { state } = entry;
    if (state.type !== 'running') return;
    entry.state = { type: 'abandoned' };
    this.#entries.delete(name);
    this.#bytes -= entry.bytes;
    for (const waiter of state.waiters) waiter(entry.state);
  }

  #forgetExpired(): void {
    const now = this.#timers.now();
    for (const [name, entry] of this.#entries) {
      if (entry.expiresAt > now) return;
      this.#entries.delete(name);
      if (entry.state.type === 'running') {
        // It takes longer than the window: it is remembered for as long as it runs.
        entry.expiresAt = now + this.#keptMs;
        this.#entries.set(name, entry);
      } else {
        this.#bytes -= entry.bytes;
      }
    }
  }
}

function found(entry: Entry, fingerprint: string): Begun {
  if (entry.fingerprint !== fingerprint) return { type: 'mismatch' };
  const { state } = entry;
  return state.type === 'replay' || state.type === 'unknown'
    ? state
    : { type: 'wait', settled: (signal) => settledOf(entry, signal) };
}

function settledOf({ state }: Entry, signal: AbortSignal): Promise<Settled> {
  if (state.type !== 'running') return Promise.resolve(state);
  const { waiters } = state;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      waiters.delete(waiter);
      reject(signal.reason);
    };
    const waiter: Waiter = (settled) => {
      signal.removeEventListener('abort', onAbort);
      resolve(settled);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiters.add(waiter);
  });
}

/** A character takes one byte or two: two. */
function bytesOf(text: string): number {
  return text.length * 2;
}

function noRoom(bytes: number): HoldfastError {
  return new HoldfastError(
    `The answer to a mutation with an idempotency key takes ${bytes} bytes, and there is no room for it. It was given to its client, ` +
      'but nobody who asks again will get it. Raise the option "maxBytes" of memoryIdempotency.',
    { code: 'idempotency-store-full', phase: 'operation', delivery: 'answered' },
  );
}
