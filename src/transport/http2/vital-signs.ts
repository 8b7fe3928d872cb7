// Signs of life of a connection that Node has taken the socket of: RFC 9113, section 6.7 (PING) and section 6.5 (SETTINGS and
// its acknowledgement, for a connection on which Node sends no PING any more because the peer said GOAWAY).

import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock, ConnectionEvents } from '../contract.js';

/** Questions without an answer; Node ends a connection that is asked more. */
export const maxUnanswered = 100;

/** How often the socket is asked for bytes while a pong is due, ms. */
const lookEveryMs = 1_000;

/**
 * Frames are signs of life where Node tells of them: heads, data, settings, pings, pongs. Of the others, and of parts of
 * frames, only the number of bytes that the socket has read gives word. While a pong is due it is looked at: a pong may be
 * held up behind a large body that the peer is still taking, and WINDOW_UPDATE is all that comes meanwhile.
 */
export class VitalSigns {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #clock: Clock;
  #due = 0;
  #bytesSeen = 0;
  #cancelLook: (() => void) | undefined;

  constructor(session: ClientHttp2Session, socket: Socket, events: ConnectionEvents, clock: Clock) {
    this.#session = session;
    this.#socket = socket;
    this.#events = events;
    this.#clock = clock;
    const heard = (): void => events.heard();
    session.on('ping', heard);
    session.on('remoteSettings', heard);
  }

  ask(): void {
    const session = this.#session;
    if (session.destroyed || this.#due === maxUnanswered) return;
    const answered = (error: Error | null): void => this.#answered(error);
    this.#due += 1;
    if (session.closed) session.settings({}, answered);
    else session.ping(answered);
    this.#bytesSeen = this.#socket.bytesRead;
    this.#cancelLook ??= this.#look();
  }

  end(): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
  }

  /** With an error where the connection ended before the answer came. */
  #answered(error: Error | null): void {
    this.#due -= 1;
    if (this.#due === 0) this.end();
    if (error !== null) return;
    this.#events.heard();
    this.#events.pong(undefined);
  }

  #look(): () => void {
    return this.#clock.setTimer(lookEveryMs, () => {
      const { bytesRead } = this.#socket;
      if (bytesRead !== this.#bytesSeen) this.#events.heard();
      this.#bytesSeen = bytesRead;
      this.#cancelLook = this.#look();
    });
  }
}
