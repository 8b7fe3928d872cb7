// The demo's ledger: what was asked, written, published and opened, held against what the journal and the proxy saw. A pure
// function of the records, which says whether they balance and, where they do not, why.

import type { FaultRecord } from './faults.js';
import type { FeedItem } from './feed.js';
import type { EventEntry, JournalEntry } from './journal.js';
import type { Way } from './way.js';
import type { CallRecord } from './workload.js';

export interface Records {
  /** What ended the run before its time. */
  readonly failure: string | undefined;
  /** Of the transport. */
  readonly kind: Way['kind'];
  /** How many calls were to be made. */
  readonly planned: { readonly queries: number; readonly mutations: number; readonly faults: number };
  readonly calls: readonly CallRecord[];
  readonly journal: readonly JournalEntry[];
  readonly feed: readonly FeedItem[];
  readonly faults: readonly FaultRecord[];
  /** As counted by the proxy, and by the session: its last generation, and how often it sent something. */
  readonly sockets: { readonly accepted: number; readonly generations: number; readonly requests: number };
}

export interface CallCounts {
  readonly made: number;
  readonly answered: number;
  /** Answered or not, sent more than once. */
  readonly sentAgain: number;
  readonly outcomeUnknown: number;
  readonly notSent: number;
  readonly failed: number;
}

export interface Ledger {
  readonly balanced: boolean;
  /** Why not, one sentence each. Empty when it balances. */
  readonly problems: readonly string[];
  readonly calls: { readonly queries: CallCounts; readonly mutations: CallCounts };
  /** Mutations in the shop's journal. */
  readonly writes: {
    readonly applied: number;
    readonly answeredAndApplied: number;
    readonly unknownAndApplied: number;
    readonly unknownAndNotApplied: number;
    readonly appliedTwice: number;
  };
  readonly events: {
    readonly published: number;
    readonly delivered: number;
    /** Not delivered, and inside the stretch of a gap. */
    readonly missedInGaps: number;
    /** Not delivered, and no gap said so. */
    readonly unaccounted: number;
    readonly gaps: number;
  };
  readonly sockets: { readonly opened: number; readonly generations: number; readonly requests: number };
  readonly faults: readonly FaultRecord[];
}

export function balance(records: Records): Ledger {
  const problems = records.failure === undefined ? [] : [records.failure];
  const ledger = {
    calls: checkCalls(records, problems),
    writes: checkWrites(records, problems),
    events: checkEvents(records, problems),
    sockets: checkSockets(records, problems),
    faults: checkFaults(records, problems),
  };
  return { balanced: problems.length === 0, problems, ...ledger };
}

function checkCalls({ calls, planned }: Records, problems: string[]): Ledger['calls'] {
  const queries = count(calls, 'query');
  const mutations = count(calls, 'mutation');
  if (queries.made !== planned.queries) problems.push(`${queries.made} of ${planned.queries} queries were made.`);
  if (mutations.made !== planned.mutations) {
    problems.push(`${mutations.made} of ${planned.mutations} mutations were made.`);
  }
  for (const { kind, subject, outcome, error } of calls) {
    // A read can be repeated, so every one has to succeed; a mutation may be unknown, but never wrong.
    if (outcome === 'failed' || (kind === 'query' && outcome !== 'answered')) {
      problems.push(`The ${kind} for "${subject}" failed: ${error}`);
    }
  }
  return { queries, mutations };
}

function count(calls: readonly CallRecord[], kind: CallRecord['kind']): CallCounts {
  const own = calls.filter((call) => call.kind === kind);
  const ended = (outcome: CallRecord['outcome']): number => own.filter((call) => call.outcome === outcome).length;
  return {
    made: own.length,
    answered: ended('answered'),
    sentAgain: own.filter(({ sends }) => sends > 1).length,
    outcomeUnknown: ended('unknown'),
    notSent: ended('not-sent'),
    failed: ended('failed'),
  };
}

