// The headers of one part of a multipart body: RFC 2045, section 3, in the syntax of RFC 5322. Lines that are no header mean
// nothing.

const maxHeaderBytes = 16_384;

const utf8 = new TextDecoder();

export class PartHeaders {
  readonly #values = new Map<string, string>();
  #last = '';
  #bytes = 0;

  /** Whether another line of so many bytes is not too much. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= maxHeaderBytes;
  }

  add(line: Uint8Array): void {
    this.#bytes += line.length + 1;
    const text = utf8.decode(line);
    const [, name, value] = /^([^:\s]+)[ \t]*:(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) {
      this.#last = name.toLowerCase();
      const before = this.#values.get(this.#last);
      this.#values.set(this.#last, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
    } else if (/^[ \t]/.test(text) && this.#last !== '') {
      // A line that goes on with the header before it.
      this.#values.set(this.#last, `${this.#values.get(this.#last)} ${text.trim()}`);
    }
  }

  /** By name, in lower case. What came several times is one, joined with commas. */
  get values(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }
}
