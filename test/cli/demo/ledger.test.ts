// The ledger against records that balance, and against records that do not: each fault in them must be named.

import { describe, expect, test } from 'vitest';
import type { FeedItem } from '../../../src/cli/demo/feed.js';
import type { JournalEntry } from '../../../src/cli/demo/journal.js';
import { balance, type Ledger, type Records } from '../../../src/cli/demo/ledger.js';
import { report } from '../../../src/cli/demo/report.js';
import type { CallOutcome, CallRecord } from '../../../src/cli/demo/workload.js';

const query = (outcome: CallOutcome = 'answered', sends = 1): CallRecord => ({
  kind: 'query',
  subject: 'rope',
  outcome,
  sends,
  replayed: false,
  generation: 1,
  sentAt: 0,
  tookMs: outcome === 'answered' ? 250 : undefined,
  error: outcome === 'answered' ? undefined : 'Something went wrong.',
});
const mutation = (subject: string, outcome: CallOutcome): CallRecord => ({
  ...query(outcome),
  kind: 'mutation',
  subject,
});
const order = (id: string, reference: string): JournalEntry => ({
  type: 'order',
  id,
  reference,
  product: 'rope',
  quantity: 1,
});
const published = (sequence: number): JournalEntry => ({ type: 'event', sequence, order: '1', status: 'PLACED' });
const delivered = (sequence: number): FeedItem => ({ type: 'event', sequence, order: '1', status: 'PLACED' });
const gap: FeedItem = { type: 'gap' };

/** Two queries and four mutations, one fault, five events of which the third and fourth fell into a gap. */
const good: Records = {
  failure: undefined,
  kind: 'connection',
  planned: { queries: 2, mutations: 4, faults: 1 },
  calls: [
    query(),
    query('answered', 2),
    mutation('a', 'answered'),
    mutation('b', 'unknown'),
    mutation('c', 'unknown'),
    mutation('d', 'not-sent'),
  ],
  journal: [order('1', 'a'), published(1), published(2), order('2', 'b'), published(3), published(4), published(5)],
  feed: [delivered(1), delivered(2), gap, delivered(5)],
  faults: [
    {
      kind: 'cut',
      atMs: 100,
      inFlight: { queries: 2, mutations: 1 },
      noticedAfterMs: 1,
      readyAfterMs: 50,
      firstAnswerAfterMs: 60,
    },
  ],
  sockets: { accepted: 2, generations: 2, requests: 9 },
};

const problemsOf = (changes: Partial<Records>): readonly string[] => {
  const ledger = balance({ ...good, ...changes });
  expect(ledger.balanced).toBe(ledger.problems.length === 0);
  return ledger.problems;
};

describe('A ledger that balances', () => {
  const ledger: Ledger = balance(good);

  test('has no problems, and counts what happened', () => {
    expect(ledger).toEqual({
      balanced: true,
      problems: [],
      calls: {
        queries: { made: 2, answered: 2, sentAgain: 1, outcomeUnknown: 0, notSent: 0, failed: 0 },
        mutations: { made: 4, answered: 1, sentAgain: 0, outcomeUnknown: 2, notSent: 1, failed: 0 },
      },
      writes: { applied: 2, answeredAndApplied: 1, unknownAndApplied: 1, unknownAndNotApplied: 1, appliedTwice: 0 },
      events: { published: 5, delivered: 3, missedInGaps: 2, unaccounted: 0, gaps: 1 },
      sockets: { opened: 2, generations: 2, requests: 9 },
      faults: good.faults,
    });
  });

  test('says so to a person', () => {
    expect(report(ledger)).toMatch(/The ledger balances\.$/);
  });

  test('allows events to be missing before the first one and after the last one, where a gap says so', () => {
    expect(problemsOf({ feed: [gap, delivered(3), gap] })).toEqual([]);
  });
});

