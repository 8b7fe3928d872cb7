// What the live view knows: everything it shows, as one value, and how each happening changes it. Pure. Times are ms since the
// start of the demo.

import type { SessionState } from '../../../session/state.js';
import type { Failure } from '../../../transport/contract.js';
import { seconds } from '../../words.js';
import type { FaultKind } from '../faults.js';
import type { Happening } from '../happening.js';
import { type Sentence, sentenceOf } from '../story.js';
import type { CallRecord } from '../workload.js';
import { type Answer, latelyMs } from './latency.js';

/** How many of the last notable moments are kept. */
export const keptMoments = 10;

export interface Tally {
  readonly answered: number;
  readonly sentAgain: number;
  readonly unknown: number;
  readonly failed: number;
}

export interface Moment extends Pick<Sentence, 'who' | 'what'> {
  readonly atMs: number;
}

export interface Model {
  /** What happens now, in one sentence. */
  readonly headline: string;
  readonly session: {
    readonly state: SessionState;
    /** Since when. */
    readonly sinceMs: number;
    /** The last connection's. 0: there was none. */
    readonly generation: number;
    readonly nextAttemptAtMs: number;
    /** Why it is not connected; kept until it is. */
    readonly cause: Failure | undefined;
  };
  /** Calls that were begun and have not settled. */
  readonly open: number;
  readonly queries: Tally;
  readonly mutations: Tally;
  readonly answers: readonly Answer[];
  readonly feed: { readonly events: number; readonly gaps: number; readonly missed: number; readonly parked: number };
  /** Oldest first. */
  readonly moments: readonly Moment[];
}

const noCalls: Tally = { answered: 0, sentAgain: 0, unknown: 0, failed: 0 };
const faultNames: Readonly<Record<FaultKind, string>> = {
  cut: 'the cut',
  'half-open': 'the half-open connection',
  reset: 'the reset',
  kill: 'the killed server',
};

export const initial: Model = {
  headline: 'The shop server starts.',
  session: { state: { status: 'idle' }, sinceMs: 0, generation: 0, nextAttemptAtMs: 0, cause: undefined },
  open: 0,
  queries: noCalls,
  mutations: noCalls,
  answers: [],
  feed: { events: 0, gaps: 0, missed: 0, parked: 0 },
  moments: [],
};

/** The model after something has happened. */
export function update(model: Model, happening: Happening, atMs: number): Model {
  const headline = headlineOf(happening) ?? model.headline;
  return withFacts({ ...model, headline, moments: momentsAfter(model.moments, happening, atMs) }, happening, atMs);
}

function withFacts(model: Model, happening: Happening, atMs: number): Model {
  switch (happening.type) {
    case 'state':
      return { ...model, session: sessionAfter(model.session, happening, atMs) };
    case 'call-begun':
      return { ...model, open: model.open + 1 };
    case 'call-settled':
      return withCall({ ...model, open: model.open - 1 }, happening.call, atMs);
    case 'event': {
      const { events, missed } = model.feed;
      return { ...model, feed: { ...model.feed, events: events + 1, missed: missed + (happening.missed ?? 0) } };
    }
    case 'gap': {
      const { gaps, parked } = model.feed;
      const more = happening.gap.reason === 'parked' ? 1 : 0;
      return { ...model, feed: { ...model.feed, gaps: gaps + 1, parked: parked + more } };
    }
    default:
      return model;
  }
}

function sessionAfter(
  before: Model['session'],
  { state, nextAttemptInMs = 0 }: Extract<Happening, { type: 'state' }>,
  atMs: number,
): Model['session'] {
  const generation = 'generation' in state ? state.generation : before.generation;
  const cause = 'cause' in state ? state.cause : before.cause;
  return {
    state,
    sinceMs: atMs,
    generation,
    nextAttemptAtMs: atMs + nextAttemptInMs,
    cause: state.status === 'ready' ? undefined : cause,
  };
}

function withCall(model: Model, call: CallRecord, atMs: number): Model {
  const { kind, tookMs } = call;
  const tallies =
    kind === 'query' ? { queries: count(model.queries, call) } : { mutations: count(model.mutations, call) };
  const recent = model.answers.filter((answer) => answer.atMs > atMs - latelyMs);
  const answers = tookMs === undefined ? recent : [...recent, { atMs, tookMs }];
  return { ...model, ...tallies, answers };
}

function count(tally: Tally, { outcome, sends }: CallRecord): Tally {
  const one = (yes: boolean): number => (yes ? 1 : 0);
  return {
    answered: tally.answered + one(outcome === 'answered'),
    sentAgain: tally.sentAgain + one(sends > 1),
    unknown: tally.unknown + one(outcome === 'unknown'),
    failed: tally.failed + one(outcome === 'failed' || outcome === 'not-sent'),
  };
}

function momentsAfter(moments: readonly Moment[], happening: Happening, atMs: number): readonly Moment[] {
  const sentence = isNotable(happening) ? sentenceOf(happening) : undefined;
  if (sentence === undefined) return moments;
  const { who, what } = sentence;
  return [...moments, { atMs, who, what }].slice(-keptMoments);
}

/** Connecting and closing are seen while they last, and answers are counted: neither needs a place in the log. */
function isNotable(happening: Happening): boolean {
  if (happening.type === 'call-settled') return happening.call.outcome !== 'answered';
  return happening.type !== 'state' || ['ready', 'waiting', 'failed'].includes(happening.state.status);
}

function headlineOf(happening: Happening): string | undefined {
  switch (happening.type) {
    case 'server-listens':
      return happening.again ? undefined : 'The session connects for the first time.';
    case 'state':
      return stateHeadline(happening.state);
    case 'fault':
      return happening.title;
    case 'recovered': {
      const { kind, firstAnswerAfterMs = 0 } = happening.fault;
      return `Recovered from ${faultNames[kind]}: calls are answered again, ${seconds(firstAnswerAfterMs)} after it.`;
    }
    case 'every-call-settled':
      return 'Every call has settled; the last orders are on their way.';
    default:
      return undefined;
  }
}

function stateHeadline(state: SessionState): string | undefined {
  switch (state.status) {
    case 'ready':
      return state.generation === 1 ? 'All is well: every call is answered.' : undefined;
    case 'closing':
      return 'The session closes.';
    case 'closed':
      return 'The session is closed.';
    case 'failed':
      return 'The session gave up.';
    default:
      return undefined;
  }
}
