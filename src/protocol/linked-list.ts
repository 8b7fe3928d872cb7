// What is in progress, in order, linked through itself: taking one out costs nothing and leaves nothing behind. Not a Set: the
// tables that a busy Set outgrows keep what they held, answers and all, alive until the next full garbage collection.

/** What can be on one such list at a time. */
export abstract class Linked<Item> {
  list: object | undefined;
  before: Item | undefined;
  after: Item | undefined;
}

export class LinkedList<Item extends Linked<Item>> implements Iterable<Item> {
  #first: Item | undefined;
  #last: Item | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Item | undefined {
    return this.#first;
  }

  /** Appends one that is on no list. */
  add(item: Item): void {
    item.list = this;
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
    this.#size += 1;
  }

  /** Takes one out; false where it is not on this list. */
  delete(item: Item): boolean {
    if (item.list !== this) return false;
    const { before, after } = item;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    item.list = undefined;
    item.before = undefined;
    item.after = undefined;
    this.#size -= 1;
    return true;
  }

  /** Whoever takes some out on the way goes through a copy. */
  *[Symbol.iterator](): Iterator<Item> {
    for (let item = this.#first; item !== undefined; item = item.after) yield item;
  }
}
