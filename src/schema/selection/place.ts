// Where the reading of a selection is: told by everything that is refused, known before anything is read there. And how far it
// went, which has an end whatever a program wrote.

import { ValidationError } from '../errors/validation-error.js';
import { type Extent, faultOfExtent } from './extent.js';

type Written = Readonly<Record<string, unknown>>;

export class Place {
  readonly path: (string | number)[];
  /** The objects and lists that it is inside of. */
  readonly #around: object[] = [];
  /** Fields, fragments and items of lists, as far as it came. */
  #entries = 0;

  constructor(path: readonly (string | number)[]) {
    this.path = [...path];
  }

  /** Goes into an object or a list. */
  inside(value: object, read: () => void): void {
    if (this.#around.includes(value)) this.refuse('This object is inside of itself: a selection must end somewhere.');
    this.take({ levels: 1, entries: 0 });
    this.#around.push(value);
    read();
    this.#around.pop();
  }

  /** Reads the items of a list. What is undefined or false is left out. */
  items(list: readonly unknown[], read: (item: unknown) => void): void {
    for (let index = 0; index < list.length; index += 1) {
      this.take(oneEntry);
      this.#at(index, () => {
        const item = list[index];
        if (item !== undefined && item !== false) read(item);
      });
    }
  }

  /** Reads the members of an object. What is undefined or false is left out. */
  members(object: Written, read: (key: string, value: unknown) => void): void {
    for (const key of Object.keys(object)) {
      this.take(oneEntry);
      this.#at(key, () => {
        const value = object[key];
        if (value !== undefined && value !== false) read(key, value);
      });
    }
  }

  /** Reads one member of an object, whatever it is. */
  member<Result>(object: Written, key: string, read: (value: unknown) => Result): Result {
    return this.#at(key, () => read(object[key]));
  }

  /** Refuses what makes the selection too large. */
  take({ levels, entries }: Extent): void {
    this.#entries += entries;
    const fault = faultOfExtent({ levels: this.#around.length + levels, entries: this.#entries });
    if (fault !== undefined) this.refuse(fault);
  }

  refuse(message: string, suggestions: readonly string[] = []): never {
    throw new ValidationError([{ message, path: [...this.path], suggestions }]);
  }

  #at<Result>(key: string | number, read: () => Result): Result {
    this.path.push(key);
    const result = read();
    this.path.pop();
    return result;
  }
}

const oneEntry: Extent = { levels: 0, entries: 1 };
