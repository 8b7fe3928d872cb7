// A root of the API: a function for several root fields at once, whose own properties are the root fields of the schema and
// nothing else, so that no field is hidden behind a name that functions or objects have in JavaScript.

import { isName } from '../selection/names.js';

/**
 * What the language, promises, JSON and printers of values ask every function for: undefined where it is no field, as on any
 * object without a prototype.
 */
const asked = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  'prototype',
  'then',
  'toJSON',
  'asymmetricMatch',
  'nodeType',
  'tagName',
]);

/**
 * @param several What a call of the root itself does.
 * @param fields The functions of the root fields, by name.
 * @param unknown The error for a name that could be a field's and is none.
 */
export function makeRoot<Several extends (...args: never[]) => unknown, Field>(
  several: Several,
  fields: Iterable<readonly [name: string, field: Field]>,
  unknown: (name: string) => Error,
): Several & Readonly<Record<string, Field>> {
  const root = bare(several);
  for (const [name, value] of fields) {
    // Not by assignment: `__proto__` would be none. Writable, so that tests can put a function of their own there.
    Object.defineProperty(root, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return new Proxy(root as Several & Readonly<Record<string, Field>>, {
    get(target, name, receiver) {
      if (Object.hasOwn(target, name) || !mayBeField(name)) return Reflect.get(target, name, receiver);
      throw unknown(name);
    },
  });
}

/** The function without a prototype and without properties. Wrapped: an arrow has none that cannot be taken away. */
function bare<Several extends (...args: never[]) => unknown>(several: Several): Several {
  const root = (...args: never[]): unknown => several(...args);
  for (const name of Reflect.ownKeys(root)) Reflect.deleteProperty(root, name);
  return Object.setPrototypeOf(root, null) as Several;
}

/** Names with two underscores are GraphQL's own, and those that bundlers and frameworks look for. */
function mayBeField(name: string | symbol): name is string {
  return isName(name) && !name.startsWith('__') && !asked.has(name);
}
