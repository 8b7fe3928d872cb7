// The bytes of one file as they arrive. They are copied into blocks: a peer that sends byte by byte must not cost an object each.

const blockBytes = 64 * 1024;

export class FileBytes {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  /** How much of the last block is used. */
  #used = blockBytes;

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === blockBytes) {
        this.#blocks.push(new Uint8Array(blockBytes));
        this.#used = 0;
      }
      const piece = bytes.subarray(at, at + blockBytes - this.#used);
      this.#blocks.at(-1)?.set(piece, this.#used);
      this.#used += piece.length;
      at += piece.length;
    }
  }

  toFile(name: string, type: string): File {
    const last = this.#blocks.pop();
    const parts = last === undefined ? [] : [...this.#blocks, last.subarray(0, this.#used)];
    return new File(parts, name, { type });
  }
}
