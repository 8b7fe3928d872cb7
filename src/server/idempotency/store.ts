// What remembers which mutations ran under which idempotency key: the contract between the pipeline and a store. A store
// never lets two runs of one key begin, within its window and as far as it reaches: one process, or all that share it.

/** One key of one principal. */
export interface IdempotencyKey {
  /** Whose key it is: keys of different scopes have nothing to do with each other. */
  readonly scope: string;
  readonly key: string;
}

/**
 * What to do with a mutation that carries a key:
 * - `run`: nobody has; run it, then call `record`, or `abandon` where nothing was executed after all;
 * - `wait`: it runs at this moment; `settled` gives what became of it, and rejects when the signal aborts or nobody can say;
 * - `replay`: it ran, and this was its answer, as JSON;
 * - `mismatch`: the key was used for another operation;
 * - `unknown`: a run began, and nobody knows what became of it: the process that ran it is gone, or its answer could not be
 *   kept. It may have run; it must not run again;
 * - `full`: the store has no room for a new key.
 */
export type Begun =
  | { readonly type: 'run'; readonly run: IdempotentRun }
  | { readonly type: 'wait'; settled(signal: AbortSignal): Promise<Settled> }
  | { readonly type: 'replay'; readonly answer: string }
  | { readonly type: 'mismatch' }
  | { readonly type: 'unknown' }
  | { readonly type: 'full' };

/** What became of the run that was waited for; `abandoned`: nothing was executed, so the next one may begin. */
export type Settled =
  | { readonly type: 'replay'; readonly answer: string }
  | { readonly type: 'unknown' }
  | { readonly type: 'abandoned' };

/** One run that has begun. Exactly one of the two is called, once. */
export interface IdempotentRun {
  /** Keeps the answer, as JSON, for the rest of the window. Fails where it cannot: from then on the key is `unknown`. */
  record(answer: string): void | Promise<void>;
  /** Nothing was executed: the key is free again. Where that fails, the key is `unknown`. */
  abandon(): void | Promise<void>;
}

export interface IdempotencyStore {
  /** How long a key is remembered at least, counted from its first use, ms. */
  readonly windowMs: number;
  /**
   * Names everything that this store reaches. Two servers that share a store have one name, a store that forgets with its
   * process has a new one in each. A client repeats a write only where the name is the one it was first sent to. It may change:
   * read it whenever clients are told. Rejects where it cannot be told: then clients should be told nothing.
   */
  readonly name: string | Promise<string>;
  /**
   * Whether all servers that answer at one address share it, so that it does not matter which of them a request reaches.
   * Default false.
   */
  readonly isShared?: boolean | undefined;
  /** False while it is so full that clients should not make keys by themselves. Default true. */
  readonly hasRoom?: boolean | undefined;
  /** `fingerprint`: what the operation is, as text of a fixed length. Fails where the store cannot be asked. */
  begin(key: IdempotencyKey, fingerprint: string): Begun | Promise<Begun>;
  /** Releases what it holds. The server that it was given to does not call this. */
  close?(): void | Promise<void>;
}

/** One text for a key and its scope, different for any two of them. */
export function entryName({ scope, key }: IdempotencyKey): string {
  return JSON.stringify([scope, key]);
}
