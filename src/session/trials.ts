// Conducts the trials of suspects, one at a time: one is acquitted when it is answered, or when a second ping came back that was
// sent after the first had. One that was tried before, and whose connection was ended all the same t ms after it was sent, has to
// live four times as long, and a little, in its next trial, as far as a bound on all trials of a connection (25 s by default)
// allows.

import type { Clock } from '../transport/contract.js';
import type { Link } from './link.js';
import type { LivenessPolicy } from './liveness.js';
import type { Attempt, Operation } from './operation.js';
import type { OperationTable } from './operations.js';

/** By how much the time that a server takes for the same thing may vary where it takes next to none. */
const leewayMs = 100;

const defaultPolicy: LivenessPolicy = { silenceMs: 15_000, answerMs: 5_000 };

export class Trials {
  readonly #clock: Clock;
  readonly #policy: LivenessPolicy;
  /** By then a dead peer has been found out, and a pong that is held up on its way has come. */
  readonly #atLastMs: number;
  readonly #table: OperationTable;
  readonly #flush: () => void;
  /** The peer that is asked whether it lives on with what it was sent. */
  #asked: { readonly link: Link; cancelTimer: () => void } | undefined;
  /** On trial, and not sent yet. */
  #kept: { readonly suspect: Operation; readonly link: Link } | undefined;
  /** Connections on which something unanswered was stopped, and whether it had proved harmless: the peer meets it all the same. */
  readonly #stoppedOn = new Map<number, { readonly harmless: boolean }>();
  /** Until when trials on a connection may take longer than the peer takes to answer: others are waiting. */
  #patient: { readonly link: Link; readonly until: number } | undefined;

  constructor(clock: Clock, policy: LivenessPolicy | undefined, table: OperationTable, flush: () => void) {
    this.#clock = clock;
    this.#policy = policy ?? defaultPolicy;
    this.#atLastMs = this.#policy.silenceMs + 2 * this.#policy.answerMs;
    this.#table = table;
    this.#flush = flush;
  }

  /** Whether a suspect would be alone on this connection. If not, the peer is asked first, and nobody is sent meanwhile. */
  mayBegin(link: Link): boolean {
    const unproven = this.#table.unprovenOn(link.generation);
    if (unproven.length === 0 && this.#stoppedOn.get(link.generation)?.harmless !== false) return true;
    if (this.#asked?.link !== link) {
      this.#ask(link, this.#clock.now(), () => {
        for (const attempt of unproven) attempt.harmless = true;
      });
    }
    return false;
  }

  /** The suspect is on its way. `sent`: else an interceptor keeps it, and must not keep everybody waiting for ever. */
  begin(suspect: Operation, link: Link, sent: boolean): void {
    const now = this.#clock.now();
    if (this.#patient?.link !== link) this.#patient = { link, until: now + this.#atLastMs };
    const notBefore = Math.min(now + suspect.patienceMs, this.#patient.until);
    this.#ask(link, notBefore, () => this.#table.clear(suspect), sent);
    if (!sent) this.#kept = { suspect, link };
  }

  /** An operation is being sent. Where it is a suspect that was kept until now, the ping is to follow right after it. */
  sent(operation: Operation): void {
    if (this.#kept?.suspect !== operation) return;
    const { link } = this.#kept;
    queueMicrotask(() => {
      if (this.#kept?.link === link && this.#table.onTrial === operation) this.begin(operation, link, true);
    });
  }

  /** An answer came, which clears whoever it is for. */
  acquit(operation: Operation): void {
    if (!operation.suspect && this.#table.onTrial !== operation) return;
    this.#table.clear(operation);
    if (this.#table.onTrial !== undefined) return;
    this.end();
    this.#flush();
  }

  stopped({ operation, delivery, harmless, generation }: Attempt): void {
    if (delivery === 'unknown') {
      const before = this.#stoppedOn.get(generation)?.harmless ?? true;
      this.#stoppedOn.set(generation, { harmless: before && harmless });
    } else if (delivery === 'not-sent' && this.#table.onTrial === operation) {
      // It never reached the peer: there is nothing to wait for.
      this.#table.adjourn();
      this.end();
    }
  }

  /** Whether the peer may still be at work on something that was stopped. */
  hasStopped(link: Link): boolean {
    return this.#stoppedOn.has(link.generation);
  }

  /** The connection ended: whoever was on trial on it has been judged. */
  lost(link: Link, interrupted: readonly Operation[]): void {
    this.#stoppedOn.delete(link.generation);
    if (this.#asked?.link === link) this.end();
    for (const { place, suspect } of interrupted) if (suspect && place.at === 'running') this.#learn(place.attempt);
  }

  end(): void {
    this.#asked?.cancelTimer();
    this.#asked = undefined;
    this.#kept = undefined;
  }

  /** From how long a suspect lived with its connection: how long it has to live in its next trial. */
  #learn({ operation, harmless, startedAt }: Attempt): void {
    const livedMs = this.#clock.now() - startedAt;
    // What a connection has lived with for so long is not known to have ended it.
    if (livedMs >= this.#atLastMs) operation.patienceMs = 0;
    else if (harmless || operation.accused) operation.patienceMs = 4 * livedMs + leewayMs;
  }

  #ask(link: Link, notBefore: number, harmless: () => void, ping = true): void {
    this.end();
    const over = (): void => {
      if (this.#asked !== asked) return;
      this.end();
      if (this.#stoppedOn.has(link.generation)) this.#stoppedOn.set(link.generation, { harmless: true });
      harmless();
      this.#flush();
    };
    const proved = (): void => {
      if (this.#asked !== asked) return;
      asked.cancelTimer();
      const leftMs = notBefore - this.#clock.now();
      if (leftMs > 0) asked.cancelTimer = this.#clock.setTimer(leftMs, over);
      else over();
    };
    const { answerMs } = this.#policy;
    const askedAt = this.#clock.now();
    const cannotPing = link.connection.ping === undefined;
    // A peer that goes on talking is believed sooner than one that is silent, and will be found dead if it is.
    const enough = (): void => {
      const believed = link.mode === 'none' || link.lastHeard > askedAt;
      if (!cannotPing) over();
      else if (believed) proved();
      else asked.cancelTimer = this.#clock.setTimer(this.#atLastMs - answerMs, over);
    };
    const asked = { link, cancelTimer: this.#clock.setTimer(cannotPing ? answerMs : this.#atLastMs, enough) };
    this.#asked = asked;
    if (!ping) return;
    // A server that handles messages concurrently may answer a ping before it ends the connection for what it had read before.
    link.ping(undefined, (first) => {
      if (first === undefined || this.#asked !== asked) return;
      link.ping(undefined, (second) => {
        if (second !== undefined) proved();
      });
    });
  }
}
