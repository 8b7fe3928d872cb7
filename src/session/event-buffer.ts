// What waits for the consumer of one subscription: bounded in events and bytes. Gaps are kept beside the bounds, because they
// must not be lost; neighbours are merged, so there is at most one between two events.

import type { BufferSize } from './buffer-options.js';
import type { Gap, SubscriptionEvent } from './subscription-event.js';

interface Entry<T> {
  readonly event: SubscriptionEvent<T>;
  readonly bytes: number;
  /** When it was received, ms since the epoch. */
  readonly at: number;
}

export class EventBuffer<T> {
  readonly #bounds: BufferSize;
  #entries: Entry<T>[] = [];
  /** Entries before this index were taken; they are dropped when they are half of the array. */
  #head = 0;
  /** What was dropped to make room: all of it is older than what is kept. */
  #dropped: Gap | undefined;
  #events = 0;
  #bytes = 0;

  constructor(bounds: BufferSize) {
    this.#bounds = bounds;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** As much as fits. */
  get full(): boolean {
    return this.#events >= this.#bounds.maxEvents || this.#bytes >= this.#bounds.maxBytes;
  }

  /** More than fits. */
  get overfull(): boolean {
    return this.#events > 1 && (this.#events > this.#bounds.maxEvents || this.#bytes > this.#bounds.maxBytes);
  }

  /** Twice as much as fits: what holds the events back does not work. */
  get overflowing(): boolean {
    return this.#events >= this.#bounds.maxEvents * 2 || this.#bytes >= this.#bounds.maxBytes * 2;
  }

  /** Down to a quarter of its bounds: there is room to start again. */
  get low(): boolean {
    return this.#events <= this.#bounds.maxEvents / 4 && this.#bytes <= this.#bounds.maxBytes / 4;
  }

  pushEvent(event: SubscriptionEvent<T>, bytes: number, at: number): void {
    this.#entries.push({ event, bytes, at });
    this.#events += 1;
    this.#bytes += bytes;
  }

  pushGap(gap: Gap): void {
    const last = this.#entries.length > this.#head ? this.#entries.at(-1)?.event : undefined;
    if (last?.type === 'gap') this.#entries.pop();
    const merged = last?.type === 'gap' ? joined(last.gap, gap) : gap;
    this.#entries.push({ event: { type: 'gap', gap: merged }, bytes: 0, at: gap.liveAt });
  }

  /** Drops the oldest events until at most `maxEvents` and `maxBytes` are left; the newest one always stays. */
  dropOldest({ maxEvents, maxBytes }: BufferSize): void {
    while (this.#events > 1 && (this.#events > maxEvents || this.#bytes > maxBytes)) {
      const entry = this.#take();
      if (entry === undefined) return;
      const gap: Gap =
        entry.event.type === 'gap'
          ? entry.event.gap
          : { reason: 'dropped', missed: 1, lostAt: entry.at, liveAt: entry.at };
      this.#dropped = this.#dropped === undefined ? gap : joined(this.#dropped, gap);
    }
  }

  shift(): SubscriptionEvent<T> | undefined {
    if (this.#dropped === undefined) return this.#take()?.event;
    let gap = this.#dropped;
    this.#dropped = undefined;
    const next = this.#entries[this.#head]?.event;
    if (next?.type === 'gap') {
      this.#take();
      gap = joined(gap, next.gap);
    }
    return { type: 'gap', gap };
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#dropped = undefined;
    this.#events = 0;
    this.#bytes = 0;
  }

  #take(): Entry<T> | undefined {
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
    return entry;
  }
}

/** Two gaps with nothing between them: missed is known only where it is known of both. */
function joined(first: Gap, second: Gap): Gap {
  const { missed: _, to: __, ...rest } = first;
  const missed =
    first.missed === undefined || second.missed === undefined ? undefined : { missed: first.missed + second.missed };
  return { ...rest, ...missed, ...(second.to === undefined ? undefined : { to: second.to }), liveAt: second.liveAt };
}
