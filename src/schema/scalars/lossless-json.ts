// JSON in which whole numbers keep all their digits, where the platform tells a reader of JSON what stood in the text.
// ECMAScript proposal "JSON.parse source text access".

import { OptionError } from '../../protocol/errors/option-error.js';
import type { JsonCodec } from '../../protocol/json.js';

/** What the language's own types do not know yet. */
interface SourceAccess {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown): unknown;
  readonly rawJSON?: (text: string) => unknown;
}

const platform = JSON as unknown as SourceAccess;

/** Shorter numbers are exact. */
const mayBeRounded = /\d{16}/;
const wholeNumber = /^-?\d+$/;

/**
 * For the session's option `json`: whole numbers beyond 2^53 - 1 are read as `bigint`, and every `bigint` is written with all its
 * digits. That goes by how a number is written, not by its type: a Float of that size without a point or an exponent is one too.
 * Everything else is as with `JSON`; what is read without 16 digits in a row is as fast, too.
 *
 * It needs Node 22, or a browser of 2025 (Chrome 114, Safari 18.4, Firefox 135). Node 20 cannot do it: there a library such as
 * lossless-json can, whose functions are given as the option `json`; small whole numbers have to stay numbers.
 *
 * @throws OptionError where the platform cannot do it.
 * @example `connect({ transport, json: losslessJson() })`
 */
export function losslessJson(): JsonCodec {
  const { rawJSON } = platform;
  if (rawJSON === undefined) {
    throw new OptionError(
      'json',
      'losslessJson() needs Node 22, or a browser of 2025: this platform reads JSON without telling what stood in the text. Give the functions of a library such as lossless-json as the option "json" instead.',
    );
  }
  const write = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? rawJSON(String(value)) : value);
  return {
    parse: (text) => (mayBeRounded.test(text) ? platform.parse(text, exact) : JSON.parse(text)),
    stringify: (value) => JSON.stringify(value, write),
  };
}

function exact(_: string, value: unknown, { source }: { readonly source: string }): unknown {
  const rounded = typeof value === 'number' && !Number.isSafeInteger(value);
  return rounded && wholeNumber.test(source) ? BigInt(source) : value;
}
