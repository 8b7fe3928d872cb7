// Reads multipart/mixed by the letter of RFC 2046, section 5.1.1, with no leniency: what it takes any reader takes. A part is
// there only when the whole line of the delimiter after it is there.

export interface Parts {
  /** The JSON of the parts that are complete. */
  readonly parts: readonly unknown[];
  /** The end marker was there, and nothing after it. */
  readonly ended: boolean;
}

export function readMultipart(contentType: string | undefined, text: string): Parts {
  const boundary = /^multipart\/mixed; boundary=(?:"([^"]+)"|([^;"]+))/.exec(contentType ?? '');
  if (boundary === null) throw new Error(`No boundary in ${contentType}`);
  const delimiter = `--${boundary[1] ?? boundary[2]}`;
  const opening = `${delimiter}\r\n`;
  if (opening.startsWith(text)) return { parts: [], ended: false };
  if (!text.startsWith(opening)) throw new Error(`It must begin with ${JSON.stringify(opening)}: ${text}`);
  const parts: unknown[] = [];
  let rest = text.slice(opening.length);
  for (;;) {
    const end = rest.indexOf(`\r\n${delimiter}`);
    if (end < 0) return { parts, ended: false };
    const after = rest.slice(end + 2 + delimiter.length);
    if (['\r\n', '--\r\n'].some((line) => line !== after && line.startsWith(after))) return { parts, ended: false };
    if (after === '--\r\n') return { parts: [...parts, readPart(rest.slice(0, end))], ended: true };
    if (!after.startsWith('\r\n')) throw new Error(`A delimiter's line goes on: ${JSON.stringify(after)}`);
    parts.push(readPart(rest.slice(0, end)));
    rest = after.slice(2);
  }
}

function readPart(part: string): unknown {
  const head = part.indexOf('\r\n\r\n');
  if (head < 0) throw new Error(`A part has no head: ${JSON.stringify(part)}`);
  const headers = part.slice(0, head).split('\r\n');
  if (!headers.includes('Content-Type: application/json; charset=utf-8')) throw new Error(`Not JSON: ${headers}`);
  return JSON.parse(part.slice(head + 4));
}