function checkWrites({ calls, journal }: Records, problems: string[]): Ledger['writes'] {
  const applied = new Map<string, number>();
  for (const entry of journal) {
    if (entry.type === 'order') applied.set(entry.reference, (applied.get(entry.reference) ?? 0) + 1);
  }
  const writes = { applied: 0, answeredAndApplied: 0, unknownAndApplied: 0, unknownAndNotApplied: 0, appliedTwice: 0 };
  const mutations = calls.filter(({ kind }) => kind === 'mutation');
  for (const { subject, outcome } of mutations) {
    const times = applied.get(subject) ?? 0;
    if (outcome === 'answered' && times === 1) writes.answeredAndApplied += 1;
    if (outcome === 'unknown' && times === 1) writes.unknownAndApplied += 1;
    if (outcome === 'unknown' && times === 0) writes.unknownAndNotApplied += 1;
    if (outcome === 'answered' && times === 0) problems.push(`"${subject}" was answered, and is not in the journal.`);
    if (outcome === 'not-sent' && times > 0) problems.push(`"${subject}" was reported as not sent, and was applied.`);
  }
  const known = new Set(mutations.map(({ subject }) => subject));
  for (const [reference, times] of applied) {
    writes.applied += times;
    if (!known.has(reference)) problems.push(`"${reference}" was applied, and nobody asked for it.`);
    if (times === 1) continue;
    writes.appliedTwice += 1;
    problems.push(`"${reference}" was applied ${times} times.`);
  }
  return writes;
}

function checkEvents({ journal, feed }: Records, problems: string[]): Ledger['events'] {
  const published = publishedEvents(journal, problems);
  const events = { published: published.size, delivered: 0, missedInGaps: 0, unaccounted: 0, gaps: 0 };
  const newest = Math.max(0, ...published.keys());
  let last = 0;
  let gap = false;
  /** Everything published between the last event and this one was missed: does a gap say so? */
  const missedBefore = (sequence: number): void => {
    for (let missed = last + 1; missed < sequence; missed += 1) {
      if (!published.has(missed)) continue;
      if (gap) {
        events.missedInGaps += 1;
      } else {
        events.unaccounted += 1;
        problems.push(`Event ${missed} was published and not delivered, and no gap says so.`);
      }
    }
  };
  for (const item of feed) {
    if (item.type === 'gap') {
      events.gaps += 1;
      gap = true;
      continue;
    }
    const { sequence } = item;
    if (sequence <= last) {
      problems.push(`Event ${sequence} was delivered after event ${last}: twice, or out of order.`);
      continue;
    }
    missedBefore(sequence);
    const entry = published.get(sequence);
    if (entry?.order !== item.order || entry.status !== item.status) {
      problems.push(
        `Event ${sequence} was delivered as order ${item.order} ${item.status}, which is not in the journal.`,
      );
    }
    events.delivered += 1;
    last = sequence;
    gap = false;
  }
  missedBefore(newest + 1);
  return events;
}

function publishedEvents(journal: readonly JournalEntry[], problems: string[]): ReadonlyMap<number, EventEntry> {
  const published = new Map<number, EventEntry>();
  for (const entry of journal) {
    if (entry.type !== 'event') continue;
    if (published.has(entry.sequence)) problems.push(`Event ${entry.sequence} is twice in the journal.`);
    published.set(entry.sequence, entry);
  }
  return published;
}

/** A connection is one socket and one generation; a pool opens no socket but for a request, and has one generation. */
function checkSockets({ kind, sockets }: Records, problems: string[]): Ledger['sockets'] {
  const { accepted, generations, requests } = sockets;
  const accountedFor = kind === 'connection' ? accepted === generations : accepted <= requests && generations === 1;
  if (!accountedFor) {
    const counted = kind === 'connection' ? '' : ` and sent ${requests} requests`;
    problems.push(
      `The proxy accepted ${accepted} sockets, and the session counted ${generations} generations${counted}.`,
    );
  }
  return { opened: accepted, generations, requests };
}

function checkFaults({ kind: way, faults, planned }: Records, problems: string[]): readonly FaultRecord[] {
  if (faults.length !== planned.faults) problems.push(`${faults.length} of ${planned.faults} faults were injected.`);
  for (const { kind, inFlight, readyAfterMs, firstAnswerAfterMs } of faults) {
    if (inFlight.queries + inFlight.mutations === 0) problems.push(`Nothing was in flight at the fault "${kind}".`);
    if (way === 'connection' && readyAfterMs === undefined) {
      problems.push(`The session was never ready again after the fault "${kind}".`);
    }
    if (firstAnswerAfterMs === undefined) problems.push(`No call was answered after the fault "${kind}".`);
  }
  return faults;
}
