// Happenings of the demo, and what a model becomes of them, for the tests of the live view.

import type { Happening } from '../../../../src/cli/demo/happening.js';
import { initial, type Model, update } from '../../../../src/cli/demo/live/model.js';
import type { CallRecord } from '../../../../src/cli/demo/workload.js';
import type { Gap } from '../../../../src/session/subscription-event.js';

export const listens: Happening = { type: 'server-listens', pid: 42, port: 4_000, again: false };
export const fault: Happening = {
  type: 'fault',
  kind: 'cut',
  title: 'The connection is cut: both sides see it end.',
  inFlight: { queries: 3, mutations: 1 },
};
export const recovered: Happening = {
  type: 'recovered',
  fault: {
    kind: 'cut',
    atMs: 1_000,
    inFlight: { queries: 3, mutations: 1 },
    noticedAfterMs: 10,
    readyAfterMs: 400,
    firstAnswerAfterMs: 500,
  },
};

/** There is no connection that could be ready again. */
export const recoveredPool: Happening = {
  type: 'recovered',
  fault: {
    kind: 'reset',
    atMs: 1_000,
    inFlight: { queries: 3, mutations: 1 },
    noticedAfterMs: 10,
    readyAfterMs: undefined,
    firstAnswerAfterMs: 500,
  },
};

export const connecting = (generation: number, attempt = 1): Happening => ({
  type: 'state',
  state: { status: 'connecting', generation, attempt, since: 0 },
  nextAttemptInMs: undefined,
});
export const ready = (generation: number): Happening => ({
  type: 'state',
  state: { status: 'ready', generation, since: 0, retiring: [], liveness: 'ping' },
  nextAttemptInMs: undefined,
});
export const waiting = (nextAttemptInMs: number, message = 'The peer fell silent.'): Happening => ({
  type: 'state',
  state: { status: 'waiting', until: 0, attempt: 1, cause: { code: 'network', phase: 'connection', message } },
  nextAttemptInMs,
});
export const event = (sequence: number, missed?: number): Happening => ({ type: 'event', sequence, missed });
export const gap = (reason: Gap['reason'] = 'connection-lost'): Happening => ({
  type: 'gap',
  gap: { reason, lostAt: 1_000, liveAt: 3_500 },
  after: 7,
});
export const settled = (changes: Partial<CallRecord> = {}): Happening => ({
  type: 'call-settled',
  call: {
    kind: 'query',
    subject: 'rope',
    outcome: 'answered',
    sends: 1,
    replayed: false,
    generation: 1,
    sentAt: 0,
    tookMs: 300,
    error: undefined,
    ...changes,
  },
});
export const begun: Happening = { type: 'call-begun' };

/** The model after all of it, each at its time in ms. */
export function modelAfter(...happenings: readonly (readonly [atMs: number, happening: Happening])[]): Model {
  return happenings.reduce((model, [atMs, happening]) => update(model, happening, atMs), initial);
}
