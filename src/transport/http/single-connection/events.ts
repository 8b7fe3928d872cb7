// What a stream says that many operations share: GraphQL over SSE, "single connection mode", section "Event stream". Every
// event names the operation that it is about.

import type { Parse, Unreadable } from '../../../protocol/http/outcome.js';
import { readObject, toResult, unreadable } from '../../../protocol/http/read-json.js';
import { type SseItem, SseReader } from '../../../protocol/http/sse.js';
import { isJsonObject } from '../../../protocol/json.js';
import type { Result } from '../../../protocol/result.js';

/** About one operation. */
export type OperationEvent =
  | { readonly type: 'next'; readonly id: string; readonly result: Result; readonly bytes: number }
  | { readonly type: 'complete'; readonly id: string }
  /** It says something that is no result. */
  | ({ readonly type: 'unreadable'; readonly id: string } & Unreadable)
  /** It is larger than one event should be. */
  | { readonly type: 'oversized'; readonly id: string; readonly bytes: number };

export type StreamEvent =
  | OperationEvent
  /** A heartbeat, or anything else that only shows that the server is there. */
  | { readonly type: 'alive' }
  /** The stream breaks the rules, and nobody knows for which operation. Nothing comes after it. */
  | ({ readonly type: 'invalid' } & Unreadable)
  /** Too much to be read at all. Nothing comes after it. */
  | { readonly type: 'too-large'; readonly bytes: number };

/** An event of more than `maxMessageBytes` fails its operation, one of so many times that is not read to its end. */
const hardLimitFactor = 4;

const alive: StreamEvent = { type: 'alive' };

export class StreamEventReader {
  readonly #reader: SseReader;
  readonly #maxMessageBytes: number;
  readonly #parse: Parse;

  constructor(maxMessageBytes: number, parse: Parse) {
    this.#reader = new SseReader(maxMessageBytes * hardLimitFactor);
    this.#maxMessageBytes = maxMessageBytes;
    this.#parse = parse;
  }

  /** Takes the next bytes, which are not used after the call, and answers with what they say, in order. */
  push(chunk: Uint8Array): readonly StreamEvent[] {
    return this.#reader.push(chunk).map((item) => this.#read(item));
  }

  #read(item: SseItem): StreamEvent {
    if (item.type === 'too-large') return item;
    if (item.type !== 'event' || (item.event !== 'next' && item.event !== 'complete')) return alive;
    const { event, data, bytes } = item;
    const object = readObject('an event', data, this.#parse);
    if ('fault' in object) return { type: 'invalid', ...object.fault };
    const { id, payload } = object.value;
    if (typeof id !== 'string') return { type: 'invalid', ...unreadable('an event names no operation', data).fault };
    if (event === 'complete') return { type: 'complete', id };
    if (bytes > this.#maxMessageBytes) return { type: 'oversized', id, bytes };
    const result = isJsonObject(payload)
      ? toResult('an event', payload, data)
      : unreadable('an event has no payload', data);
    return 'fault' in result
      ? { type: 'unreadable', id, ...result.fault }
      : { type: 'next', id, result: result.value, bytes };
  }
}
