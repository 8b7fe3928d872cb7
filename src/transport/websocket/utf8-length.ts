// The size of a text in UTF-8, for limits that count bytes where the platform hands over text (Encoding, section 8.2).

const encoder = new TextEncoder();
/** Written to and never read. Messages that fit cost one call and no memory. */
const scratch = new Uint8Array(2 ** 14);

export function utf8Length(text: string): number {
  let bytes = 0;
  let rest = text;
  while (rest.length > 0) {
    const { read, written } = encoder.encodeInto(rest, scratch);
    bytes += written;
    rest = rest.slice(read);
  }
  return bytes;
}
