// Reads a multipart body as it comes, part by part: RFC 2046, section 5.1.1, and GraphQL's incremental delivery over HTTP. Pure:
// it never throws, and never keeps more than one part.

import { Delimiter, type Finding } from './delimiter.js';
import { Leftover } from './leftover.js';
import { PartHeaders } from './part-headers.js';

type Headers = Readonly<Record<string, string>>;

export type MultipartItem =
  /** Header names are in lower case. `bytes`: the size of the body as it was received. */
  | { readonly type: 'part'; readonly headers: Headers; readonly body: string; readonly bytes: number }
  /** The body of one part is no UTF-8. The next one may be. */
  | { readonly type: 'malformed'; readonly headers: Headers; readonly bytes: number }
  /** The body of a part has at least so many `bytes`, and that is too many. Nothing comes after it. */
  | { readonly type: 'too-large'; readonly bytes: number }
  /** The stream breaks the rules; `reason` is a clause. Nothing comes after it. */
  | { readonly type: 'fault'; readonly reason: string };

type State =
  | { readonly in: 'preamble' }
  /** The rest of the line that a delimiter is in. */
  | { readonly in: 'boundary' }
  | { readonly in: 'headers'; readonly headers: PartHeaders }
  | { readonly in: 'body'; readonly headers: Headers; readonly length: number | undefined }
  /** The part was told before its delimiter came. */
  | { readonly in: 'gap'; readonly length: number }
  /** Whatever comes means nothing any more. */
  | { readonly in: 'epilogue' }
  | { readonly in: 'fault' };

type In<Place extends State['in']> = Extract<State, { readonly in: Place }>;

const LF = 0x0a;
const CR = 0x0d;
const hyphen = 0x2d;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A part is told as soon as the delimiter after it has come. GraphQL servers mostly send that right behind the part. Where a
 * server sends it only in front of the next part, nobody can know before that the part is complete, unless it has a
 * `content-length`: then it is told when so many bytes have come. What decides is always the delimiter: a `content-length`
 * that is wrong does no harm where the delimiter comes along with the part.
 */
export class MultipartReader {
  readonly #delimiter: Delimiter;
  readonly #maxPartBytes: number;
  readonly #rest = new Leftover();
  #state: State = { in: 'preamble' };
  /** The first byte of what is left over that was not searched for a delimiter or line end, and whether it begins a line. */
  #from = 0;
  #fromIsLineStart = true;

  /** `boundary`: as in the content type, without the hyphens before it. `maxPartBytes`: what the body of one part may have. */
  constructor(boundary: string, maxPartBytes: number) {
    this.#delimiter = new Delimiter(boundary);
    this.#maxPartBytes = maxPartBytes;
  }

  /** The end marker has come: the body is complete. */
  get finished(): boolean {
    return this.#state.in === 'epilogue';
  }

  /** Takes the next bytes, which are not used after the call, and answers with what they complete. */
  push(chunk: Uint8Array): readonly MultipartItem[] {
    const items: MultipartItem[] = [];
    if (chunk.length === 0) return items;
    const bytes = this.#rest.followedBy(chunk);
    let start = 0;
    for (let state: State | undefined; state !== this.#state; ) {
      state = this.#state;
      start = this.#read(state, bytes, start, items);
    }
    this.#rest.keep(bytes, start);
    this.#from -= start;
    return items;
  }

