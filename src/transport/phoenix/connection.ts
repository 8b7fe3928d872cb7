// A connection to a Phoenix socket: what a WebSocket is, with a heartbeat. The server closes a socket on which it has heard
// nothing for a minute, however much it says itself. Phoenix, "Writing a Channels Client", section on heartbeats.

import * as CloseCode from '../../protocol/close-codes.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Capabilities, Clock, Closure, Connection, Handle, Request, Sink } from '../contract.js';

/** Who a heartbeat was sent for: the server, who wants one now and then, or the session, who wants the answer. */
type Asker = 'server' | 'session';

/** The heartbeats that are out, in the order in which they will be answered. */
export class Heartbeats {
  readonly #out: Asker[] = [];

  sent(asker: Asker): void {
    this.#out.push(asker);
  }

  /** Whose is answered; undefined where none was out. */
  answered(): Asker | undefined {
    return this.#out.shift();
  }

  get due(): boolean {
    return this.#out.includes('server');
  }
}

export class PhoenixConnection implements Connection {
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly closed: Promise<Closure>;
  readonly #inner: Connection;
  readonly #heartbeats: Heartbeats;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  #cancelTimer: () => void;

  constructor(inner: Connection, heartbeats: Heartbeats, clock: Clock, heartbeatMs: number) {
    this.#inner = inner;
    this.#heartbeats = heartbeats;
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs;
    this.headers = inner.headers;
    this.closed = inner.closed;
    this.#cancelTimer = this.#nextBeat();
    void inner.closed.then(() => this.#cancelTimer());
  }

  get capabilities(): Capabilities {
    return this.#inner.capabilities;
  }

  start(request: Request, sink: Sink): Handle {
    return this.#inner.start(request, sink);
  }

  ping(payload?: JsonObject): void {
    this.#heartbeats.sent('session');
    this.#inner.ping?.(payload);
  }

  close(closure: Closure, graceMs: number): Promise<void> {
    return this.#inner.close(closure, graceMs);
  }

  terminate(closure: Closure): void {
    this.#inner.terminate(closure);
  }

  #nextBeat(): () => void {
    return this.#clock.setTimer(this.#heartbeatMs, () => {
      if (this.#heartbeats.due) {
        this.#inner.terminate(unanswered(this.#heartbeatMs));
        return;
      }
      this.#heartbeats.sent('server');
      this.#inner.ping?.();
      this.#cancelTimer = this.#nextBeat();
    });
  }
}

function unanswered(heartbeatMs: number): Closure {
  const message = `The server did not answer a heartbeat within ${heartbeatMs} ms; the connection was ended.`;
  const failure = { code: 'silent', phase: 'connection', message, closeCode: CloseCode.terminated } as const;
  return { by: 'us', code: CloseCode.terminated, reason: 'silent', clean: false, failure };
}
