// Conducts the trials of suspects: each alone, once whatever else runs on its connection has proved harmless, and until a ping
// that was sent after it came back. Where there is no ping, a peer that goes on talking is believed sooner than one that is
// silent and will be found dead if it is.

import type { Clock } from '../transport/contract.js';
import type { Link } from './link.js';
import type { LivenessPolicy } from './liveness.js';
import type { Attempt, Operation } from './operation.js';
import type { OperationTable } from './operations.js';

const defaultPolicy: LivenessPolicy = { silenceMs: 15_000, answerMs: 5_000 };

export class Trials {
  readonly #clock: Clock;
  readonly #policy: LivenessPolicy;
  readonly #table: OperationTable;
  readonly #flush: () => void;
  /** The peer that is asked whether it lives on with what it was sent. */
  #asked: { readonly link: Link; cancelTimer: () => void } | undefined;
  /** On trial, and not sent yet. */
  #kept: { readonly suspect: Operation; readonly link: Link } | undefined;
  /** Connections on which something was stopped that had not proved harmless: the peer meets it all the same. */
  readonly #stoppedOn = new Set<number>();

  constructor(clock: Clock, policy: LivenessPolicy | undefined, table: OperationTable, flush: () => void) {
    this.#clock = clock;
    this.#policy = policy ?? defaultPolicy;
    this.#table = table;
    this.#flush = flush;
  }

  /** Whether a suspect would be alone on this connection. If not, the peer is asked first, and nobody is sent meanwhile. */
  mayBegin(link: Link): boolean {
    const unproven = this.#table.unprovenOn(link.generation);
    if (unproven.length === 0 && !this.#stoppedOn.has(link.generation)) return true;
    if (this.#asked?.link !== link) {
      this.#ask(link, () => {
        for (const attempt of unproven) attempt.harmless = true;
      });
    }
    return false;
  }

  /** The suspect is on its way. `sent`: else an interceptor keeps it, and must not keep everybody waiting for ever. */
  begin(suspect: Operation, link: Link, sent: boolean): void {
    this.#ask(link, () => this.#table.clear(suspect), sent);
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

  stopped({ delivery, harmless, generation }: Attempt): void {
    if (delivery === 'unknown' && !harmless) this.#stoppedOn.add(generation);
  }

  /** The connection ended: whoever was on trial on it has been judged. */
  lost(link: Link): void {
    this.#stoppedOn.delete(link.generation);
    if (this.#asked?.link === link) this.end();
  }

  end(): void {
    this.#asked?.cancelTimer();
    this.#asked = undefined;
    this.#kept = undefined;
  }

  #ask(link: Link, harmless: () => void, ping = true): void {
    this.end();
    const over = (): void => {
      if (this.#asked !== asked) return;
      this.end();
      this.#stoppedOn.delete(link.generation);
      harmless();
      this.#flush();
    };
    const { silenceMs, answerMs } = this.#policy;
    const askedAt = this.#clock.now();
    // By then a dead peer has been found out, and a pong that is held up on its way has come.
    const atLast = silenceMs + 2 * answerMs;
    const cannotPing = link.connection.ping === undefined;
    const enough = (): void => {
      const believed = link.mode === 'none' || link.lastHeard > askedAt;
      if (!cannotPing || believed) over();
      else asked.cancelTimer = this.#clock.setTimer(atLast - answerMs, over);
    };
    const asked = { link, cancelTimer: this.#clock.setTimer(cannotPing ? answerMs : atLast, enough) };
    this.#asked = asked;
    if (!ping) return;
    link.ping(undefined, (pong) => {
      if (pong !== undefined) over();
    });
  }
}
