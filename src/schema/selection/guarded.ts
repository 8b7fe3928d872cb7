// What a program wrote is read through its own code where there are getters and proxies in it. What they throw is told with
// its place.

import { ValidationError } from '../errors/validation-error.js';
import { reasonOf } from '../scalars/codec.js';

/**
 * @param path Of what is read; it may change meanwhile, and tells how far the reading came.
 * @throws ValidationError for whatever is thrown, which is its cause. Those that are thrown tell their place themselves.
 */
export function guarded<Result>(path: readonly (string | number)[], read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ValidationError) throw cause;
    const message = `It cannot be read: ${reasonOf(cause)}`;
    throw new ValidationError([{ message, path: [...path], suggestions: [] }], cause);
  }
}
