// The reason beside a WebSocket close code, as it may stand in a close frame: RFC 6455, section 5.5.

/** RFC 6455, section 5.5: a control frame carries at most 125 bytes, two of them the code. */
export const maxCloseReasonBytes = 123;

const encoder = new TextEncoder();

/** Cuts a close reason to what fits in a close frame, without splitting a character. */
export function fitCloseReason(reason: string): string {
  if (reason.length * 3 <= maxCloseReasonBytes) return reason;
  const { read } = encoder.encodeInto(reason, new Uint8Array(maxCloseReasonBytes));
  return reason.slice(0, read);
}
