// What a server has seen since its start, in numbers. How many there are does not depend on what peers send.

import * as CloseCode from '../../protocol/close-codes.js';
import type { OperationKind } from '../../protocol/result.js';
import type { Outcome } from './messages.js';

/** `unknown`: refused before it was known what was asked for. */
export type TalliedKind = OperationKind | 'unknown';

/** Upper bounds of the durations that are counted together, seconds. The long ones are for subscriptions. */
export const durationBounds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 300, 3600,
];

const ownCodes: ReadonlySet<number> = new Set(Object.values(CloseCode));

/** The operations of one kind. */
export class KindTally {
  readonly outcomes: Record<Outcome, number> = { ok: 0, partial: 0, failed: 0, refused: 0, stopped: 0 };
  /** How many durations lie between each bound and the one before it; the last are those above all bounds. */
  readonly durations: number[] = new Array(durationBounds.length + 1).fill(0);
  durationSumMs = 0;

  add(outcome: Outcome, durationMs: number): void {
    this.outcomes[outcome] += 1;
    this.durationSumMs += durationMs;
    const seconds = durationMs / 1000;
    let index = 0;
    // Most operations are short: they are found at once.
    while (seconds > (durationBounds[index] ?? Number.POSITIVE_INFINITY)) index += 1;
    this.durations[index] = (this.durations[index] ?? 0) + 1;
  }
}

export class Tally {
  readonly kinds: Readonly<Record<TalliedKind, KindTally>> = {
    query: new KindTally(),
    mutation: new KindTally(),
    subscription: new KindTally(),
    unknown: new KindTally(),
  };
  events = 0;
  connectionsOpened = 0;
  /** By close code; `other` are those that only applications use, of which a peer can send thousands. */
  readonly connectionsClosed: Map<number | 'other', number> = new Map();
  /** By the option that holds the limit. */
  readonly limited: Map<string, number> = new Map();

  closed(code: number): void {
    countIn(this.connectionsClosed, ownCodes.has(code) ? code : 'other');
  }

  limit(option: string): void {
    countIn(this.limited, option);
  }
}

function countIn<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
