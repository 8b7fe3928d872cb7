// Puts operations together that are sent within a moment of each other: into one batch where they have the same headers and
// are all queries or all mutations, or where the program says that they belong together. Batches run side by side.

import { mayComeInParts } from '../../protocol/document.js';
import type { Clock, Handle, OperationRequest, Request, Sink } from '../contract.js';
import { Batch, BatchEntry, type BatchHost, batchText } from './batch.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { defaultBatching, inLowerCase, type ResolvedBatching } from './options.js';

export interface BatcherOwner extends BatchHost {
  /** Sends the body of a batch; the entries all have the headers of this one. */
  send(request: OperationRequest, body: string, events: ExchangeEvents): Exchange;
}

interface Group {
  readonly entries: Set<BatchEntry>;
  readonly cancelTimer: () => void;
}

export class Batcher {
  readonly #options: ResolvedBatching | undefined;
  readonly #clock: Clock;
  readonly #owner: BatcherOwner;
  /** Those that wait for company, by what they have in common. */
  readonly #groups = new Map<string, Group>();
  readonly #batches = new Set<Batch>();

  /** `options`: undefined where nothing is batched unless the program says so. */
  constructor(options: ResolvedBatching | undefined, clock: Clock, owner: BatcherOwner) {
    this.#options = options;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Whether this one goes in a batch. What has files, and what is answered by a stream, goes alone. */
  takes({ kind, query, batch, uploads, incremental }: OperationRequest): boolean {
    if (batch === undefined && this.#options === undefined) return false;
    return kind !== 'subscription' && uploads === undefined && !(incremental ?? mayComeInParts(query));
  }

  add(request: Request, sink: Sink): Handle {
    const key = keyOf(request);
    const group = this.#groups.get(key) ?? this.#begin(key, request.batch !== undefined);
    const entry = new BatchEntry(request, sink);
    entry.left = () => void group.entries.delete(entry);
    group.entries.add(entry);
    if (group.entries.size >= (this.#options?.maxSize ?? defaultBatching.maxSize)) this.#flush(key, group);
    return entry;
  }

  /** Everything is given up. */
  cancelAll(): void {
    for (const { cancelTimer } of this.#groups.values()) cancelTimer();
    this.#groups.clear();
    for (const batch of [...this.#batches]) batch.cancel();
  }

  /** What belongs together by its caller's word is there at the end of the turn. */
  #begin(key: string, byHand: boolean): Group {
    const flush = (): void => {
      if (this.#groups.get(key) === group) this.#flush(key, group);
    };
    const intervalMs = this.#options?.intervalMs ?? defaultBatching.intervalMs;
    const cancelTimer = byHand ? () => {} : this.#clock.setTimer(intervalMs, flush);
    const group: Group = { entries: new Set(), cancelTimer };
    if (byHand) queueMicrotask(flush);
    this.#groups.set(key, group);
    return group;
  }

  #flush(key: string, { entries, cancelTimer }: Group): void {
    this.#groups.delete(key);
    cancelTimer();
    const [first] = entries;
    if (first === undefined) return;
    const together = [...entries];
    const batch = new Batch(together, this.#owner, () => this.#batches.delete(batch));
    this.#batches.add(batch);
    batch.carriedBy(this.#owner.send(first.request, batchText(together), batch));
  }
}

/** Reads and writes that nobody put together by hand are kept apart: what may be repeated is not tied to what may not. */
function keyOf({ kind, headers, batch }: OperationRequest): string {
  const sorted = Object.entries(inLowerCase(headers)).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([batch ?? null, batch === undefined ? kind : null, sorted]);
}
