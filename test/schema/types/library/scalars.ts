// The codecs of the library's program: a generated module takes the types of its scalars from them.

import type { ScalarCodec } from '../../../../src/schema/index.js';

const dateTime: ScalarCodec<Date, string> = {
  encode: (value) => value.toISOString(),
  decode: (wire) => new Date(wire),
};

const bigInt: ScalarCodec<bigint, string> = {
  encode: (value) => value.toString(),
  decode: (wire) => BigInt(wire),
};

export const scalars: {
  readonly DateTime: ScalarCodec<Date, string>;
  readonly BigInt: ScalarCodec<bigint, string>;
} = { DateTime: dateTime, BigInt: bigInt };
