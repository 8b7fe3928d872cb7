// A bounded memory of what was used lately. Second chance (the clock algorithm): a hit costs one look-up and one mark, and
// nothing is reordered before room is needed; then what was not used since it was last looked at goes first.

interface Entry<Value> {
  readonly value: Value;
  readonly cost: number;
  used: boolean;
}

export class RecentlyUsed<Key, Value> {
  readonly #capacity: number;
  // A Map iterates in the order of insertion: the first key is the one to be looked at next.
  readonly #entries = new Map<Key, Entry<Value>>();
  #cost = 0;

  /** @param capacity what the costs of all entries may come to. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What all entries cost together. */
  get cost(): number {
    return this.#cost;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** For a key that is not there. What costs more than everything may is not kept. */
  add(key: Key, value: Value, cost: number): void {
    if (cost > this.#capacity) return;
    this.#makeRoom(this.#capacity - cost);
    this.#entries.set(key, { value, cost, used: false });
    this.#cost += cost;
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
  }

  #makeRoom(most: number): void {
    // What is put back at the end is met again, unmarked: a second round at most.
    for (const [key, entry] of this.#entries) {
      if (this.#cost <= most) return;
      this.#entries.delete(key);
      if (entry.used) {
        entry.used = false;
        this.#entries.set(key, entry);
      } else {
        this.#cost -= entry.cost;
      }
    }
  }
}
