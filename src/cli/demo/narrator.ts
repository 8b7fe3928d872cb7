// Tells a person what happens while it happens: one line for each thing, with the time since the start and who it concerns.

import type { SessionState } from '../../session/state.js';
import type { Gap } from '../../session/subscription-event.js';
import { plural, seconds } from './words.js';
import type { CallRecord, InFlight } from './workload.js';

export type Teller = 'server' | 'session' | 'feed' | 'callers' | 'FAULT';

export class Narrator {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  /** Mutations that became unknown in this turn: they are told together. */
  #unknown = 0;

  constructor(write: (line: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  tell(who: Teller, what: string): void {
    this.#write(`${seconds(this.#nowMs()).padStart(8)}  ${who.padEnd(7)}  ${what}`);
  }

  fault(title: string, { queries, mutations }: InFlight): void {
    const work = `${plural(queries, 'query', 'queries')} and ${plural(mutations, 'mutation')}`;
    this.#write('');
    this.tell('FAULT', title);
    this.#more(`In flight: ${work}`);
  }

  state(state: SessionState): void {
    const description = describeState(state);
    if (description === undefined) return;
    this.tell('session', description);
    if (state.status === 'waiting') this.#more(`next attempt in ${seconds(Math.max(0, state.until - Date.now()))}`);
  }

  gap({ reason, lostAt, liveAt }: Gap, after: number): void {
    const length = seconds(liveAt - lostAt);
    this.tell('feed', `gap after event ${after} (${reason}): events of the last ${length} may be missing`);
  }

  /** The first event after a gap: now it is known what the gap swallowed. */
  afterGap(before: number, sequence: number): void {
    const missed = sequence - before - 1;
    const what = missed === 0 ? 'nothing was missed' : `${plural(missed, 'event')} fell into the gap`;
    this.tell('feed', `goes on with event ${sequence}: ${what}`);
  }

  /** A call that ended well needs no line. */
  call({ kind, subject, outcome, error }: CallRecord): void {
    if (outcome === 'answered') return;
    if (outcome !== 'unknown') {
      this.tell('callers', `${kind} ${subject} failed: ${error}`);
      return;
    }
    this.#unknown += 1;
    if (this.#unknown === 1) setImmediate(() => this.#tellUnknown());
  }

  #tellUnknown(): void {
    const what = plural(this.#unknown, 'mutation');
    this.#unknown = 0;
    this.tell('callers', `${what} sent and not answered: outcome unknown, so they are not sent again (queries are)`);
  }

  /** Goes on with what was told last. */
  #more(what: string): void {
    this.#write(`${' '.repeat(19)}${what}`);
  }
}

function describeState(state: SessionState): string | undefined {
  switch (state.status) {
    case 'idle':
      return 'idle';
    case 'connecting':
      return `connecting, generation ${state.generation}`;
    case 'ready':
      return `ready, generation ${state.generation}`;
    case 'waiting':
      return `not connected: ${state.cause.message}`;
    case 'closing':
      return state.stage === 'draining' ? 'closing' : undefined;
    case 'closed':
      return 'closed';
    case 'failed':
      return `gave up after ${plural(state.attempts, 'attempt')}: ${state.cause.message}`;
  }
}
