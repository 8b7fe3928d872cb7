// An answer that stays open: sends what it begins with and its heartbeats, tells the sender to wait while the client reads more
// slowly than it is written to, gives up one that does not read at all, and falls silent when the client has gone.

import { Congestion } from '../congestion.js';
import type { Timers } from '../timers.js';
import { Heartbeat } from './heartbeat.js';
import type { BodyEvents, BodyStream, BodyWriter } from './plain.js';
import type { BodyFormat } from './stream-format.js';

export interface StreamedBodyOptions {
  readonly format: BodyFormat;
  readonly timers: Timers;
  /** 0: no heartbeats. */
  readonly keepAliveMs: number;
  readonly stallTimeoutMs: number;
  /** Once: it can be written to. */
  opened(): void;
  /** Once, also where it was never opened: it is over, by itself or by its client. */
  closed(): void;
  /** Settles when nothing runs on it that ends by itself; undefined where nothing does. */
  busy?(): Promise<void> | undefined;
}

/** `ended`: by this side, and perhaps not read yet. */
type State = 'made' | 'open' | 'ended' | 'over';

export class StreamedBody implements BodyStream, BodyEvents {
  readonly #options: StreamedBodyOptions;
  readonly #congestion: Congestion;
  #writer: BodyWriter | undefined;
  #heartbeat: Heartbeat | undefined;
  #cancelEnd: (() => void) | undefined;
  #cancelLeave: (() => void) | undefined;
  #state: State = 'made';
  /** It was given up before it began. */
  #isCut = false;

  constructor(options: StreamedBodyOptions) {
    this.#options = options;
    const { timers, stallTimeoutMs } = options;
    this.#congestion = new Congestion({
      backlog: () => this.#writer?.backlog ?? 0,
      timers,
      stallTimeoutMs,
      stalled: () => this.cut(),
    });
  }

  start(writer: BodyWriter): BodyEvents {
    this.#writer = writer;
    if (this.#isCut) writer.cut();
    if (this.#isCut || this.#state !== 'made') return this;
    this.#state = 'open';
    const { format, timers, keepAliveMs, opened } = this.#options;
    const { heartbeat } = format;
    if (heartbeat !== undefined && keepAliveMs > 0) {
      // A client that does not read could not read that either.
      this.#heartbeat = new Heartbeat(timers, keepAliveMs, () => this.relief === undefined && this.send(heartbeat));
    }
    this.send(format.opening);
    opened();
    return this;
  }

  /** Settles when the client has read, or has gone; undefined while it keeps up. */
  get relief(): Promise<void> | undefined {
    return this.#congestion.relief;
  }

  /** Nothing that is sent arrives any more. */
  get isClosed(): boolean {
    return this.#state === 'ended' || this.#state === 'over';
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.#heartbeat?.sent();
    this.#writer?.write(text);
    this.#congestion.sent();
  }

  /** Nothing is sent after this. A client that does not read what there is, is given up after a while. */
  end(): void {
    if (this.#state !== 'open') return;
    const { timers, stallTimeoutMs } = this.#options;
    this.#silence('ended');
    this.#cancelEnd = timers.set(stallTimeoutMs, () => this.cut());
    this.#writer?.end();
  }

  /** Ends it after a while, unfinished, so that its client comes back; what ends by itself meanwhile is waited for. */
  leaveAfter(delayMs: number, retryMs: number): void {
    this.#cancelLeave ??= this.#options.timers.set(delayMs, () => void this.#leave(retryMs));
  }

  async #leave(retryMs: number): Promise<void> {
    for (;;) {
      const busy = this.#options.busy?.();
      if (busy === undefined) break;
      await busy;
    }
    if (this.#state === 'made') this.cut();
    this.send(this.#options.format.comeBack(retryMs));
    this.end();
  }

  cut(): void {
    this.#isCut = true;
    this.#writer?.cut();
  }

  flushed(): void {
    this.#congestion.flushed();
  }

  closed(): void {
    if (this.#state === 'over') return;
    this.#silence('over');
    this.#cancelEnd?.();
    this.#cancelLeave?.();
    this.#options.closed();
  }

  #silence(state: 'ended' | 'over'): void {
    this.#state = state;
    this.#heartbeat?.stop();
    this.#congestion.release();
  }
}
