// The event source of one subscription: hands out what it was given, in order, then ends. It is open until it has ended or
// was left.

export class Source implements AsyncIterableIterator<unknown, undefined> {
  readonly topic: string | undefined;
  readonly #closed: () => void;
  readonly #queue: unknown[] = [];
  #finished: { readonly error: Error | undefined } | undefined;
  #wake = (): void => {};

  /** `closed` is called when it has ended or was left. */
  constructor(topic: string | undefined, closed: () => void) {
    this.topic = topic;
    this.#closed = closed;
  }

  push(values: readonly unknown[]): this {
    this.#queue.push(...values);
    this.#wake();
    return this;
  }

  /** Ends it after what it still holds, with an error where one is given. */
  finish(error?: Error): this {
    this.#finished = { error };
    this.#wake();
    return this;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    while (this.#queue.length === 0 && this.#finished === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#queue.length > 0) return { done: false, value: this.#queue.shift() };
    this.#closed();
    if (this.#finished?.error !== undefined) {
      const { error } = this.#finished;
      this.#finished = { error: undefined };
      throw error;
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#queue.length = 0;
    this.finish();
    this.#closed();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
