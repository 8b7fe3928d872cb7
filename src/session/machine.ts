// The connection's life as a pure machine: (machine, event) -> [machine, effects]. It supervises connections by generation,
// decides when to open the next one, and knows no sockets, timers, promises or operations. Rare events, all the bugs.

import type { Failure } from '../transport/contract.js';
import type { ConnectPolicy } from './connect-policy.js';
import type { Effect, MachineEvent, RetireTimer, TimerName } from './machine-events.js';
import type { SessionState } from './state.js';

export interface Machine {
  readonly state: SessionState;
  readonly memory: Memory;
}

/** What outlives a state. */
export interface Memory {
  /** The last generation that was given out. */
  readonly generation: number;
  /** Attempts and connections that failed since the last stable connection: the exponent of the backoff. */
  readonly failures: number;
  /** Attempts since the last stable connection: what a bounded rule counts. */
  readonly opens: number;
  /** The session has been ready once. */
  readonly contacted: boolean;
  /** Credentials were refreshed because of a refusal, and no connection has been stable since. */
  readonly refreshed: boolean;
  /** Why the credentials were refused, where that is what happened last: the next ones must not come out of a cache. */
  readonly refused: Failure | undefined;
  /** Why there is no connection: the last failure since one was ready. */
  readonly lastFailure: Failure | undefined;
  /** The other connections that still live, the oldest first. Each has a timer. */
  readonly retiring: readonly number[];
}

/** The connections that may finish what they have at one time. */
const maxRetiring = 8;
const none: readonly number[] = Object.freeze([]);

type Step = readonly [Machine, readonly Effect[]];

export const initialMachine: Machine = {
  state: { status: 'idle' },
  memory: {
    generation: 0,
    failures: 0,
    opens: 0,
    contacted: false,
    refreshed: false,
    refused: undefined,
    lastFailure: undefined,
    retiring: none,
  },
};

export function step(machine: Machine, event: MachineEvent, policy: ConnectPolicy): Step {
  const { state, memory } = machine;
  switch (event.type) {
    case 'start':
      return state.status === 'idle' ? open(memory, event.at) : unchanged(machine);
    case 'opened':
      return isOpening(state, event.generation) ? opened(memory, event, policy) : unchanged(machine);
    case 'open-failed':
      return isOpening(state, event.generation) ? failed(memory, event.failure, event.at, policy) : unchanged(machine);
    case 'lost':
      return lost(machine, event, policy);
    case 'going-away':
      return goingAway(machine, event, policy);
    case 'liveness':
      if (state.status !== 'ready' || state.generation !== event.generation) return unchanged(machine);
      return [{ state: { ...state, liveness: event.liveness }, memory }, []];
    case 'finished':
      return endRetiring(machine, event.generation, 'close');
    case 'timer':
      return timer(machine, event.timer, event.at);
    case 'reconnect':
      return reconnect(machine, event.at);
    case 'woken':
      return woken(machine, event.at);
    case 'close':
      return close(machine, event);
    case 'drained':
      return disconnect(machine);
    case 'disconnected':
      if (state.status !== 'closing' || state.stage !== 'disconnecting') return unchanged(machine);
      return [{ state: { status: 'closed' }, memory }, []];
  }
}

function open(memory: Memory, at: number): Step {
  const generation = memory.generation + 1;
  const attempt = memory.opens + 1;
  return [
    {
      state: { status: 'connecting', generation, attempt, since: at },
      memory: { ...memory, generation, opens: attempt },
    },
    [{ type: 'open', generation, attempt, refused: memory.refused }],
  ];
}

function opened(memory: Memory, event: Extract<MachineEvent, { type: 'opened' }>, policy: ConnectPolicy): Step {
  const { generation, liveness, headers, at } = event;
  return [
    {
      state: { status: 'ready', generation, since: at, retiring: memory.retiring, liveness, headers },
      memory: { ...memory, contacted: true, refused: undefined, lastFailure: undefined },
    },
    [{ type: 'set-timer', timer: 'stable', delayMs: policy.stableMs }, { type: 'use' }],
  ];
}

/** An attempt failed or the connection in use ended: wait, refresh, or give up. */
function failed(memory: Memory, cause: Failure, at: number, policy: ConnectPolicy): Step {
  const failures = memory.failures + 1;
  const verdict = policy.verdict(cause, memory.contacted, failures);
  // A provider that failed has not answered the refusal: it is asked again for what it owes.
  const owed = cause.code === 'credentials' ? memory.refused : undefined;
  const refused = verdict === 'refresh' ? cause : owed;
  const after: Memory = { ...memory, failures, refused, lastFailure: cause };
  if (verdict === 'fail' || !policy.reconnect || memory.opens >= policy.attempts) return giveUp(after, cause);
  if (verdict === 'refresh') {
    if (policy.canRefresh && !memory.refreshed) return open({ ...after, refreshed: true }, at);
    if (!memory.contacted) return giveUp(after, cause);
  }
  const backoffMs = verdict === 'retry' ? policy.delayMs(failures) : policy.slowDelayMs();
  const delayMs = Math.max(backoffMs, cause.retryAfterMs ?? 0);
  return [
    { state: { status: 'waiting', until: at + delayMs, attempt: failures, cause }, memory: after },
    [{ type: 'set-timer', timer: 'backoff', delayMs }],
  ];
}

function giveUp(memory: Memory, cause: Failure): Step {
  const attempts = Math.max(memory.opens, 1);
  return [{ state: { status: 'failed', cause, attempts }, memory }, [{ type: 'give-up', cause, attempts }]];
}

