// Anything that JSON can hold, under its type.

import type { JsonValue } from '../../protocol/json.js';
import type { ScalarCodec } from './codec.js';

/**
 * For scalars as `JSON` and `JSONObject`: values are as they are without a codec, and typed as what JSON can hold instead of
 * `unknown`. What JSON would lose (functions, NaN, Maps, `undefined` in lists) is refused with the path, as everywhere.
 */
export const json: ScalarCodec<JsonValue, JsonValue> = { encode: (value) => value, decode: (wire) => wire };
