// A text of a stream that must be a JSON object, and an object that must be a GraphQL result, read without throwing.

import { readResult } from '../dialects/read-answer.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { describe } from '../options.js';
import type { Result } from '../result.js';
import type { Parse, Unreadable } from './outcome.js';

export type Reading<T> = { readonly value: T } | { readonly fault: Unreadable };

/** How much of a text a message may quote. */
const startLength = 200;

/** `reason`: a clause. `text`: what could not be read. */
export function unreadable(reason: string, text: string, cause?: unknown): { readonly fault: Unreadable } {
  return { fault: { reason, start: text.slice(0, startLength), cause } };
}

/** `what`: the text in the words of a message, as in "an event". */
export function readObject(what: string, text: string, parse: Parse): Reading<JsonObject> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    return unreadable(`${what} is not valid JSON`, text, cause);
  }
  return isJsonObject(value) ? { value } : unreadable(`${what} must be a JSON object, not ${describe(value)}`, text);
}

/** `text`: what the object was made of, or is a part of. */
export function toResult(what: string, object: JsonObject, text: string): Reading<Result> {
  const result = readResult(object);
  return typeof result === 'string' ? unreadable(`${what} is no GraphQL result: ${result}`, text) : { value: result };
}
