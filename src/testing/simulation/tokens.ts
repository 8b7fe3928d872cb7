// The tokens of a simulated world: who gives them out keeps a book of which are still good, and the server looks into it.

import type { Clock } from '../../transport/contract.js';

/** Every token begins with this, so that one that leaks is found. */
const tokenMark = 'secret-';

export interface Token {
  readonly text: string;
  /** Infinity: never. */
  readonly expiresAt: number;
}

export class Tokens {
  readonly #clock: Clock;
  /** How long a new one is good, ms; 0: for ever. */
  #lifetimeMs: number;
  readonly #good = new Map<string, Token>();
  #issued = 0;

  constructor(clock: Clock, lifetimeMs: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
  }

  issue(): Token {
    this.#issued += 1;
    const expiresAt = this.#lifetimeMs === 0 ? Number.POSITIVE_INFINITY : this.#clock.now() + this.#lifetimeMs;
    const token = { text: `${tokenMark}${this.#issued}`, expiresAt };
    this.#good.set(token.text, token);
    return token;
  }

  /** The token, if it is good. */
  find(text: unknown): Token | undefined {
    const token = this.#good.get(String(text));
    return token !== undefined && token.expiresAt > this.#clock.now() ? token : undefined;
  }

  /** None of those that were given out is good any more. */
  revokeAll(): void {
    this.#good.clear();
  }

  /** From now on they stay good. */
  lastForEver(): void {
    this.#lifetimeMs = 0;
  }
}

/** Whether a token stands anywhere in a value: in its texts, in an error's message, in its causes. */
export function holdsToken(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.includes(tokenMark);
  if (typeof value !== 'object' || value === null || depth > 6) return false;
  // The stack repeats the message, and asking for it is slow.
  return Object.getOwnPropertyNames(value).some(
    (name) => name !== 'stack' && holdsToken((value as Record<string, unknown>)[name], depth + 1),
  );
}
