// The answer to one operation as a multipart body: GraphQL's incremental delivery over HTTP, where every part is a result, and
// Apollo's multipart subscriptions (`subscriptionSpec=1.0`), where every part is an envelope around one.

import { readErrors } from '../dialects/read-answer.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { describe } from '../options.js';
import { bodyKind, parseMediaType } from './media-type.js';
import { type MultipartItem, MultipartReader } from './multipart.js';
import type { BodyReader, Outcome, Parse, Unreadable } from './outcome.js';
import { readObject, toResult, unreadable } from './read-json.js';

type Part = Extract<MultipartItem, { type: 'part' }>;

export interface MultipartBodyOptions {
  readonly boundary: string;
  readonly maxPartBytes: number;
  readonly parse: Parse;
  /** A subscription outlives a part that cannot be read; an answer that misses a part would be wrong. */
  readonly subscription: boolean;
  /** The server has said that every part is an envelope. Where it has not, an envelope is known by its `payload`. */
  readonly enveloped: boolean;
}

export class MultipartBody implements BodyReader {
  readonly #options: MultipartBodyOptions;
  readonly #reader: MultipartReader;
  #state: 'empty' | 'open' | 'complete' | 'failed' = 'empty';

  constructor(options: MultipartBodyOptions) {
    this.#options = options;
    this.#reader = new MultipartReader(options.boundary, options.maxPartBytes);
  }

  push(chunk: Uint8Array): readonly Outcome[] {
    const isOver = this.#state === 'complete' || this.#state === 'failed';
    if (isOver || chunk.length === 0) return [];
    this.#state = 'open';
    const outcomes = this.#reader.push(chunk).flatMap((item) => this.#read(item));
    if (this.#reader.finished) outcomes.push({ type: 'complete' });
    const last = outcomes.findIndex(isLast);
    if (last < 0) return outcomes;
    this.#state = outcomes[last]?.type === 'complete' ? 'complete' : 'failed';
    return outcomes.slice(0, last + 1);
  }

  /** A body without a single byte is complete: servers that have nothing to say send one. */
  end(): { readonly type: 'complete' | 'truncated' } {
    return { type: this.#state === 'complete' || this.#state === 'empty' ? 'complete' : 'truncated' };
  }

  #read(item: MultipartItem): readonly Outcome[] {
    switch (item.type) {
      case 'too-large':
        return [item];
      case 'fault':
        return [{ type: 'invalid', reason: item.reason, start: '' }];
      case 'malformed':
        return [this.#unusable({ reason: 'a part is not valid UTF-8', start: '' })];
      case 'part':
        return this.#readPart(item);
    }
  }

  #readPart(part: Part): readonly Outcome[] {
    const type = part.headers['content-type'];
    if (type !== undefined && !isJson(type)) {
      const { fault } = unreadable(`a part is of type ${describe(type)}, not JSON`, part.body);
      return [{ type: 'invalid', ...fault }];
    }
    if (part.body.trim() === '') return [{ type: 'alive' }];
    const object = readObject('a part', part.body, this.#options.parse);
    if ('fault' in object) return [this.#unusable(object.fault)];
    if (Object.keys(object.value).length === 0) return [{ type: 'alive' }];
    return this.#options.enveloped || 'payload' in object.value
      ? this.#open(object.value, part)
      : [this.#next('a part', object.value, part)];
  }

  /** Errors beside the payload are those of the server or of something before it; errors within belong to the event. */
  #open(envelope: JsonObject, part: Part): readonly Outcome[] {
    const { payload, errors, done } = envelope;
    const outcomes: Outcome[] = [];
    if (isJsonObject(payload)) outcomes.push(this.#next('the payload of a part', payload, part));
    const fatal = readErrors(errors ?? undefined);
    if (fatal !== undefined) outcomes.push({ type: 'errors', errors: fatal });
    else if (done === true) outcomes.push({ type: 'complete' });
    if (outcomes.length > 0) return outcomes;
    const fault =
      payload === null
        ? 'has a payload of null and no errors'
        : `needs a payload that is an object, not ${describe(payload)}`;
    return [this.#unusable(unreadable(`a part ${fault}`, part.body).fault)];
  }

  #next(what: string, object: JsonObject, { body, bytes }: Part): Outcome {
    const result = toResult(what, object, body);
    return 'fault' in result ? this.#unusable(result.fault) : { type: 'next', result: result.value, bytes };
  }

  #unusable(fault: Unreadable): Outcome {
    return { type: this.#options.subscription ? 'skipped' : 'invalid', ...fault };
  }
}

function isLast({ type }: Outcome): boolean {
  return type === 'complete' || type === 'errors' || type === 'invalid' || type === 'too-large';
}

function isJson(contentType: string): boolean {
  const type = parseMediaType(contentType);
  return type !== undefined && bodyKind(type) === 'json';
}
