// An iterator of the session whose values are read on their way to its consumer: a field taken out, scalars decoded. By hand
// and without anything of its own to keep, because most subscriptions are idle and there may be many.
/// <reference lib="esnext.disposable" preserve="true" />

/** How one value becomes what the consumer gets. What it throws ends the iterator. */
export type Read<From, To> = (value: From) => To;

export class ReadingIterator<From, To> implements AsyncIterableIterator<To, undefined>, AsyncDisposable {
  readonly #source: AsyncIterator<From, undefined>;
  readonly #read: Read<From, To>;

  constructor(source: AsyncIterator<From, undefined>, read: Read<From, To>) {
    this.#source = source;
    this.#read = read;
  }

  async next(): Promise<IteratorResult<To, undefined>> {
    const step = await this.#source.next();
    if (step.done) return step;
    try {
      return { done: false, value: this.#read(step.value) };
    } catch (error) {
      // A loop does not call `return` on an iterator that threw, so the server is told here.
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
