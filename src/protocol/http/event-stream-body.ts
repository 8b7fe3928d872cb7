// The answer to one operation as server-sent events: GraphQL over Server-Sent Events Protocol, "distinct connections mode".

import type { BodyReader, Outcome, Parse } from './outcome.js';
import { readObject, toResult } from './read-json.js';
import { type SseItem, SseReader } from './sse.js';

export class EventStreamBody implements BodyReader {
  readonly #reader: SseReader;
  readonly #parse: Parse;
  #state: 'open' | 'complete' | 'failed' = 'open';

  constructor(maxEventBytes: number, parse: Parse) {
    this.#reader = new SseReader(maxEventBytes);
    this.#parse = parse;
  }

  push(chunk: Uint8Array): readonly Outcome[] {
    if (this.#state !== 'open') return [];
    const outcomes: Outcome[] = [];
    for (const item of this.#reader.push(chunk)) {
      const outcome = this.#read(item);
      outcomes.push(outcome);
      if (outcome.type === 'complete') this.#state = 'complete';
      else if (outcome.type === 'invalid' || outcome.type === 'too-large') this.#state = 'failed';
      if (this.#state !== 'open') break;
    }
    return outcomes;
  }

  end(): { readonly type: 'complete' | 'truncated' } {
    return { type: this.#state === 'complete' ? 'complete' : 'truncated' };
  }

  #read(item: SseItem): Outcome {
    if (item.type === 'too-large') return item;
    if (item.type !== 'event') return { type: 'alive' };
    switch (item.event) {
      case 'complete':
        return { type: 'complete' };
      case 'next':
      case 'message':
        return item.data === '' ? { type: 'alive' } : this.#next(item.data, item.bytes);
      default:
        return { type: 'alive' };
    }
  }

  #next(data: string, bytes: number): Outcome {
    const object = readObject('an event', data, this.#parse);
    const result = 'fault' in object ? object : toResult('an event', object.value, data);
    return 'fault' in result ? { type: 'invalid', ...result.fault } : { type: 'next', result: result.value, bytes };
  }
}
