// The parts of an answer as they come, in one shape: kept in order for a slow consumer, up to a bound. The answer itself is
// not kept, however long it becomes.

import { PartReader } from '../protocol/incremental/part.js';
import type { Result } from '../protocol/result.js';
import type { BufferSize } from './buffer-options.js';
import type { PartBuffer, StreamPatch } from './stream-part.js';

interface Entry<T> {
  readonly part: StreamPatch<T>;
  readonly bytes: number;
}

export class Patches<T> implements PartBuffer<StreamPatch<T>> {
  readonly final = true;
  readonly #bounds: BufferSize;
  readonly #reader = new PartReader();
  #entries: Entry<T>[] = [];
  #bytes = 0;

  constructor(bounds: BufferSize) {
    this.#bounds = bounds;
  }

  /** A single one may be larger than the bounds: it is kept alone. */
  get exceeded(): BufferSize | undefined {
    const { maxEvents, maxBytes } = this.#bounds;
    const { length } = this.#entries;
    return length > 1 && (length > maxEvents || this.#bytes > maxBytes) ? this.#bounds : undefined;
  }

  add(result: Result, bytes: number): string | undefined {
    const part = this.#reader.read(result);
    if (typeof part === 'string') return part;
    this.#entries.push({ part: { ...part, data: part.data as T | null | undefined }, bytes });
    this.#bytes += bytes;
    return undefined;
  }

  take(): StreamPatch<T> | undefined {
    const entry = this.#entries.shift();
    if (entry === undefined) return undefined;
    this.#bytes -= entry.bytes;
    return entry.part;
  }

  restart(): void {
    // Whatever was taken in is final: if anything was, nothing comes any more.
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}
