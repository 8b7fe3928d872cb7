// Reads a stream of server-sent events, byte by byte as it comes: HTML Living Standard, section "Server-sent events", "Parsing"
// and "Interpreting an event stream". Pure: it never throws, and never keeps more than one event.

import { Leftover } from './leftover.js';

export type SseItem =
  /**
   * `id`: the last one that the stream has given, in this event or before. `bytes`: the size of its lines as they were
   * received, each line end counted as one.
   */
  | {
      readonly type: 'event';
      /** `message` where the stream does not name it. */
      readonly event: string;
      readonly data: string;
      readonly id: string | undefined;
      readonly bytes: number;
    }
  /** Means nothing by the standard; servers send it to show that they are alive. Without the space after the colon. */
  | { readonly type: 'comment'; readonly text: string }
  /** How long to wait before connecting again. */
  | { readonly type: 'retry'; readonly ms: number }
  /** One event or comment has at least so many `bytes`, and that is too many. Nothing comes after it. */
  | { readonly type: 'too-large'; readonly bytes: number };

const LF = 0x0a;
const CR = 0x0d;
const colon = 0x3a;

/** Malformed bytes become U+FFFD, as the standard has it. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * An event that the stream does not finish is discarded. One deviation: an event with a name and no `data` line, which the
 * standard discards too, is told with empty data, because there are servers that end an operation with one.
 */
export class SseReader {
  readonly #maxEventBytes: number;
  /** A line without its end. */
  readonly #rest = new Leftover();
  #begun = false;
  #afterCr = false;
  #over = false;
  #event = '';
  #data: string | undefined;
  #id: string | undefined;
  #bytes = 0;

  /** `maxEventBytes`: what one event, or one comment, may have. */
  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** Takes the next bytes, which are not used after the call, and answers with what they complete. */
  push(chunk: Uint8Array): readonly SseItem[] {
    const items: SseItem[] = [];
    if (this.#over || chunk.length === 0) return items;
    const searched = this.#rest.length;
    const bytes = this.#rest.followedBy(chunk);
    // The second half of a line end whose first half was the last byte before.
    let start = this.#afterCr && bytes[0] === LF ? 1 : 0;
    let lf = indexOf(bytes, LF, Math.max(start, searched));
    let cr = indexOf(bytes, CR, Math.max(start, searched));
    for (let end = Math.min(lf, cr); end < Number.POSITIVE_INFINITY; end = Math.min(lf, cr)) {
      this.#line(bytes.subarray(start, end), items);
      if (this.#over) return items;
      start = end + (lf === cr + 1 ? 2 : 1);
      if (lf < start) lf = indexOf(bytes, LF, start);
      if (cr < start) cr = indexOf(bytes, CR, start);
    }
    this.#afterCr = bytes[bytes.length - 1] === CR;
    this.#rest.keep(bytes, start);
    this.#isTooLarge(this.#rest.length, items);
    return items;
  }

  #line(whole: Uint8Array, items: SseItem[]): void {
    const line = this.#begun ? whole : withoutBom(whole);
    this.#begun = true;
    if (line.length === 0) this.#dispatch(items);
    else if (!this.#isTooLarge(whole.length + 1, items)) {
      const text = utf8.decode(line);
      if (line[0] === colon) items.push({ type: 'comment', text: text.slice(text[1] === ' ' ? 2 : 1) });
      else {
        this.#bytes += whole.length + 1;
        this.#field(text, items);
      }
    }
  }

  #field(line: string, items: SseItem[]): void {
    const end = line.indexOf(':');
    const name = end < 0 ? line : line.slice(0, end);
    const value = end < 0 ? '' : line.slice(line[end + 1] === ' ' ? end + 2 : end + 1);
    switch (name) {
      case 'data':
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        break;
      case 'event':
        this.#event = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^[0-9]+$/.test(value)) items.push({ type: 'retry', ms: Math.min(Number(value), Number.MAX_SAFE_INTEGER) });
        break;
    }
  }

  #dispatch(items: SseItem[]): void {
    if (this.#data !== undefined || this.#event !== '') {
      items.push({
        type: 'event',
        event: this.#event || 'message',
        data: this.#data ?? '',
        id: this.#id,
        bytes: this.#bytes,
      });
    }
    this.#event = '';
    this.#data = undefined;
    this.#bytes = 0;
  }

  /** Gives up where the event so far and `more` bytes are too many. */
  #isTooLarge(more: number, items: SseItem[]): boolean {
    const bytes = this.#bytes + more;
    if (bytes <= this.#maxEventBytes) return false;
    this.#over = true;
    this.#rest.clear();
    this.#data = undefined;
    items.push({ type: 'too-large', bytes });
    return true;
  }
}

/** Infinity where it is not there. */
function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function withoutBom(line: Uint8Array): Uint8Array {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}
