// One warning for a session that fails while nobody looks: it goes on trying, or gives up, and would do so in silence.

import type { SessionState } from './state.js';

/** How many failures in a row are worth a warning. */
const enough = 3;

export class UnheardFailures {
  readonly #transport: string;
  /** Whether a listener, or somebody who waits for the session to be ready, learns of a failure. */
  readonly #isHeard: () => boolean;
  #warned = false;
  #told = false;

  constructor(transport: string, isHeard: () => boolean) {
    this.#transport = transport;
    this.#isHeard = isHeard;
  }

  /** The session gives up, and so many operations fail with the cause. */
  toldOperations(count: number): void {
    this.#told = count > 0;
  }

  /** Called at every change of state, before those who wait are told. */
  look(state: SessionState): void {
    if (this.#warned || (state.status !== 'waiting' && state.status !== 'failed')) return;
    const { status, cause } = state;
    if (status === 'waiting' ? state.attempt < enough : this.#told) return;
    if (this.#isHeard()) return;
    this.#warned = true;
    const times = status === 'waiting' ? `${enough} times` : 'for good';
    const ahead = status === 'waiting' ? 'It goes on trying.' : 'It has given up.';
    console.warn(
      `holdfast: the session over ${this.#transport} has failed ${times}, and nobody listens. ${cause.message} ${ahead} ` +
        `With session.on('state', listener) a program sees this itself; then this warning does not come.`,
    );
  }
}
