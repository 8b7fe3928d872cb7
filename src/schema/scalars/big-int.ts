// Whole numbers of any size without loss.

import { describe } from '../../protocol/options.js';
import type { ScalarCodec } from './codec.js';

/** Reading takes more than linear time. */
const mostDigits = 1_000;
const digits = new RegExp(`^-?\\d{1,${mostDigits}}$`);

/**
 * A whole number: a `bigint` in the program, of at most 1,000 digits. It is written as text, which no reader of JSON on the way
 * can round, and which most servers take for such a scalar. For one that takes numbers only there is `{ ...bigInt, encode:
 * Number }` as far as numbers are exact; beyond that, `{ ...bigInt, encode: (value: bigint) => value }` and `losslessJson()` as
 * the session's option `json`.
 *
 * Read are text, numbers that are exact (up to 2^53 - 1), and a bigint that such a `json` option made. Another number was
 * rounded before anybody could see it, and is refused.
 *
 * @example `createApi(session, schema, { scalars: { BigInt: bigInt, Long: bigInt } })`
 */
export const bigInt: ScalarCodec<bigint, string | number | bigint> = {
  encode(value) {
    if (typeof value !== 'bigint') throw new TypeError(`a bigint is needed, not ${describe(value)}.`);
    return checkedText(String(value));
  },
  decode(wire) {
    if (typeof wire === 'bigint') return wire;
    if (typeof wire === 'string') return BigInt(checkedText(wire));
    if (Number.isSafeInteger(wire)) return BigInt(wire);
    if (Number.isInteger(wire)) {
      throw new RangeError(
        `the number ${wire} was rounded when it was read: give the session a "json" option that keeps all digits, as losslessJson() does.`,
      );
    }
    throw new TypeError(`${describe(wire)} is no whole number.`);
  },
};

function checkedText(text: string): string {
  if (digits.test(text)) return text;
  throw new TypeError(`${describe(text)} is no whole number of at most ${mostDigits} digits.`);
}