describe('A ledger does not balance', () => {
  test.each<[string, Partial<Records>, RegExp]>([
    ['when a write was applied twice', { journal: [...good.journal, order('3', 'a')] }, /"a" was applied 2 times/],
    [
      'when an unknown write was applied twice',
      { journal: [...good.journal, order('3', 'b')] },
      /"b" was applied 2 times/,
    ],
    ['when an answered write is missing', { journal: good.journal.slice(1) }, /"a" was answered, and is not in the/],
    [
      'when a write that was never sent is there',
      { journal: [...good.journal, order('3', 'd')] },
      /"d" was reported as not/,
    ],
    [
      'when a write is there that nobody made',
      { journal: [...good.journal, order('3', 'z')] },
      /"z" was applied, and nob/,
    ],
    [
      'when an event is missing without a gap',
      { feed: [delivered(1), gap, delivered(3), delivered(5)] },
      /Event 4 was pub/,
    ],
    [
      'when the first event is missing without a gap',
      { feed: [delivered(2), gap, delivered(5)] },
      /Event 1 was published/,
    ],
    [
      'when the last event is missing without a gap',
      { feed: [delivered(1), delivered(2), gap, delivered(4)] },
      /Event 5 was/,
    ],
    ['when an event comes twice', { feed: [...good.feed, delivered(5)] }, /Event 5 was delivered after event 5/],
    [
      'when events change places',
      { feed: [delivered(1), gap, delivered(5), delivered(4)] },
      /Event 4 was delivered after ev/,
    ],
    [
      'when an event was never published',
      { feed: [...good.feed, delivered(6)] },
      /Event 6 was delivered as order 1 PLACED/,
    ],
    [
      'when an event has become another on its way',
      { feed: [delivered(1), delivered(2), gap, { type: 'event', sequence: 5, order: '2', status: 'SHIPPED' }] },
      /Event 5 was delivered as order 2 SHIPPED/,
    ],
    [
      'when a sequence number is used twice',
      { journal: [...good.journal, published(2)] },
      /Event 2 is twice in the journal/,
    ],
    [
      'when a query failed',
      { calls: [query('failed'), ...good.calls.slice(1)] },
      /The query for "rope" failed: Something/,
    ],
    [
      'when a query was not sent',
      { calls: [query('not-sent'), ...good.calls.slice(1)] },
      /The query for "rope" failed/,
    ],
    [
      'when a mutation failed',
      { calls: [...good.calls.slice(0, 5), mutation('d', 'failed')] },
      /The mutation for "d" failed/,
    ],
    ['when calls are missing', { calls: good.calls.slice(1, 5) }, /1 of 2 queries were made/],
    [
      'when there were sockets that the session does not know',
      { sockets: { accepted: 3, generations: 2, requests: 9 } },
      /accepted 3 so/,
    ],
    [
      'when a pool opened sockets for nothing',
      { kind: 'pool', sockets: { accepted: 10, generations: 1, requests: 9 } } as const,
      /accepted 10 sockets, and the session counted 1 generations and sent 9 requests/,
    ],
    [
      'when a pool had a second life',
      { kind: 'pool', sockets: { accepted: 2, generations: 2, requests: 9 } } as const,
      /the session counted 2 generations/,
    ],
    ['when the run broke', { failure: 'Error: It took too long.' }, /It took too long/],
    ['when a fault was left out', { faults: [] }, /0 of 1 faults were injected/],
  ])('%s', (_name, changes, problem) => {
    expect(problemsOf(changes)).toContainEqual(expect.stringMatching(problem));
  });

  test.each([
    ['the session was never ready again', { readyAfterMs: undefined }, /never ready again after the fault "cut"/],
    ['no call was answered', { firstAnswerAfterMs: undefined }, /No call was answered after the fault "cut"/],
    ['nothing was in flight', { inFlight: { queries: 0, mutations: 0 } }, /Nothing was in flight at the fault "cut"/],
  ])('when at a fault %s', (_name, changes, problem) => {
    const faults = good.faults.map((fault) => ({ ...fault, ...changes }));
    expect(problemsOf({ faults })).toContainEqual(expect.stringMatching(problem));
  });

  test('but not for a pool, which is never ready again and has as many sockets as it needs', () => {
    const faults = good.faults.map((fault) => ({ ...fault, readyAfterMs: undefined }));
    const records: Records = { ...good, kind: 'pool', faults, sockets: { accepted: 7, generations: 1, requests: 9 } };
    const ledger = balance(records);
    expect(ledger.problems).toEqual([]);
    expect(report(ledger)).toContain('After cut        noticed after 0.00 s, first call answered after 0.06 s');
  });

  test('and a person is told every reason', () => {
    const text = report(
      balance({ ...good, journal: good.journal.slice(1), sockets: { accepted: 3, generations: 2, requests: 9 } }),
    );
    expect(text).toContain(
      'The ledger does NOT balance:\n  - "a" was answered, and is not in the journal.\n  - The proxy',
    );
  });
});
