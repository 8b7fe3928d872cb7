// What is made of the data of an answer: scalars decoded, and the one field taken out that was asked for.

import type { ResultPatch } from '../../protocol/incremental/part.js';
import type { CallResult } from '../../session/call.js';
import type { StreamPart } from '../../session/stream-part.js';
import type { Decoder } from '../scalars/decode.js';

export class Reading {
  readonly #field: string | undefined;
  readonly #decoder: Decoder | undefined;

  /** @param field The response name of the only root field, where its value is what is wanted. */
  constructor(field: string | undefined, decoder: Decoder | undefined) {
    this.#field = field;
    this.#decoder = decoder;
  }

  /** Null and undefined, where there is no data, stay what they are. Throws a ScalarError. */
  data(data: unknown): unknown {
    if (data === null || data === undefined) return data;
    const decoded = this.#decoder === undefined ? data : this.#decoder.decode(data);
    return this.#field === undefined ? decoded : ownValue(decoded, this.#field);
  }

  result(result: CallResult): CallResult {
    return { ...result, data: this.data(result.data) };
  }

  part(part: StreamPart): StreamPart {
    const read = { ...part, data: this.data(part.data) };
    return 'patches' in read ? { ...read, patches: read.patches.map((patch) => this.#patch(patch)) } : read;
  }

  /** With one root field, everything is within it. */
  #patch(patch: ResultPatch): ResultPatch {
    const decoded = this.#decoder === undefined ? patch : this.#decoder.decodePatch(patch);
    return this.#field === undefined ? decoded : { ...decoded, path: decoded.path.slice(1) };
  }
}

/** A field that the answer lacks may have the name of what every object inherits. */
function ownValue(data: unknown, field: string): unknown {
  const members = Object(data) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(members, field) ? members[field] : undefined;
}
