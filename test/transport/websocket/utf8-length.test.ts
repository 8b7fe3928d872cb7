// The size of a text in UTF-8, against the length of what an encoder makes of it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Length } from '../../../src/transport/websocket/utf8-length.js';

const encoded = (text: string) => new TextEncoder().encode(text).length;

test('is what an encoder makes of any text, also where half of a pair is missing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (whole, torn) => {
        expect(utf8Length(whole)).toBe(encoded(whole));
        expect(utf8Length(torn)).toBe(encoded(torn));
      },
    ),
  );
});

test.each(['', 'x', 'é', '€', '😀'])('is right for "%s" repeated beyond any buffer, at every offset', (unit) => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const text = before + unit.repeat(40_000);
    expect(utf8Length(text)).toBe(encoded(text));
  }
});
