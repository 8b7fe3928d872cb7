// Bounded waiting for something that a scripted server will see. Conditions are looked at after everything that happens,
// never polled, and a wait that fails says what happened instead.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { checkNumberOption } from '../../protocol/options.js';

export interface WaitOptions {
  /** How long to wait, ms. Default 5,000. */
  readonly timeoutMs?: number | undefined;
}

interface Waiter {
  look(): void;
  fail(why: string): void;
}

export class Waiting {
  readonly #waiters = new Set<Waiter>();
  readonly #account: () => string;

  /** @param account Says what has happened so far, for the message of a wait that fails. */
  constructor(account: () => string) {
    this.#account = account;
  }

  /** Resolves with the first value of `find` that is not undefined. `what` completes the sentence "Waited for ...". */
  until<T>(what: string, find: () => T | undefined, options: WaitOptions = {}): Promise<T> {
    checkNumberOption('timeoutMs', options.timeoutMs, 0, 2 ** 31 - 1);
    const { timeoutMs = 5_000 } = options;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        look: () => {
          const found = find();
          if (found === undefined) return;
          leave();
          resolve(found);
        },
        fail: (why) => {
          leave();
          const message = `Waited for ${what}, ${why}. ${this.#account()}`;
          reject(new HoldfastError(message, { code: 'wait-failed', phase: 'operation' }));
        },
      };
      const timer = setTimeout(() => waiter.fail(`and it did not come within ${timeoutMs} ms`), timeoutMs);
      const leave = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      this.#waiters.add(waiter);
      waiter.look();
    });
  }

  /** Something happened. */
  look(): void {
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /** Nothing more will happen. */
  end(): void {
    for (const waiter of [...this.#waiters]) waiter.fail('and the server was closed');
  }
}
