// A root of the API as a JavaScript object: what is in it, what is not, and who may look at it.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { makeRoot } from '../../../src/schema/api/root.js';

const names = ['books', 'name', 'length', 'call', 'apply', 'bind', 'then', 'toJSON', 'constructor', 'prototype'];
const others = ['arguments', 'caller', 'toString', 'valueOf', 'hasOwnProperty', 'toLocaleString', 'class', 'in'];
const several = (one?: string): string => `called with ${one}`;
const unknown = (name: string): Error => new RangeError(`There is no ${name}`);
const fieldOf = (name: string) => () => name;

function rootWith(...fields: string[]) {
  return makeRoot(
    several,
    fields.map((name) => [name, fieldOf(name)] as const),
    unknown,
  );
}

describe('a root', () => {
  test('has the root fields as its own properties, in their order, and nothing else', () => {
    const root = rootWith('books', 'authors');
    expect(Reflect.ownKeys(root)).toEqual(['books', 'authors']);
    expect(Object.keys(root)).toEqual(['books', 'authors']);
    expect(Object.getPrototypeOf(root)).toBeNull();
    expect(['books' in root, 'call' in root, 'then' in root]).toEqual([true, false, false]);
    const seen: string[] = [];
    for (const name in root) seen.push(name);
    expect(seen).toEqual(['books', 'authors']);
  });

  test('reaches fields under every name that functions and objects have', () => {
    const root = rootWith(...names, ...others, '__proto__');
    for (const name of [...names, ...others, '__proto__']) expect(root[name]?.()).toBe(name);
    expect(Object.keys(root)).toEqual([...names, ...others, '__proto__']);
    expect(Object.getPrototypeOf(root)).toBeNull();
    expect(root('x')).toBe('called with x');
  });

  test('is itself the function for several fields', () => {
    expect(rootWith('books')('x')).toBe('called with x');
    expect(rootWith('books')()).toBe('called with undefined');
  });

  test('throws for a name that could be a field and is none', () => {
    expect(() => rootWith('books').boks).toThrow(new RangeError('There is no boks'));
  });

  test('has nothing under the names that the language and printers ask for, nor under symbols', () => {
    const root = rootWith('books');
    for (const name of [
      ...names.slice(1),
      ...others.slice(0, 6),
      '__proto__',
      '__esModule',
      '$$typeof',
      '@@iterable',
    ]) {
      expect([name, root[name]]).toEqual([name, undefined]);
    }
    for (const symbol of [Symbol.iterator, Symbol.toStringTag, Symbol.toPrimitive, inspect.custom]) {
      expect(Reflect.get(root, symbol)).toBeUndefined();
    }
  });

  test('can be awaited, written as JSON and printed', async () => {
    const root = rootWith('books');
    expect(await root).toBe(root);
    expect(JSON.stringify({ root })).toBe('{}');
    expect(inspect(root)).toContain('books: [Function');
    expect(() => inspect(rootWith(...names, ...others))).not.toThrow();
    expect(() => structuredClone({ root })).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  });

  test('can be printed by a test framework, which tells a failure as what it is', () => {
    const root = rootWith('books');
    expect(() => expect({ root }).toEqual({ root: 1 })).toThrow(/to deeply equal/);
    expect(() => expect(root).toBe(1)).toThrow(/to be 1/);
    expect(() => expect(root).toMatchObject({ books: 1 })).toThrow(/to match object/);
    expect({ root }).toEqual({ root });
  });

  test('may have a field replaced, as by a test of the program around it', () => {
    const root = rootWith('books');
    Object.assign(root, { books: () => 'mocked' });
    expect(root.books?.()).toBe('mocked');
  });
});
