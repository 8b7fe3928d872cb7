// The reason beside a WebSocket close code, as it may stand in a close frame: RFC 6455, section 5.5.

/** RFC 6455, section 5.5: a control frame carries at most 125 bytes, two of them the code. */
export const maxCloseReasonBytes = 123;

/** Cuts a close reason to what fits in a close frame, without splitting a character. */
export function fitCloseReason(reason: string): string {
  let bytes = 0;
  let end = 0;
  // Counted here: the `encodeInto` of Node 26 now and then stops before its bytes are full.
  for (const character of reason) {
    bytes += utf8Bytes(character.codePointAt(0) ?? 0);
    if (bytes > maxCloseReasonBytes) return reason.slice(0, end);
    end += character.length;
  }
  return reason;
}

/** A surrogate without its other half is encoded as U+FFFD, which takes three bytes too. RFC 3629, section 3. */
function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
