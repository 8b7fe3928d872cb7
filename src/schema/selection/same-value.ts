// Whether two values given for arguments are the same: what decides if a field that is selected twice is one field.

import { isPlainObject } from './plain-object.js';
import { Variable } from './variable.js';

/** Plain objects and lists by what they hold, everything else by identity; members that are undefined count as not given. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Variable || other instanceof Variable) {
    return (
      one instanceof Variable &&
      other instanceof Variable &&
      one.name === other.name &&
      isSameValue(one.value, other.value) &&
      isSameValue(one.defaultValue, other.defaultValue)
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => isSameValue(value, other[index]));
  }
  return isPlainObject(one) && isPlainObject(other) && isSameRecord(one, other);
}

/** The same for what two fields or directives take by name. */
export function isSameRecord(
  one: Readonly<Record<string, unknown>> = {},
  other: Readonly<Record<string, unknown>> = {},
): boolean {
  if (one === other) return true;
  const given = (values: Readonly<Record<string, unknown>>) =>
    Object.keys(values).filter((name) => values[name] !== undefined);
  const names = given(one);
  return (
    names.length === given(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameValue(one[name], other[name]))
  );
}
