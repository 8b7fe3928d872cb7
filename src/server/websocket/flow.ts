// How fast one peer reads and how fast it sends: who reads slowly has its sources paused and is not read either, because what it
// asks for would wait, too; who sends too fast is not read for a while. Who does neither better within its time is let go.

import { CloseCode } from '../../protocol/close-codes.js';
import { Congestion } from '../congestion.js';
import type { ServerCore } from '../core.js';
import { MessageRate } from './message-rate.js';
import { Reading } from './reading.js';
import type { Socket } from './socket.js';

export class Flow {
  readonly #reading: Reading;
  readonly #congestion: Congestion;
  readonly #rate: MessageRate;

  /** `close` ends the connection. */
  constructor(
    { options, timers, telemetry }: Pick<ServerCore, 'options' | 'timers' | 'telemetry'>,
    socket: Socket,
    close: (code: number, reason: string) => void,
  ) {
    const { limits, stallTimeoutMs } = options;
    const reading = new Reading(socket);
    this.#reading = reading;
    this.#congestion = new Congestion({
      backlog: () => socket.backlog ?? 0,
      pause: () => reading.hold(),
      resume: () => reading.letGo(),
      timers,
      stallTimeoutMs,
      stalled: () => {
        telemetry.limited('stallTimeoutMs');
        close(
          CloseCode.tryAgainLater,
          `Nothing was read for ${stallTimeoutMs} ms, the server's option "stallTimeoutMs"`,
        );
      },
    });
    this.#rate = new MessageRate({
      limits,
      timers,
      reading: socket.pause === undefined ? undefined : reading,
      flooded: () => {
        telemetry.limited('limits.messagesPerSecond');
        close(CloseCode.tryAgainLater, `Too many messages: "limits.messagesPerSecond" is ${limits.messagesPerSecond}`);
      },
    });
  }

  /** Settles when the peer has read enough or is gone; undefined while there is room. */
  get relief(): Promise<void> | undefined {
    return this.#congestion.relief;
  }

  /** Whether the peer is not read at the moment. */
  get isDeaf(): boolean {
    return this.#reading.isHeld;
  }

  /** A message came; whether it was within the bound. */
  received(now: number): boolean {
    return this.#rate.take(now);
  }

  sent(): void {
    this.#congestion.sent();
  }

  /** The kernel took bytes. */
  flushed(): void {
    this.#congestion.flushed();
  }

  /** The connection is ending: nobody waits any more, and the peer's close frame is to be read. */
  stop(): void {
    this.#rate.stop();
    this.#congestion.release();
  }
}
