// What was made of the texts that were used last. Two tables take turns, so that finding a text again moves nothing.

/** So many texts at least, and twice as many at most. */
const kept = 1_000;

export class RecentTexts<Value> {
  #recent = new Map<string, Value>();
  #older = new Map<string, Value>();

  get(text: string): Value | undefined {
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    const older = this.#older.get(text);
    if (older !== undefined) this.set(text, older);
    return older;
  }

  set(text: string, value: Value): void {
    if (this.#recent.size >= kept) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(text, value);
  }

  delete(text: string): void {
    this.#recent.delete(text);
    this.#older.delete(text);
  }
}
