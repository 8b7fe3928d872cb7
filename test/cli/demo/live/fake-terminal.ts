// A terminal without glass: interprets what is written to it as a terminal does, as far as the demo goes, and shows what a
// person would see. Anything that it does not know, and any line that would wrap, is an error.

const introducer = '\x1b[';
const command = /^(\?25[lh]|\d*[AJKm])/;

export class FakeTerminal {
  columns: number;
  rows: number;
  cursorVisible = true;
  /** Every write as it came. */
  readonly writes: string[] = [];
  /** Scrollback and screen. */
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Everything that was ever shown and not overwritten, without trailing spaces. */
  get lines(): string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  /** Where the cursor is, in `lines` and in its line. */
  get cursor(): { row: number; column: number } {
    return { row: this.#row, column: this.#column };
  }

  /** The width changes, and lines that are now too long go on in the next row, as in most terminals. */
  narrow(columns: number): void {
    this.columns = columns;
    const wrapped = this.#lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
    this.#row = wrapped.slice(0, this.#row).flat().length;
    this.#lines = wrapped.flat();
  }

  write(text: string): void {
    this.writes.push(text);
    for (let rest = text; rest !== ''; ) rest = rest.slice(this.#take(rest));
  }

  /** Answers how many characters it took. */
  #take(text: string): number {
    const [what] = command.exec(text.slice(introducer.length)) ?? [];
    if (text.startsWith(introducer) && what !== undefined) {
      this.#obey(what);
      return introducer.length + what.length;
    }
    if (text.startsWith('\r')) this.#column = 0;
    else if (text.startsWith('\n')) this.#nextLine();
    else this.#put(text.charAt(0));
    return 1;
  }

  #obey(what: string): void {
    const line = this.#lines[this.#row] ?? '';
    const top = Math.max(0, this.#lines.length - this.rows);
    if (what === '?25l') this.cursorVisible = false;
    else if (what === '?25h') this.cursorVisible = true;
    else if (what.endsWith('A')) this.#row = Math.max(top, this.#row - Number(what.slice(0, -1)));
    else if (what === 'K') this.#lines[this.#row] = line.slice(0, this.#column);
    else if (what === 'J') {
      this.#lines[this.#row] = line.slice(0, this.#column);
      this.#lines.length = this.#row + 1;
    } else if (!what.endsWith('m')) throw new Error(`The terminal does not know ${what}`);
  }

  #nextLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
  }

  #put(character: string): void {
    if (character < ' ') throw new Error(`The terminal does not know ${JSON.stringify(character)}`);
    if (this.#column >= this.columns) throw new Error(`A line is longer than ${this.columns} columns`);
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }
}
