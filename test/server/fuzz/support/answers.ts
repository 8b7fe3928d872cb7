// Answers of HTTP/1.1 read by the letter: RFC 9112, sections 4, 6 and 7.

export interface ReadAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Everything is there; the others are still coming. */
  readonly isComplete: boolean;
}

/** `methods` of the requests, in their order. @throws Error for what is no answer, or follows the last one. */
export function readAnswers(bytes: Buffer, methods: readonly string[]): readonly ReadAnswer[] {
  const answers: ReadAnswer[] = [];
  let text = bytes.toString('latin1');
  while (text !== '') {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) throw new Error(`No status line: ${JSON.stringify(statusLine)}`);
    text = text.slice(end + 4);
    if (status < 200 && status !== 101) continue;
    const headers = new Map(lines.map((line) => readHeader(line)));
    const { body, rest } = readBody(headers, text, methods[answers.length] === 'HEAD' || status === 204);
    answers.push({ status, headers, body, isComplete: rest !== undefined });
    if (rest === undefined) return answers;
    text = rest;
  }
  return answers;
}

function readHeader(line: string): [string, string] {
  const match = /^([\w-]+): (.*)$/.exec(line);
  if (match === null) throw new Error(`No header: ${JSON.stringify(line)}`);
  return [String(match[1]).toLowerCase(), String(match[2])];
}

/** `rest` is what follows; undefined where the body has not come to its end. */
function readBody(
  headers: ReadonlyMap<string, string>,
  text: string,
  isEmpty: boolean,
): { readonly body: string; readonly rest: string | undefined } {
  if (isEmpty) return { body: '', rest: text };
  const length = headers.get('content-length');
  if (length !== undefined) {
    const isThere = text.length >= Number(length);
    return { body: text.slice(0, Number(length)), rest: isThere ? text.slice(Number(length)) : undefined };
  }
  if (headers.get('transfer-encoding') !== 'chunked')
    return { body: text, rest: headers.get('connection') === 'close' ? '' : text };
  let body = '';
  for (let rest = text; ; ) {
    const size = /^([0-9a-f]+)\r\n/.exec(rest);
    if (size === null) return { body, rest: undefined };
    const from = size[0].length;
    const to = from + Number.parseInt(String(size[1]), 16);
    if (rest.length < to + 2) return { body, rest: undefined };
    body += rest.slice(from, to);
    rest = rest.slice(to + 2);
    if (to === from) return { body, rest };
  }
}
