// A text that same directives have in common, so that they are found among many without being compared with each. Others may
// have it too: it tells only the beginning of large values, and nothing of objects that are the same by identity alone.

import type { DirectiveNode } from './nodes.js';
import { isPlainObject } from './plain-object.js';
import { Variable } from './variable.js';

/** Values in a key: lists and objects may hold each other again and again. */
const mostValues = 1_000;

/** As `isSameRecord` compares their arguments. Throws what reading them throws. */
export function keyOfDirectives(directives: readonly DirectiveNode[]): string {
  if (directives.length === 0) return '';
  const reader = new KeyReader();
  return directives.map(({ name, args }) => `@${name}${reader.record(args)}`).join('');
}

class KeyReader {
  #left = mostValues;

  record(values: Readonly<Record<string, unknown>>): string {
    let key = '{';
    for (const name of Object.keys(values).sort()) {
      if (this.#left === 0) break;
      const value = values[name];
      if (value !== undefined) key += `${JSON.stringify(name)}:${this.#value(value)},`;
    }
    return `${key}}`;
  }

  #value(value: unknown): string {
    if (this.#left === 0) return '';
    this.#left -= 1;
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'function' : String(value);
    if (value instanceof Variable)
      return `$${value.name}(${this.#value(value.value)},${this.#value(value.defaultValue)})`;
    if (Array.isArray(value)) return this.#list(value);
    return isPlainObject(value) ? this.record(value) : 'object';
  }

  #list(list: readonly unknown[]): string {
    let key = `[${list.length}:`;
    for (let index = 0; index < list.length && this.#left > 0; index += 1) key += `${this.#value(list[index])},`;
    return `${key}]`;
  }
}