function lost(machine: Machine, event: Extract<MachineEvent, { type: 'lost' }>, policy: ConnectPolicy): Step {
  const { state, memory } = machine;
  const { generation } = event;
  if (memory.retiring.includes(generation)) return [without(machine, generation), [cancel(retireTimer(generation))]];
  if (state.status !== 'ready' || state.generation !== event.generation) return unchanged(machine);
  const [next, effects] = failed(memory, event.failure, event.at, policy);
  return [next, [cancel('stable'), ...effects]];
}

/** The connection in use takes no new operations: it retires, and the next one is opened beside it. */
function goingAway(
  machine: Machine,
  event: Extract<MachineEvent, { type: 'going-away' }>,
  policy: ConnectPolicy,
): Step {
  const { state, memory } = machine;
  if (state.status !== 'ready' || state.generation !== event.generation) return unchanged(machine);
  // Where no other connection may be opened, this one is used until it ends. Moving as asked is no failure, and uses up no attempt.
  if (!policy.reconnect) return unchanged(machine);
  const effects: Effect[] = [cancel('stable')];
  const [oldest] = memory.retiring;
  const full = oldest !== undefined && memory.retiring.length >= maxRetiring;
  if (full) effects.push(cancel(retireTimer(oldest)), { type: 'release', generation: oldest, how: 'terminate' });
  const delayMs = Math.min(event.withinMs ?? policy.retireMs, policy.retireMs);
  effects.push({ type: 'set-timer', timer: retireTimer(event.generation), delayMs });
  const retiring = [...memory.retiring.slice(full ? 1 : 0), event.generation];
  const retired: Memory = { ...memory, retiring };
  const stable = memory.opens === 0;
  if (stable || event.useful) {
    // What did its work was worth its attempt, which its successor takes over.
    const [next, more] = open({ ...retired, opens: stable ? 0 : memory.opens - 1 }, event.at);
    return [next, [...effects, ...more]];
  }
  // A server that sends every new connection away before it has answered anything must not be stormed.
  const after: Memory = { ...retired, failures: memory.failures + 1 };
  const waitMs = policy.delayMs(after.failures);
  const cause: Failure = {
    code: 'closed',
    phase: 'connection',
    message: 'The server asked to move to another connection.',
  };
  effects.push({ type: 'set-timer', timer: 'backoff', delayMs: waitMs });
  return [
    { state: { status: 'waiting', until: event.at + waitMs, attempt: after.failures, cause }, memory: after },
    effects,
  ];
}

function timer(machine: Machine, name: TimerName, at: number): Step {
  const { state, memory } = machine;
  switch (name) {
    case 'backoff':
      return state.status === 'waiting' ? open(memory, at) : unchanged(machine);
    case 'stable':
      if (state.status !== 'ready') return unchanged(machine);
      return [{ state, memory: { ...memory, failures: 0, opens: 0, refreshed: false } }, []];
    case 'grace':
      return disconnect(machine);
    default: {
      const retiring = memory.retiring.find((generation) => retireTimer(generation) === name);
      return retiring === undefined ? unchanged(machine) : endRetiring(machine, retiring, 'terminate');
    }
  }
}

/** Cuts a wait short, and leaves `failed` with a clean slate. */
function reconnect(machine: Machine, at: number): Step {
  const { state, memory } = machine;
  if (state.status === 'waiting') {
    const [next, effects] = open(memory, at);
    return [next, [cancel('backoff'), ...effects]];
  }
  if (state.status === 'failed') return open({ ...memory, failures: 0, opens: 0, refreshed: false }, at);
  return unchanged(machine);
}

/** What kept it from connecting may be over. A pause that the server asked for holds, by the clock on the wall. */
function woken(machine: Machine, at: number): Step {
  const { state } = machine;
  if (state.status !== 'waiting') return unchanged(machine);
  if (state.cause.retryAfterMs === undefined || at >= state.until) return reconnect(machine, at);
  return [machine, [{ type: 'set-timer', timer: 'backoff', delayMs: state.until - at }]];
}

function close(machine: Machine, event: Extract<MachineEvent, { type: 'close' }>): Step {
  const { state, memory } = machine;
  if (state.status === 'closing' || state.status === 'closed') return unchanged(machine);
  return [
    { state: { status: 'closing', stage: 'draining', since: event.at }, memory: { ...memory, retiring: none } },
    [
      ...(state.status === 'connecting' ? [{ type: 'abort-open' } as const] : []),
      cancel('backoff'),
      cancel('stable'),
      ...memory.retiring.map((generation) => cancel(retireTimer(generation))),
      { type: 'set-timer', timer: 'grace', delayMs: event.graceMs },
      { type: 'shed' },
    ],
  ];
}

function disconnect({ state, memory }: Machine): Step {
  if (state.status !== 'closing' || state.stage !== 'draining') return unchanged({ state, memory });
  return [{ state: { ...state, stage: 'disconnecting' }, memory }, [cancel('grace'), { type: 'disconnect' }]];
}

function endRetiring(machine: Machine, generation: number, how: 'close' | 'terminate'): Step {
  if (!machine.memory.retiring.includes(generation)) return unchanged(machine);
  return [without(machine, generation), [cancel(retireTimer(generation)), { type: 'release', generation, how }]];
}

/** One that retired has ended. */
function without({ state, memory }: Machine, generation: number): Machine {
  const left = memory.retiring.filter((one) => one !== generation);
  const retiring = left.length === 0 ? none : left;
  return { state: state.status === 'ready' ? { ...state, retiring } : state, memory: { ...memory, retiring } };
}

function retireTimer(generation: number): RetireTimer {
  return `retire ${generation}`;
}

function isOpening(state: SessionState, generation: number): boolean {
  return state.status === 'connecting' && state.generation === generation;
}

function cancel(timer: TimerName): Effect {
  return { type: 'cancel-timer', timer };
}

function unchanged(machine: Machine): Step {
  return [machine, []];
}
