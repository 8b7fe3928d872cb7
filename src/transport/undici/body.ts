// The body of an upload, part after part: each source is opened when its turn comes, and is told when nobody wants it any more.

import { describe } from '../../protocol/options.js';
import type { HttpBody, HttpBodyPart } from '../http/exchange.js';

/** What a program uploads could not be read. */
export class UploadSourceError extends Error {
  override readonly name: string = 'UploadSourceError';
}

const finished: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class UploadBody implements AsyncIterableIterator<Uint8Array> {
  readonly #parts: Iterator<HttpBodyPart>;
  #source: AsyncIterator<Uint8Array> | undefined;
  #stopped = false;

  constructor(body: HttpBody) {
    this.#parts = body.parts[Symbol.iterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const step = await this.#next();
      // What was given up must not look complete to the server.
      if (this.#stopped) throw new Error('nobody wants it any more');
      return step;
    } catch (cause) {
      this.stop();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UploadSourceError(why, { cause });
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.stop();
    return finished;
  }

  /** Nobody wants the rest. Idempotent. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const source = this.#source;
    this.#source = undefined;
    // What a source has to say about being closed early is of no use to anybody.
    source?.return?.().catch(() => {});
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      if (this.#stopped) return finished;
      if (this.#source === undefined) {
        const part = this.#parts.next();
        if (part.done === true) return finished;
        if (part.value instanceof Uint8Array) return { value: part.value };
        this.#source = open(part.value);
      }
      const step = await this.#source.next();
      if (step.done !== true) return { value: bytes(step.value) };
      this.#source = undefined;
    }
  }
}

function open(part: Blob | (() => AsyncIterable<Uint8Array>)): AsyncIterator<Uint8Array> {
  const source = typeof part === 'function' ? part() : part.stream();
  return source[Symbol.asyncIterator]();
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a source of an upload must yield bytes (Uint8Array); it yielded ${describe(value)}`);
}
