// The body of an answer that comes whole: collects its pieces, within a bound, and decodes them once.

const lenient = new TextDecoder();
/** JSON that is exchanged is UTF-8: RFC 8259, section 8.1. */
const strict = new TextDecoder('utf-8', { fatal: true });

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

  /** The text. Throws where it is no UTF-8: data in which characters were replaced would be wrong data. */
  read(): string {
    return strict.decode(this.#whole());
  }

  /** The text, to be shown to a person. */
  toString(): string {
    return lenient.decode(this.#whole());
  }

  #whole(): Uint8Array {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && only !== undefined) return only;
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}
