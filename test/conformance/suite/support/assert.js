// Assertions that need nothing but the language: each throws an Error that shows what was expected and what was found.

/**
 * Like `toEqual`: deep, by own enumerable members; a member that is undefined counts as absent.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [what]
 */
export function equal(actual, expected, what = 'The value') {
  if (!same(actual, expected, false)) fail(what, actual, expected);
}

/**
 * Like `toMatchObject`: members that are expected must be there, others may be. Lists must have the same length.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [what]
 */
export function matches(actual, expected, what = 'The value') {
  if (!same(actual, expected, true)) fail(what, actual, expected);
}

/**
 * @param {unknown} condition
 * @param {string} what
 * @returns {asserts condition}
 */
export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/**
 * What a promise was rejected with: an error of this class, with these members.
 *
 * @template {Error} T
 * @param {Promise<unknown>} promise
 * @param {new (...given: never[]) => T} errorClass
 * @param {object} [members]
 * @returns {Promise<T>}
 */
export async function rejection(promise, errorClass, members = {}) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    if (!(error instanceof errorClass))
      throw new Error(`Expected ${errorClass.name}, got ${show(error)}`, { cause: error });
    matches(error, members, errorClass.name);
    return error;
  }
  throw new Error(`Expected a rejection with ${errorClass.name}, got ${show(value)}`);
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {boolean} partly
 * @returns {boolean}
 */
function same(actual, expected, partly) {
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual);
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return Object.is(actual, expected);
  }
  if (Array.isArray(actual) !== Array.isArray(expected)) return false;
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) return false;
  const found = /** @type {Record<string, unknown>} */ (actual);
  const wanted = /** @type {Record<string, unknown>} */ (expected);
  const names = partly ? Object.keys(wanted) : [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  return names.every((name) => same(found[name], wanted[name], partly));
}

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 */
function fail(what, actual, expected) {
  throw new Error(`${what} is not as expected.\n  expected: ${show(expected)}\n  found:    ${show(actual)}`);
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function show(value) {
  const text =
    value instanceof Error
      ? `${value.name}: ${value.message} ${JSON.stringify(value)}`
      : (JSON.stringify(value, (_name, member) => (member instanceof RegExp ? String(member) : member)) ??
        String(value));
  return text.length > 2_000 ? `${text.slice(0, 2_000)}...` : text;
}
