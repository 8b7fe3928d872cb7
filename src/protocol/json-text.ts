// A JSON object, written once. What a program passes may change while a call waits or before it is sent again; what was
// written at the call does not, and is not written a second time.

import { OptionError } from './errors/option-error.js';
import type { JsonCodec, JsonObject } from './json.js';
import { hidesItsContents } from './options.js';
import { uploadsWritten } from './upload.js';

export class JsonText {
  readonly text: string;
  readonly #codec: JsonCodec;

  constructor(text: string, codec: JsonCodec = JSON) {
    this.text = text;
    this.#codec = codec;
  }

  /** Writes an object down as it is now. Throws an OptionError for what cannot be written as JSON. */
  static of(value: object): JsonText {
    return writeDown('value', value);
  }

  /** A fresh copy of the object. */
  get value(): JsonObject {
    return this.#codec.parse(this.text) as JsonObject;
  }

  /** The same object with these members, written as this one was. Throws as `of` does. */
  with(members: object): JsonText {
    return writeDown('value', { ...this.value, ...members }, this.#codec);
  }

  toJSON(): JsonObject {
    return this.value;
  }
}

/** Writes an option's object down. Throws an OptionError for what cannot be written as JSON: cycles, BigInt, a `toJSON` that throws, uploads. */
export function writeDown(option: string, value: object, codec?: JsonCodec): JsonText;
export function writeDown(option: string, value: object | undefined, codec?: JsonCodec): JsonText | undefined;
export function writeDown(option: string, value: object | undefined, codec: JsonCodec = JSON): JsonText | undefined {
  if (value === undefined) return undefined;
  const before = uploadsWritten();
  const text = writeWith(option, value, codec);
  if (uploadsWritten() === before) return text;
  throw new OptionError(option, `"${option}" holds an upload: files may stand among the variables of a call only.`);
}

/** The same, where uploads may be part of it and `write` knows what becomes of them. Default: as the codec writes. */
export function writeWith(
  option: string,
  value: object,
  codec: JsonCodec,
  write?: (value: object) => string | undefined,
): JsonText {
  let text: string | undefined;
  try {
    text = write === undefined ? codec.stringify(value) : write(value);
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(option, `"${option}" cannot be written as JSON: ${detail}`, cause);
  }
  if (text?.[0] === '{' && !(text === '{}' && hidesItsContents(value))) return new JsonText(text, codec);
  // What was given may be secret: it is not repeated.
  throw new OptionError(
    option,
    `"${option}" must be an object of values by name, also as JSON: no text, list, Map, function or promise.`,
  );
}
