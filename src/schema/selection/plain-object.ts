// Objects that are nothing but what they hold, and copies of them.

/** An object as a literal or JSON makes it, of any realm. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/**
 * The same of one's own, as far as it is made of plain objects, lists and Dates: it does not change with what a program holds.
 * What cannot be read stays as it is.
 */
export function copied<Value>(value: Value): Value {
  try {
    return copy(value, new Map()) as Value;
  } catch {
    return value;
  }
}

/** @param known What was copied already: an object may be inside of itself. */
function copy(value: unknown, known: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const item of value) list.push(copy(item, known));
    return list;
  }
  if (!isPlainObject(value)) return value;
  // Without a prototype: `__proto__` is a name like any other then.
  const members: Record<string, unknown> = Object.create(null);
  known.set(value, members);
  for (const name of Object.keys(value)) members[name] = copy(value[name], known);
  return members;
}
