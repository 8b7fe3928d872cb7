// A map of what is made out of texts when it is first asked for.

export class LazyMap<Value> implements ReadonlyMap<string, Value> {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #make: (text: string, key: string) => Value;
  readonly #made: Map<string, Value> = new Map();

  constructor(texts: ReadonlyMap<string, string>, make: (text: string, key: string) => Value) {
    this.#texts = texts;
    this.#make = make;
  }

  get size(): number {
    return this.#texts.size;
  }

  has(key: string): boolean {
    return this.#texts.has(key);
  }

  get(key: string): Value | undefined {
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    const text = this.#texts.get(key);
    if (text === undefined) return undefined;
    const value = this.#make(text, key);
    this.#made.set(key, value);
    return value;
  }

  keys(): MapIterator<string> {
    return this.#texts.keys();
  }

  values(): MapIterator<Value> {
    return this.#whole().values();
  }

  entries(): MapIterator<[string, Value]> {
    return this.#whole().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  /** In the order of the texts, whatever was asked for first. */
  #whole(): ReadonlyMap<string, Value> {
    const whole = new Map<string, Value>();
    for (const [key, text] of this.#texts) whole.set(key, this.get(key) ?? this.#make(text, key));
    return whole;
  }
}
