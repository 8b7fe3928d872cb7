// How fast one peer reads and how fast it sends: who reads slowly has its sources paused and is not read either, because what it
// asks for would wait, too; who sends too fast is not read for a while. Who does neither better within its time is let go.

import * as CloseCode from '../../protocol/close-codes.js';
import { Congestion, highMarkBytes } from '../congestion.js';
import type { ServerCore } from '../core.js';
import { MessageRate } from './message-rate.js';
import { Reading } from './reading.js';
import type { Socket } from './socket.js';

export interface FlowOwner {
  close(code: number, reason: string): void;
}

export class Flow {
  readonly #core: Pick<ServerCore, 'options' | 'timers' | 'telemetry'>;
  readonly #socket: Socket;
  readonly #owner: FlowOwner;
  readonly #reading: Reading;
  readonly #rate: MessageRate;
  /** Most peers never read too slowly: made for the first who does. */
  #congestion: Congestion | undefined;

  constructor(core: Pick<ServerCore, 'options' | 'timers' | 'telemetry'>, socket: Socket, owner: FlowOwner) {
    this.#core = core;
    this.#socket = socket;
    this.#owner = owner;
    this.#reading = new Reading(socket);
    this.#rate = new MessageRate(core, socket.pause === undefined ? undefined : this.#reading, owner);
  }

  /** Settles when the peer has read enough or is gone; undefined while there is room. */
  get relief(): Promise<void> | undefined {
    return this.#congestion?.relief;
  }

  /** Whether the peer is not read at the moment. */
  get isDeaf(): boolean {
    return this.#reading.isHeld;
  }

  /** A message came; whether it was within the bound. */
  received(now: number): boolean {
    return this.#rate.take(now);
  }

  write(text: string): void {
    this.#socket.send(text);
    if (this.#backlog <= highMarkBytes) return;
    this.#congestion ??= this.#makeCongestion();
    this.#congestion.sent();
  }

  /** The kernel took bytes. */
  flushed(): void {
    this.#congestion?.flushed();
  }

  /** The connection is ending: nobody waits any more, and the peer's close frame is to be read. */
  stop(): void {
    this.#rate.stop();
    this.#congestion?.release();
  }

  get #backlog(): number {
    return this.#socket.backlog ?? 0;
  }

  #makeCongestion(): Congestion {
    const { options, timers, telemetry } = this.#core;
    const { stallTimeoutMs } = options;
    return new Congestion({
      backlog: () => this.#backlog,
      pause: () => this.#reading.hold(),
      resume: () => this.#reading.letGo(),
      timers,
      stallTimeoutMs,
      stalled: () => {
        telemetry.limited('stallTimeoutMs');
        const reason = `Nothing was read for ${stallTimeoutMs} ms, the server's option "stallTimeoutMs"`;
        this.#owner.close(CloseCode.tryAgainLater, reason);
      },
    });
  }
}
