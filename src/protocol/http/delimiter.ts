// Where a part of a multipart body ends: RFC 2046, section 5.1.1. A delimiter is a line end, two hyphens and the boundary;
// whatever follows in its line is no longer part of it. Line ends are CRLF, or LF alone, which some servers write.

const LF = 0x0a;
const CR = 0x0d;

export interface Finding {
  /** Where the first delimiter begins, with the line end before it; without one, what comes from here on may be its beginning. */
  readonly at: number;
  /** Where the first delimiter ends; undefined without one. */
  readonly after: number | undefined;
}

export class Delimiter {
  readonly #line: Uint8Array;

  constructor(boundary: string) {
    this.#line = new TextEncoder().encode(`--${boundary}`);
  }

  /** `isLineStart`: a line begins at `from`. Looks at each byte once, except for those that it told to begin with next time. */
  find(bytes: Uint8Array, from: number, isLineStart: boolean): Finding {
    const finding = isLineStart ? this.#match(bytes, from, from) : undefined;
    if (finding !== undefined) return finding;
    for (let lf = bytes.indexOf(LF, from); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
      const found = this.#match(bytes, bytes[lf - 1] === CR ? lf - 1 : lf, lf + 1);
      if (found !== undefined) return found;
    }
    const endsInCr = bytes[bytes.length - 1] === CR;
    return { at: endsInCr ? bytes.length - 1 : bytes.length, after: undefined };
  }

  /** Looks at one line only. Undefined where no delimiter begins there, whatever comes. */
  findAt(bytes: Uint8Array, lineStart: number): Finding | undefined {
    return this.#match(bytes, lineStart, lineStart);
  }

  #match(bytes: Uint8Array, at: number, lineStart: number): Finding | undefined {
    const line = this.#line;
    const known = Math.min(line.length, bytes.length - lineStart);
    for (let i = 0; i < known; i++) if (bytes[lineStart + i] !== line[i]) return undefined;
    return { at, after: known === line.length ? lineStart + known : undefined };
  }
}
