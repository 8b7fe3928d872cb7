// What every answer says of this server's memory of idempotency keys: `Holdfast-Idempotency: 86400000;store=NAME;shared`, for how
// many milliseconds it remembers them, what it is called, and whether all servers behind the address may share it; `0` where
// clients should make no keys by themselves.

import type { ServerCore } from '../core.js';
import type { IdempotencyStore } from '../idempotency/store.js';

/** How long a name that had to be waited for is said without asking again, ms: a store may become another one. */
const freshMs = 1_000;

type Parts = Pick<ServerCore, 'options' | 'report' | 'timers'>;

export class IdempotencyHeader {
  readonly #core: Parts;
  readonly #store: IdempotencyStore | undefined;
  #value: string | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(core: Parts) {
    this.#core = core;
    this.#store = core.options.idempotency;
    if (this.#store !== undefined) this.#ask(this.#store);
  }

  /** Undefined where keys are not honoured, and while nothing is known of the store. */
  get value(): string | undefined {
    const store = this.#store;
    if (store === undefined) return undefined;
    if (store.hasRoom === false) return '0';
    if (this.#core.timers.now() - this.#askedAt >= freshMs) this.#ask(store);
    return this.#value;
  }

  #ask(store: IdempotencyStore): void {
    this.#askedAt = this.#core.timers.now();
    const { name } = store;
    if (typeof name === 'string') {
      this.#say(store, name);
      return;
    }
    name.then(
      (told) => this.#say(store, told),
      (error: unknown) => {
        this.#value = undefined;
        this.#core.report(error, 'idempotency');
      },
    );
  }

  #say({ windowMs, isShared }: IdempotencyStore, name: string): void {
    // A name may hold anything, a header's value may not. RFC 9110, section 5.6.2.
    this.#value = `${windowMs};store=${encodeURIComponent(name)}${isShared === true ? ';shared' : ''}`;
  }
}
