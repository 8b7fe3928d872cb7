// The body of an answer that comes whole: collects its pieces, within a bound, and decodes them once.

const utf8 = new TextDecoder();

export class BodyText {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
  }

  toString(): string {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && only !== undefined) return utf8.decode(only);
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return utf8.decode(whole);
  }
}
