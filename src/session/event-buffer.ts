// What waits for the consumer of one subscription: bounded in events and bytes. Gaps are kept beside the bound, because they
// must not be lost; neighbours are merged, so there is at most one between two events.

import type { Gap, SubscriptionEvent } from './subscription-event.js';

export interface BufferBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

interface Entry<T> {
  readonly event: SubscriptionEvent<T>;
  readonly bytes: number;
}

export class EventBuffer<T> {
  readonly #bounds: BufferBounds;
  #entries: Entry<T>[] = [];
  /** Entries before this index were taken; they are dropped when they are half of the array. */
  #head = 0;
  #events = 0;
  #bytes = 0;

  constructor(bounds: BufferBounds) {
    this.#bounds = bounds;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** No further event fits: the server has to stop. */
  get full(): boolean {
    return this.#events >= this.#bounds.maxEvents || this.#bytes >= this.#bounds.maxBytes;
  }

  /** Down to a quarter of its bounds: there is room to start again. */
  get low(): boolean {
    return this.#events <= this.#bounds.maxEvents / 4 && this.#bytes <= this.#bounds.maxBytes / 4;
  }

  pushEvent(event: SubscriptionEvent<T>, bytes: number): void {
    this.#entries.push({ event, bytes });
    this.#events += 1;
    this.#bytes += bytes;
  }

  pushGap(gap: Gap): void {
    const last = this.#entries.length > this.#head ? this.#entries.at(-1)?.event : undefined;
    if (last?.type === 'gap') {
      this.#entries[this.#entries.length - 1] = {
        event: { type: 'gap', gap: { ...last.gap, liveAt: gap.liveAt } },
        bytes: 0,
      };
    } else {
      this.#entries.push({ event: { type: 'gap', gap }, bytes: 0 });
    }
  }

  shift(): SubscriptionEvent<T> | undefined {
    const entry = this.#entries[this.#head];
    if (entry === undefined) return undefined;
    this.#head += 1;
    if (entry.event.type !== 'gap') {
      this.#events -= 1;
      this.#bytes -= entry.bytes;
    }
    if (this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry.event;
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#events = 0;
    this.#bytes = 0;
  }
}
