// A block of lines at the bottom of a terminal that is drawn again in place. Owns the terminal while it is open: the block, the
// hidden cursor, and that both are left in order however the process ends.

import { stripVTControlCharacters } from 'node:util';

/** What is needed of `process.stdout` on a terminal. */
export interface Terminal {
  write(text: string): unknown;
  /** 0 where the terminal does not tell. */
  readonly columns: number;
  readonly rows: number;
}

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseToEndOfLine = '\x1b[K';
const eraseBelow = '\x1b[J';
const up = (lines: number): string => (lines === 0 ? '\r' : `\r\x1b[${lines}A`);

/** Every so many drawings everything is written anew: what the keyboard or another program put into the block goes away. */
const refreshEvery = 8;

export class Screen {
  readonly #terminal: Terminal;
  readonly #restore = (): void => this.close();
  #drawn: readonly string[] = [];
  #columns = 0;
  #drawings = 0;
  #open = true;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    process.on('exit', this.#restore);
    terminal.write(hideCursor);
  }

  /** How many columns a line may use: not the last one, where some terminals wrap. */
  get width(): number {
    return Math.max(1, (this.#terminal.columns || 80) - 1);
  }

  /** Replaces the block by these lines, in one write. What does not fit the terminal's height is left out. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    // The cursor rests below the block, and needs a row of its own.
    const shown = lines.slice(0, Math.max(1, (this.#terminal.rows || 24) - 1));
    const resized = this.#columns !== this.width;
    const anew = resized || this.#drawings % refreshEvery === 0;
    const height = resized ? this.#rowsNow() : this.#drawn.length;
    this.#drawings += 1;
    const same = shown.length === this.#drawn.length && shown.every((line, index) => line === this.#drawn[index]);
    if (same && !anew) return;
    const rows = shown.map((line, index) => {
      const unchanged = !anew && line === this.#drawn[index];
      return unchanged ? '\n' : `${line}${eraseToEndOfLine}\n`;
    });
    this.#terminal.write(`${up(height)}${rows.join('')}${eraseBelow}`);
    this.#drawn = shown;
    this.#columns = this.width;
  }

  /** Leaves the block where it is, with the cursor below it. May be called again. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.off('exit', this.#restore);
    this.#terminal.write(showCursor);
  }

  /** A terminal that became narrower has wrapped what was drawn, so that it takes more rows. */
  #rowsNow(): number {
    const columns = this.width + 1;
    const rowsOf = (line: string): number => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
    return this.#drawn.reduce((sum, line) => sum + rowsOf(line), 0);
  }
}
