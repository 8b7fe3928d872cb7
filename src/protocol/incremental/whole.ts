// The whole of an answer that comes in parts, as far as it has come. What was handed out never changes: of the objects and
// lists that it shares, those that a patch touches are copied first, once, and everything else stays shared.

import type { JsonObject } from '../json.js';
import type { GraphQLError, Result } from '../result.js';
import type { Part, ResultPatch, ResultPath } from './part.js';

type Container = Record<string | number, unknown>;

export class Whole {
  #data: unknown;
  #errors: GraphQLError[] | undefined;
  #extensions: JsonObject | undefined;
  #hasNext = true;
  /** Made since the last snapshot: nobody else holds them. */
  #own = new WeakSet<object>();

  /** Takes a part in. Answers with what is wrong with it; then this is of no use any more. */
  add(part: Part): string | undefined {
    this.#hasNext = part.hasNext;
    if (part.data !== undefined) this.#data = part.data;
    this.#note(part);
    for (const patch of part.patches) {
      const fault = this.#apply(patch);
      if (fault !== undefined) return fault;
      this.#note(patch);
    }
    return undefined;
  }

  snapshot(): Result {
    this.#own = new WeakSet();
    return { data: this.#data, errors: this.#errors, extensions: this.#extensions, hasNext: this.#hasNext };
  }

  #note({ errors, extensions }: Pick<Part, 'errors' | 'extensions'>): void {
    if (extensions !== undefined) this.#extensions = { ...this.#extensions, ...extensions };
    if (errors === undefined) return;
    this.#errors = this.#owned(this.#errors ?? []);
    for (const error of errors) this.#errors.push(error);
  }

  #apply({ path, data, items, index }: ResultPatch): string | undefined {
    if (data === undefined && items === undefined) return undefined;
    const target = this.#reach(path);
    if (target === undefined) return `it adds to ${placeOf(path)}, where there is nothing to add to`;
    if (data !== undefined) {
      if (Array.isArray(target)) return `it adds fields to ${placeOf(path)}, which is a list`;
      this.#merge(target, data);
    }
    if (items !== undefined) {
      if (!Array.isArray(target)) return `it adds items to ${placeOf(path)}, which is no list`;
      if (index !== undefined && index !== target.length) {
        return `it adds item ${index} to ${placeOf(path)}, which has ${target.length} items`;
      }
      for (const item of items) target.push(item);
    }
    return undefined;
  }

  /** The object or list at a path, to be changed; undefined where there is none. */
  #reach(path: ResultPath): Container | undefined {
    if (!isContainer(this.#data)) return undefined;
    let node = this.#owned(this.#data);
    this.#data = node;
    for (const step of path) {
      const fits = Array.isArray(node) === (typeof step === 'number');
      const child = fits ? own(node, step) : undefined;
      if (!isContainer(child)) return undefined;
      const copy = this.#owned(child);
      put(node, step, copy);
      node = copy;
    }
    return node;
  }

  /** Not recursive: how deep an answer is, is the server's choice. */
  #merge(target: Container, source: object): void {
    const pairs: (readonly [Container, object])[] = [[target, source]];
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const [into, from] = pair;
      for (const [name, value] of Object.entries(from)) {
        const existing = own(into, name);
        if (!isContainer(existing) || !isContainer(value) || Array.isArray(existing) !== Array.isArray(value)) {
          put(into, name, value);
          continue;
        }
        const copy = this.#owned(existing);
        put(into, name, copy);
        pairs.push([copy, value]);
      }
    }
  }

  #owned<T extends object>(node: T): T {
    if (this.#own.has(node)) return node;
    const copy = (Array.isArray(node) ? node.slice() : { ...node }) as T;
    this.#own.add(copy);
    return copy;
  }
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function own(node: Container, name: string | number): unknown {
  return Object.hasOwn(node, name) ? node[name] : undefined;
}

/** Defined, not assigned: a field may be called `__proto__`. */
function put(node: Container, name: string | number, value: unknown): void {
  Object.defineProperty(node, name, { value, writable: true, enumerable: true, configurable: true });
}

function placeOf(path: ResultPath): string {
  const text = path.slice(0, 20).join('.');
  return path.length === 0 ? 'the root' : JSON.stringify(text.length > 100 ? `${text.slice(0, 97)}...` : text);
}
