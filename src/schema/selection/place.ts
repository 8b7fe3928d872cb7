// Where the reading of a selection is: told by everything that is refused, known before anything is read there. And how far it
// went, which has an end whatever a program wrote.

import { ValidationError } from '../errors/validation-error.js';
import { faultOfExtent } from './extent.js';

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
    this.#around.push(value);
    read();
    this.#around.pop();
  }

  /** Reads the items of a list. What is undefined or false is left out. */
  items(list: readonly unknown[], read: (item: unknown) => void): void {
    for (let index = 0; index < list.length; index += 1) {
      this.take(0, 1);
      this.path.push(index);
      const item = list[index];
      if (item !== undefined && item !== false) read(item);
      this.path.pop();
    }
  }

  /** Reads the members of an object. What is undefined or false is left out. */
  members(object: Written, read: (key: string, value: unknown) => void): void {
    for (const key of Object.keys(object)) {
      this.take(0, 1);
      this.path.push(key);
      const value = object[key];
      if (value !== undefined && value !== false) read(key, value);
      this.path.pop();
    }
  }

  /** Reads one member of an object, whatever it is. */
  member<Result>(object: Written, key: string, read: (value: unknown) => Result): Result {
    this.path.push(key);
    const result = read(object[key]);
    this.path.pop();
    return result;
  }

  /** Refuses what makes the selection too large. */
  take(levels: number, entries: number): void {
    this.#entries += entries;
    const fault = faultOfExtent(this.#around.length + levels, this.#entries);
    if (fault !== undefined) this.refuse(fault);
  }

  refuse(message: string, suggestions: readonly string[] = []): never {
    throw new ValidationError([{ message, path: [...this.path], suggestions }]);
  }
}
