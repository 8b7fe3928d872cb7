// Bytes as text. RFC 4648, section 4 (base64).

import { describe } from '../../protocol/options.js';
import type { ScalarCodec } from './codec.js';

/** As many arguments as every engine takes for one call. */
const chunk = 8_192;

/**
 * Bytes: a `Uint8Array` in the program (a Buffer is one), base64 text on its way. For what is small: text is a third larger,
 * and whole in memory; files go better as uploads. Padding may be missing in what is read; base64url is refused.
 */
export const bytes: ScalarCodec<Uint8Array, string> = {
  encode(value) {
    if (!(value instanceof Uint8Array)) throw new TypeError(`a Uint8Array is needed, not ${describe(value)}.`);
    let text = '';
    for (let start = 0; start < value.length; start += chunk) {
      text += String.fromCharCode(...value.subarray(start, start + chunk));
    }
    return btoa(text);
  },
  decode(wire) {
    if (typeof wire !== 'string') throw new TypeError(`base64 text is needed, not ${describe(wire)}.`);
    return Uint8Array.from(atob(wire), (letter) => letter.charCodeAt(0));
  },
};
