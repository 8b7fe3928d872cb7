// The live view's model: what it knows after something has happened.

import { describe, expect, test } from 'vitest';
import { initial, keptMoments } from '../../../../src/cli/demo/live/model.js';
import {
  begun,
  connecting,
  event,
  fault,
  gap,
  listens,
  modelAfter,
  ready,
  recovered,
  settled,
  waiting,
} from './happenings.js';

describe('The headline says what happens now', () => {
  test.each([
    ['at first', [], 'The shop server starts.'],
    ['once the server listens', [listens], 'The session connects for the first time.'],
    ['once the session is ready', [listens, ready(1)], 'All is well: every call is answered.'],
    ['during a fault', [ready(1), fault, waiting(10), ready(2)], 'The connection is cut: both sides see it end.'],
    [
      'after a fault',
      [ready(1), fault, waiting(10), ready(2), recovered],
      'Recovered from the cut: calls are answered again, 0.50 s after it.',
    ],
    [
      'near the end',
      [ready(1), { type: 'every-call-settled' } as const],
      'Every call has settled; the last orders are on their way.',
    ],
  ])('%s', (_name, happenings, headline) => {
    expect(modelAfter(...happenings.map((happening) => [0, happening] as const)).headline).toBe(headline);
  });
});

describe('The session', () => {
  test('keeps its last generation and the cause while it has no connection', () => {
    const { session } = modelAfter([0, connecting(1)], [10, ready(1)], [50, waiting(700)]);
    expect(session).toMatchObject({ generation: 1, sinceMs: 50, nextAttemptAtMs: 750 });
    expect(session.cause?.message).toBe('The peer fell silent.');
    const connectingAgain = modelAfter([10, ready(1)], [50, waiting(700)], [750, connecting(2)]).session;
    expect(connectingAgain).toMatchObject({ generation: 2, cause: { message: 'The peer fell silent.' } });
  });

  test('has no cause any more once it is ready', () => {
    expect(modelAfter([50, waiting(700)], [760, ready(2)]).session.cause).toBeUndefined();
  });
});

describe('Calls', () => {
  test('are open from their begin until they settle', () => {
    expect(modelAfter([0, begun], [0, begun], [5, settled()]).open).toBe(1);
  });

  test('are counted by kind and by how they ended', () => {
    const model = modelAfter(
      [0, settled()],
      [0, settled({ sends: 2 })],
      [0, settled({ outcome: 'failed', tookMs: undefined })],
      [0, settled({ kind: 'mutation', outcome: 'unknown', tookMs: undefined })],
      [0, settled({ kind: 'mutation', outcome: 'not-sent', sends: 0, tookMs: undefined })],
    );
    expect(model.queries).toEqual({ answered: 2, sentAgain: 1, unknown: 0, failed: 1 });
    expect(model.mutations).toEqual({ answered: 0, sentAgain: 0, unknown: 1, failed: 1 });
    expect(model.answers).toHaveLength(2);
  });

  test('are forgotten with their times after a while', () => {
    expect(modelAfter([0, settled()], [4_999, settled()], [5_000, settled()]).answers.map(({ atMs }) => atMs)).toEqual([
      4_999, 5_000,
    ]);
  });
});

test('The feed counts events, gaps, what fell into them, and how often it was parked', () => {
  const { feed } = modelAfter([0, event(1)], [0, gap()], [0, event(4, 2)], [0, gap('parked')], [0, event(5, 0)]);
  expect(feed).toEqual({ events: 3, gaps: 2, missed: 2, parked: 1 });
});

describe('The log', () => {
  test('holds what is worth a line, with its time, and not what is only passing', () => {
    const { moments } = modelAfter(
      [1, connecting(1)],
      [2, ready(1)],
      [3, begun],
      [4, settled()],
      [5, event(1)],
      [6, waiting(10)],
      [7, gap()],
      [8, settled({ kind: 'mutation', sends: 2, replayed: true })],
    );
    expect(moments).toEqual([
      { atMs: 2, who: 'session', what: 'ready, generation 1' },
      { atMs: 6, who: 'session', what: 'not connected: The peer fell silent.' },
      { atMs: 7, who: 'feed', what: 'gap after event 7 (connection-lost)' },
    ]);
  });

  test('is bounded, and drops the oldest', () => {
    const many = Array.from({ length: keptMoments + 3 }, (_, index) => [index, gap()] as const);
    const { moments } = modelAfter(...many);
    expect(moments).toHaveLength(keptMoments);
    expect(moments[0]?.atMs).toBe(3);
  });
});

test('A model is never changed, only followed by another', () => {
  const before = structuredClone(initial);
  modelAfter([0, begun], [0, ready(1)], [0, settled()], [0, event(1)], [0, gap()]);
  expect(initial).toEqual(before);
});
