// Keeps work that never waits for anything from starving the event loop: promises alone never let it turn, so after a number
// of steps everybody waits until it has.

import type { Clock } from '../contract.js';

/** Starts and events, of all operations of a connection together. */
const stepsPerTurn = 256;

interface Turn {
  readonly begun: Promise<void>;
  readonly begin: () => void;
}

export class Turns {
  readonly #clock: Clock;
  #steps = 0;
  /** The one that is waited for. */
  #next: Turn | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a step. Defined where it has to wait. */
  step(): Promise<void> | undefined {
    if (this.#steps < stepsPerTurn) {
      this.#steps += 1;
      return undefined;
    }
    this.#next ??= this.#wait();
    return this.#next.begun;
  }

  /** Lets everybody go who waits. */
  end(): void {
    this.#next?.begin();
  }

  #wait(): Turn {
    let resolve = (): void => {};
    const begun = new Promise<void>((settle) => {
      resolve = settle;
    });
    const begin = (): void => {
      cancelTimer();
      this.#steps = 0;
      this.#next = undefined;
      resolve();
    };
    const cancelTimer = this.#clock.setTimer(0, begin);
    return { begun, begin };
  }
}
