// What is said of a happening: a sentence for a person, or nothing where there is nothing to say.

import type { SessionState } from '../../session/state.js';
import { plural, seconds } from '../words.js';
import type { Happening } from './happening.js';
import type { CallRecord } from './workload.js';

export interface Sentence {
  readonly who: 'server' | 'session' | 'feed' | 'callers' | 'FAULT';
  /** Enough where there is little room. */
  readonly what: string;
  /** Follows `what` on the same line. */
  readonly rest?: string;
  /** On a line of its own. */
  readonly more?: string;
}

export function sentenceOf(happening: Happening): Sentence | undefined {
  switch (happening.type) {
    case 'server-listens': {
      const { pid, port, again } = happening;
      const sentence = { who: 'server', what: `process ${pid} listens on port ${port}` } as const;
      return again ? { ...sentence, rest: '; it has read its journal' } : sentence;
    }
    case 'state': {
      const what = stateInWords(happening.state);
      if (what === undefined) return undefined;
      const { nextAttemptInMs } = happening;
      if (nextAttemptInMs === undefined) return { who: 'session', what };
      return { who: 'session', what, more: `next attempt in ${seconds(nextAttemptInMs)}` };
    }
    case 'fault': {
      const { queries, mutations } = happening.inFlight;
      const work = `${plural(queries, 'query', 'queries')} and ${plural(mutations, 'mutation')}`;
      return { who: 'FAULT', what: happening.title, more: `In flight: ${work}` };
    }
    case 'recovered': {
      const { readyAfterMs, firstAnswerAfterMs = 0 } = happening.fault;
      const answered = `first call answered ${seconds(firstAnswerAfterMs)} after the fault`;
      if (readyAfterMs === undefined) return { who: 'session', what: `recovered: ${answered}` };
      const what = `recovered: ready ${seconds(readyAfterMs)} after the fault`;
      return { who: 'session', what, rest: `, first call answered after ${seconds(firstAnswerAfterMs)}` };
    }
    case 'call-begun':
      return undefined;
    case 'call-settled':
      return callInWords(happening.call);
    case 'outcomes-unknown': {
      const what = `${plural(happening.count, 'mutation')} sent and not answered: outcome unknown`;
      return { who: 'callers', what, rest: ', so they are not sent again (queries are)' };
    }
    case 'every-call-settled':
      return { who: 'callers', what: 'every call has settled; the last orders are on their way' };
    case 'event': {
      const { sequence, missed } = happening;
      if (missed === undefined) return undefined;
      const lost = missed === 0 ? 'nothing was missed' : `${plural(missed, 'event')} fell into the gap`;
      return { who: 'feed', what: `goes on with event ${sequence}: ${lost}` };
    }
    case 'gap': {
      const { reason, lostAt, liveAt } = happening.gap;
      const rest = `: events of the last ${seconds(liveAt - lostAt)} may be missing`;
      return { who: 'feed', what: `gap after event ${happening.after} (${reason})`, rest };
    }
  }
}

/** A call that ended well needs no words, but for a write that was sent twice; unknown outcomes are told together. */
function callInWords({ kind, subject, outcome, sends, replayed, error }: CallRecord): Sentence | undefined {
  if (kind === 'mutation' && outcome === 'answered' && sends > 1) {
    const rest = replayed ? ': it had run, and did not run again' : ': it had not run before';
    return { who: 'callers', what: `mutation ${subject} sent again under its key, and answered`, rest };
  }
  if (outcome === 'answered' || outcome === 'unknown') return undefined;
  return { who: 'callers', what: `${kind} ${subject} failed: ${error}` };
}

function stateInWords(state: SessionState): string | undefined {
  switch (state.status) {
    case 'idle':
      return 'idle';
    case 'connecting':
      return `connecting, generation ${state.generation}`;
    case 'ready':
      return `ready, generation ${state.generation}`;
    case 'waiting':
      return `not connected: ${state.cause.message}`;
    case 'closing':
      return state.stage === 'draining' ? 'closing' : undefined;
    case 'closed':
      return 'closed';
    case 'failed':
      return `gave up after ${plural(state.attempts, 'attempt')}: ${state.cause.message}`;
  }
}
