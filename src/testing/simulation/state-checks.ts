// Checks of what the session says about itself: only published transitions, generations that grow, waits within their bounds.

import type { SessionState } from '../../session/state.js';
import type { Clock } from '../../transport/contract.js';
import type { Report } from './report.js';
import type { SessionScenario } from './scenario.js';
import { holdsToken } from './tokens.js';

type Status = SessionState['status'];

/** From each state, where a session may go. */
const published: Readonly<Record<Status, readonly Status[]>> = {
  idle: ['connecting'],
  connecting: ['connecting', 'ready', 'waiting', 'failed', 'closing'],
  ready: ['ready', 'connecting', 'waiting', 'failed', 'closing'],
  waiting: ['connecting', 'closing'],
  failed: ['connecting', 'closing'],
  closing: ['closing', 'closed'],
  closed: [],
};

/** A connection that lived this long ends a row of failures, ms. */
const stableMs = 10_000;
/** Connections that may finish what they have at one time. */
export const maxRetiring = 8;
/** The base of the simulated sessions' backoff, ms. */
export const backoffBaseMs = 200;

export class StateChecks {
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #options: SessionScenario;
  #state: SessionState;
  #generation = 0;
  #readySince: number | undefined;
  /** It has been ready once. */
  #contacted = false;
  /** Waits in a row without a stable connection between them. */
  #waits = 0;

  constructor(clock: Clock, report: Report, options: SessionScenario, first: SessionState) {
    this.#clock = clock;
    this.#report = report;
    this.#options = options;
    this.#state = { status: 'idle' };
    this.changed(first);
  }

  changed(state: SessionState): void {
    const from = this.#state.status;
    const to = state.status;
    this.#state = state;
    this.#report.note(() => `state ${from} -> ${to}${describe(state)}`);
    this.#report.count(`state:${from}->${to}`);
    this.#report.check(published[from].includes(to), () => `The state went from ${from} to ${to}.`);
    this.#report.check(!holdsToken(state), () => `A token stands in the state ${to}.`);
    if (to === 'ready') this.#contacted = true;
    const bounded = this.#options.connectAttempts !== undefined;
    this.#report.check(
      to !== 'failed' || bounded || !this.#contacted,
      () => 'The session gave up after it had been ready.',
    );
    if (from === 'ready' && to !== 'ready') this.#leftReady();
    if (from === 'failed') this.#waits = 0;
    if (state.status === 'connecting') this.#checkGeneration(state.generation);
    else if (state.status === 'waiting') this.#checkWait(state);
    else if (state.status === 'ready') {
      if (from !== 'ready') this.#readySince = this.#clock.now();
      this.#report.check(
        state.generation === this.#generation,
        () => `Generation ${state.generation} is ready, and ${this.#generation} was opened.`,
      );
      const { generation, retiring } = state;
      this.#report.check(!retiring.includes(generation), () => 'The connection in use is said to retire.');
      this.#report.check(retiring.length <= maxRetiring, () => `${retiring.length} connections retire.`);
    }
  }

  #leftReady(): void {
    if (this.#readySince !== undefined && this.#clock.now() - this.#readySince >= stableMs) this.#waits = 0;
    this.#readySince = undefined;
  }

  #checkGeneration(generation: number): void {
    this.#report.check(generation > this.#generation, () => `Generation ${generation} came after ${this.#generation}.`);
    this.#generation = generation;
  }

  #checkWait({ until, cause, attempt }: Extract<SessionState, { status: 'waiting' }>): void {
    const ms = until - this.#clock.now();
    this.#report.count(`cause:${cause.code}`);
    const { backoffCapMs } = this.#options;
    this.#report.check(cause.code !== 'aborted', () => 'The session waits because of an end that it made itself.');
    const longestMs = Math.max(backoffCapMs, cause.retryAfterMs ?? 0);
    this.#report.check(
      ms >= 0 && ms <= longestMs,
      () => `The session waits ${ms} ms; the longest wait is ${longestMs} ms.`,
    );
    this.#report.check(
      ms >= (cause.retryAfterMs ?? 0),
      () => `The session waits ${ms} ms; the server asked for ${cause.retryAfterMs} ms.`,
    );
    this.#waits += 1;
    this.#report.check(attempt >= this.#waits, () => `Wait ${this.#waits} in a row counts as attempt ${attempt}.`);
  }
}

function describe(state: SessionState): string {
  if (state.status === 'connecting') return ` (generation ${state.generation})`;
  if (state.status === 'waiting') return ` (${state.cause.code} ${state.cause.closeCode ?? state.cause.status ?? ''})`;
  if (state.status !== 'ready' || state.retiring.length === 0) return '';
  return ` (retiring: ${state.retiring.join(', ')})`;
}
