// A JSON object, written once. What a program passes may change while a call waits or before it is sent again; what was
// written at the call does not, and is not written a second time.

import { OptionError } from './errors/option-error.js';
import type { JsonObject } from './json.js';
import { hidesItsContents } from './options.js';
import { uploadsWritten } from './upload.js';

/** As the second argument of JSON.stringify. */
export type Replacer = (this: Readonly<Record<string, unknown>>, key: string, value: unknown) => unknown;

export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Writes an object down as it is now. Throws an OptionError for what cannot be written as JSON. */
  static of(value: object): JsonText {
    return writeDown('value', value);
  }

  /** A fresh copy of the object. */
  get value(): JsonObject {
    return JSON.parse(this.text);
  }

  toJSON(): JsonObject {
    return this.value;
  }
}

/** Writes an option's object down. Throws an OptionError for what cannot be written as JSON: cycles, BigInt, a `toJSON` that throws, uploads. */
export function writeDown(option: string, value: object): JsonText;
export function writeDown(option: string, value: object | undefined): JsonText | undefined;
export function writeDown(option: string, value: object | undefined): JsonText | undefined {
  if (value === undefined) return undefined;
  const before = uploadsWritten();
  const text = writeWith(option, value);
  if (uploadsWritten() === before) return text;
  throw new OptionError(option, `"${option}" holds an upload: files may stand among the variables of a call only.`);
}

/** The same, where uploads may be part of it and `replacer` knows what becomes of them. */
export function writeWith(option: string, value: object, replacer?: Replacer): JsonText {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, replacer);
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(option, `"${option}" cannot be written as JSON: ${detail}`, cause);
  }
  if (text?.[0] === '{' && !(text === '{}' && hidesItsContents(value))) return new JsonText(text);
  // What was given may be secret: it is not repeated.
  throw new OptionError(
    option,
    `"${option}" must be an object of values by name, also as JSON: no text, list, Map, function or promise.`,
  );
}
