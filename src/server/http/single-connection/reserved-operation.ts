// One operation on a reserved stream. It outlives the request that asked for it, so its signal is its own.

import type { ExecutionContext } from '../../../protocol/executor.js';
import type { Stoppable } from '../forward.js';
import type { PlainRequest } from '../plain.js';

export class ReservedOperation implements ExecutionContext, Stoppable {
  readonly headers: ExecutionContext['headers'];
  readonly connectionParams: undefined;
  readonly connection: object = {};
  readonly remoteAddress: string | undefined;
  /** Settles when its last event was sent, or it was stopped. */
  readonly ended: Promise<void>;
  /** It is a subscription. */
  isEndless = false;
  readonly #controller = new AbortController();
  #end: () => void = () => {};

  constructor(request: PlainRequest) {
    this.headers = request.headers;
    this.remoteAddress = request.remoteAddress;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#controller.signal.aborted;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  over(): void {
    this.#end();
  }
}
