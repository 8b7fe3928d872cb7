// Values that nobody can change without being caught.

/** Freezes it and everything in it. */
export function frozen<T>(value: T): T {
  const open: unknown[] = [value];
  for (let one = open.pop(); open.length > 0 || one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null || Object.isFrozen(one)) continue;
    Object.freeze(one);
    open.push(...Object.values(one));
  }
  return value;
}
