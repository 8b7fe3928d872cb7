// One warning for a session that fails while nobody looks: a permanent session goes on trying, and would do so in silence.

import type { SessionState } from './state.js';

/** How many failures in a row are worth a warning. */
const enough = 3;

export class UnheardFailures {
  readonly #transport: string;
  /** Whether a listener, or somebody who waits for the session to be ready, learns of a failure. */
  readonly #isHeard: () => boolean;
  #warned = false;

  constructor(transport: string, isHeard: () => boolean) {
    this.#transport = transport;
    this.#isHeard = isHeard;
  }

  /** Called at every change of state, before those who wait are told. */
  look(state: SessionState): void {
    if (this.#warned || (state.status !== 'waiting' && state.status !== 'failed')) return;
    const { status, cause } = state;
    if (status === 'waiting' ? state.attempt < enough : state.attempts < enough) return;
    if (this.#isHeard()) return;
    this.#warned = true;
    const ahead = status === 'waiting' ? 'It goes on trying.' : 'It has given up.';
    console.warn(
      `holdfast: the session over ${this.#transport} has failed ${enough} times, and nobody listens. ${cause.message} ${ahead} ` +
        `With session.on('state', listener) a program sees this itself; then this warning does not come.`,
    );
  }
}
