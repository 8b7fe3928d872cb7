// Who may come in: how many connections there may be, in all and of one principal. Each place that is taken is given back once.

import type { ResolvedLimits } from './server-limits.js';

export class Admission {
  readonly #limits: Pick<ResolvedLimits, 'connections' | 'connectionsPerPrincipal'>;
  readonly #principals = new Map<string, number>();
  #connections = 0;

  constructor(limits: Pick<ResolvedLimits, 'connections' | 'connectionsPerPrincipal'>) {
    this.#limits = limits;
  }

  /** A place among all connections; undefined where there is none. What it returns gives it back, once. */
  enter(): (() => void) | undefined {
    if (this.#connections >= this.#limits.connections) return undefined;
    this.#connections += 1;
    return once(() => {
      this.#connections -= 1;
    });
  }

  /** The same among those of one principal. */
  enterAs(principal: string): (() => void) | undefined {
    const held = this.#principals.get(principal) ?? 0;
    if (held >= this.#limits.connectionsPerPrincipal) return undefined;
    this.#principals.set(principal, held + 1);
    return once(() => {
      const left = (this.#principals.get(principal) ?? 1) - 1;
      if (left > 0) this.#principals.set(principal, left);
      else this.#principals.delete(principal);
    });
  }

  /** How many principals hold a place: it must be none when nobody is connected. */
  get principals(): number {
    return this.#principals.size;
  }
}

function once(release: () => void): () => void {
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    release();
  };
}
