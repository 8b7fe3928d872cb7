// The beginning of something whose end has not come yet: what a reader of a byte stream keeps from one chunk to the next. The
// bytes are copied, because a chunk is often a small view of a large buffer; the memory doubles when it is full, so that the
// copying stays linear however small the chunks are.

const nothing = new Uint8Array(0);

export class Leftover {
  #memory: Uint8Array = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is left over and `chunk` after it, as one. Not to be used after the next call. */
  followedBy(chunk: Uint8Array): Uint8Array {
    if (this.#length === 0) return chunk;
    const length = this.#length + chunk.length;
    if (length > this.#memory.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#memory.length));
      larger.set(this.#memory.subarray(0, this.#length));
      this.#memory = larger;
    }
    this.#memory.set(chunk, this.#length);
    this.#length = length;
    return this.#memory.subarray(0, length);
  }

  /** Keeps what `followedBy` answered with, from `start` on. */
  keep(bytes: Uint8Array, start: number): void {
    const isKept = bytes.buffer === this.#memory.buffer;
    if (isKept && start === 0) return;
    this.#length = bytes.length - start;
    this.#memory = this.#length === 0 ? nothing : new Uint8Array(this.#length);
    this.#memory.set(bytes.subarray(start));
  }

  clear(): void {
    this.keep(nothing, 0);
  }
}
