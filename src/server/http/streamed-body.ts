// One answer that stays open. Sends its head and its heartbeats, tells the sender to wait while the client reads more slowly
// than it is written to, and falls silent when the client has gone.

import type { Writable } from 'node:stream';
import type { HttpResponse } from '../adapters/node/message.js';
import type { Timers } from '../timers.js';
import { Heartbeat } from './heartbeat.js';
import type { BodyFormat } from './stream-format.js';

export interface StreamedBodyOptions {
  readonly timers: Timers;
  /** 0: no heartbeats. */
  readonly keepAliveMs: number;
  /** Settles when the response has ended, by itself or by its client. */
  readonly over: Promise<void>;
}

export class StreamedBody {
  readonly #body: Writable;
  readonly #heartbeat: Heartbeat | undefined;
  #relief: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #open = true;

  constructor(response: HttpResponse, format: BodyFormat, { timers, keepAliveMs, over }: StreamedBodyOptions) {
    this.#body = response;
    // What is written to a client that has just gone fails; that it has gone is told by `over`.
    response.on('error', () => {});
    response.on('drain', this.#relieve);
    void over.then(() => this.#close());
    response.writeHead(200, {
      'Content-Type': format.contentType,
      'Cache-Control': 'no-cache',
      'X-Accel-Buffering': 'no',
    });
    this.send(format.opening);
    const { heartbeat } = format;
    if (heartbeat !== undefined && keepAliveMs > 0) {
      // A client that does not read could not read that either.
      this.#heartbeat = new Heartbeat(timers, keepAliveMs, () => this.#relief === undefined && this.send(heartbeat));
    }
  }

  /** Settles when the client has read, or has gone; undefined while it keeps up. */
  get relief(): Promise<void> | undefined {
    return this.#relief?.promise;
  }

  send(text: string): void {
    if (!this.#open) return;
    this.#heartbeat?.sent();
    const keepsUp = this.#body.write(text);
    if (!keepsUp && this.#relief === undefined) {
      let resolve = (): void => {};
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#relief = { promise, resolve };
    }
  }

  /** Nothing is sent after this. */
  end(): void {
    if (!this.#open) return;
    this.#close();
    this.#body.end();
  }

  readonly #relieve = (): void => {
    this.#relief?.resolve();
    this.#relief = undefined;
  };

  #close(): void {
    this.#open = false;
    this.#heartbeat?.stop();
    this.#relieve();
  }
}
