// The signal that one operation's resolvers see: aborted when its carrier gives the operation up, and when its time is over.
// Most resolvers never look at it, so it is made when somebody does.

export class OperationSignal {
  readonly #carrier: { readonly signal: AbortSignal };
  #controller: AbortController | undefined;
  #reason: unknown;
  #aborted = false;

  /** `carrier` may make its signal when it is asked for it, too. */
  constructor(carrier: { readonly signal: AbortSignal }) {
    this.#carrier = carrier;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      const { signal } = this.#carrier;
      if (this.#aborted) this.#controller.abort(this.#reason);
      else if (signal.aborted) this.#controller.abort(signal.reason);
      else signal.addEventListener('abort', this.#onAbort);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.release();
  }

  /** The operation is over: its carrier's signal may live on. */
  release(): void {
    if (this.#controller !== undefined) this.#carrier.signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.abort(this.#carrier.signal.reason);
}
