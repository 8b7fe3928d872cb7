// JSON for whole numbers of any size: as digits, which JSON allows and `JSON` rounds, or as marked text for servers that write
// text. Small numbers stay numbers.

import type { JsonCodec } from '../../src/protocol/json.js';

const mark = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `#${value}#` : value);
const unmark = (_: string, value: unknown): unknown => {
  return typeof value === 'string' && /^#-?\d+#$/.test(value) ? BigInt(value.slice(1, -1)) : value;
};

export const asText: JsonCodec = {
  stringify: (value) => JSON.stringify(value, mark),
  parse: (text) => JSON.parse(text, unmark),
};

export const asDigits: JsonCodec = {
  stringify: (value) => JSON.stringify(value, mark).replace(/"#(-?\d+)#"/g, '$1'),
  parse: (text) => JSON.parse(text.replace(/([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g, '$1"#$2#"'), unmark),
};

/** The first whole number that `JSON` does not tell from the one before it. */
export const big: bigint = 2n ** 53n + 1n;