  /** Goes on until the state changes or more bytes are needed. Answers with the first byte that is still needed. */
  #read(state: State, bytes: Uint8Array, start: number, items: MultipartItem[]): number {
    switch (state.in) {
      case 'preamble':
        return this.#readPreamble(bytes);
      case 'boundary':
        return this.#readBoundary(bytes, start, items);
      case 'headers':
        return this.#readHeaders(state, bytes, start, items);
      case 'body':
        return this.#readBody(state, bytes, start, items);
      case 'gap':
        return this.#readGap(state, bytes, start, items);
      case 'epilogue':
      case 'fault':
        this.#from = bytes.length;
        return bytes.length;
    }
  }

  #readPreamble(bytes: Uint8Array): number {
    const { at, after } = this.#search(bytes);
    return after === undefined ? at : this.#enter({ in: 'boundary' }, after);
  }

  #readBoundary(bytes: Uint8Array, start: number, items: MultipartItem[]): number {
    let at = start;
    while (isPadding(bytes[at])) at++;
    if (bytes[at] === LF) return this.#enter({ in: 'headers', headers: new PartHeaders() }, at + 1);
    if (bytes[at] === hyphen && bytes[at + 1] === hyphen) return this.#enter({ in: 'epilogue' }, at + 2);
    const isCutShort = bytes.length === at || (bytes[at] === hyphen && bytes.length === at + 1);
    return isCutShort ? at : this.#fail(bytes, items, 'the line of a boundary goes on with something else');
  }

  #readHeaders({ headers }: In<'headers'>, bytes: Uint8Array, start: number, items: MultipartItem[]): number {
    for (let line = start; ; line = this.#from) {
      const delimiter = this.#delimiter.findAt(bytes, line);
      if (delimiter?.after !== undefined) {
        items.push({ type: 'part', headers: headers.values, body: '', bytes: 0 });
        return this.#enter({ in: 'boundary' }, delimiter.after);
      }
      const lf = bytes.indexOf(LF, this.#from);
      const end = lf < 0 ? bytes.length : lf;
      if (!headers.hasRoomFor(end - line)) return this.#fail(bytes, items, 'the headers of a part are too large');
      this.#from = lf < 0 ? end : lf + 1;
      if (lf < 0) return line;
      const isEmpty = lf === line || (lf === line + 1 && bytes[line] === CR);
      if (isEmpty) return this.#enter(bodyOf(headers.values), this.#from, true);
      headers.add(bytes.subarray(line, end));
    }
  }

  #readBody({ headers, length }: In<'body'>, bytes: Uint8Array, start: number, items: MultipartItem[]): number {
    const { at, after } = this.#search(bytes);
    const known = at - start;
    if (known > this.#maxPartBytes) {
      items.push({ type: 'too-large', bytes: known });
      return this.#enter({ in: 'fault' }, bytes.length);
    }
    if (after !== undefined) {
      items.push(partOf(headers, bytes.subarray(start, at)));
      return this.#enter({ in: 'boundary' }, after);
    }
    if (known !== length) return start;
    items.push(partOf(headers, bytes.subarray(start, at)));
    this.#state = { in: 'gap', length };
    return at;
  }

  #readGap({ length }: In<'gap'>, bytes: Uint8Array, start: number, items: MultipartItem[]): number {
    const { at, after } = this.#search(bytes);
    for (let i = start; i < at; i++) {
      if (bytes[i] === LF || isPadding(bytes[i])) continue;
      return this.#fail(bytes, items, `a part goes on after the ${length} bytes of its content-length`);
    }
    return after === undefined ? at : this.#enter({ in: 'boundary' }, after);
  }

  #search(bytes: Uint8Array): Finding {
    const finding = this.#delimiter.find(bytes, this.#from, this.#fromIsLineStart);
    this.#fromIsLineStart &&= finding.at === this.#from;
    this.#from = finding.at;
    return finding;
  }

  #enter(state: State, at: number, isLineStart = false): number {
    this.#state = state;
    this.#from = at;
    this.#fromIsLineStart = isLineStart;
    return at;
  }

  #fail(bytes: Uint8Array, items: MultipartItem[], reason: string): number {
    items.push({ type: 'fault', reason });
    return this.#enter({ in: 'fault' }, bytes.length);
  }
}

function bodyOf(headers: Headers): State {
  const length = headers['content-length'];
  return { in: 'body', headers, length: length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined };
}

function partOf(headers: Headers, body: Uint8Array): MultipartItem {
  const bytes = body.length;
  try {
    return { type: 'part', headers, body: utf8.decode(body), bytes };
  } catch {
    return { type: 'malformed', headers, bytes };
  }
}

/** What may stand between a boundary and the end of its line. */
function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CR;
}
