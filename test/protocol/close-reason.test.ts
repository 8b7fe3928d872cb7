// Close reasons as they may stand in a close frame.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCloseReason, maxCloseReasonBytes } from '../../src/protocol/close-reason.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (data: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);

describe('a close reason', () => {
  const character = fc.oneof(
    fc.constantFrom('a', 'é', '語', '😀', '\ufeff', '\ud83d', '\ude00'),
    fc.string({ unit: 'binary' }),
  );
  const justFits = `語${'𐀀'.repeat(9)}aé😀${'𐀀'.repeat(16)}ࠀ𐀀𐀀Ѐ`;
  const reason = fc.array(character, { maxLength: 200 }).map((parts) => parts.join(''));

  it('fits in a close frame, is valid UTF-8 and the beginning of what was given', () => {
    fc.assert(
      fc.property(reason, (text) => {
        const fitted = fitCloseReason(text);
        const data = bytes(fitted);
        expect(data.length).toBeLessThanOrEqual(maxCloseReasonBytes);
        expect(text.startsWith(fitted)).toBe(true);
        expect(decode(data)).toBe(fitted.replace(/\p{Surrogate}/gu, '\ufffd'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps as much as fits', () => {
    fc.assert(
      fc.property(reason, (text) => {
        const fitted = fitCloseReason(text);
        if (fitted === text) return;
        const [next = ''] = text.slice(fitted.length);
        expect(bytes(fitted + next).length).toBeGreaterThan(maxCloseReasonBytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', '', ''],
    ['one that is short', 'Too slow', 'Too slow'],
    ['one that just fits', 'x'.repeat(123), 'x'.repeat(123)],
    ['one a byte too long', 'x'.repeat(124), 'x'.repeat(123)],
    ['one whose last character would be cut', `${'x'.repeat(120)}😀`, 'x'.repeat(120)],
    ['one of characters of three bytes', '語'.repeat(50), '語'.repeat(41)],
    // Node 26.10's `encodeInto` leaves two bytes of 123 free here.
    ['one whose last character just fits', `${justFits}x`, justFits],
  ])('%s', (_, given, fitted) => {
    expect(fitCloseReason(given)).toBe(fitted);
  });
});
