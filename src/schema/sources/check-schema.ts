// Whether a value is a Schema, whoever made it, and what is said where one is needed and something else is given.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import type { Schema } from '../schema.js';

export function isSchema(value: unknown): value is Schema {
  const { model, source, graphql } = Object(value) as Partial<Schema>;
  return typeof source === 'string' && typeof graphql === 'function' && typeof model?.types?.get === 'function';
}

/**
 * Throws an OptionError for what is no Schema.
 *
 * @param option What the function that needs it calls it.
 * @param who That function.
 */
export function checkSchema(option: string, who: string, value: unknown): asserts value is Schema {
  if (isSchema(value)) return;
  throw new OptionError(
    option,
    `${who}() takes a Schema as "${option}", as readSchema() and await loadSchema() give it; it is ${whatItIs(value)}.`,
  );
}

/** Who forgets to wait for a schema has a promise. */
export function whatItIs(value: unknown): string {
  return isPromise(value) ? 'a promise: await it first' : describe(value);
}

export function isPromise(value: unknown): boolean {
  return typeof Object(value).then === 'function';
}
