// Walks through the connection machine: every state that can be reached, with every event that there is, under every kind of
// policy. What comes of it is the machine's own table of transitions, which nobody had to write down.

import { type ConnectPolicy, connectPolicy } from '../../../src/session/connect-policy.js';
import { initialMachine, type Machine, step } from '../../../src/session/machine.js';
import type { Effect, MachineEvent, TimerName } from '../../../src/session/machine-events.js';
import { resolveRule } from '../../../src/session/retry.js';
import { closedWith, httpStatus, refusedByNetwork } from '../../session/support/failures.js';
import { grouped, rulesOf, type Sample } from './decision-table.js';

export interface Transition {
  readonly from: string;
  readonly event: string;
  readonly conditions: readonly string[];
  readonly to: string;
  readonly done: readonly string[];
}

interface Observation extends Sample {
  readonly from: string;
  readonly event: string;
}

const backoffMs = 100;
const capMs = 60_000;
const graceMs = 5_000;
const failures = [refusedByNetwork, closedWith(4401), closedWith(4406), { ...refusedByNetwork, code: 'bad-option' }];
/** The same with a pause that the server asked for, too short to make a wait longer. */
const pauses = [httpStatus(503, 1), httpStatus(401, 1), httpStatus(404, 1)];

function policyWith(reconnect: boolean, attempts: number, canRefresh: boolean): ConnectPolicy {
  const rule = resolveRule('retry.connect', { attempts }, attempts);
  const real = connectPolicy({ reconnect, connect: rule, execute: rule, subscribe: rule }, canRefresh, () => 1);
  return { ...real, delayMs: () => backoffMs, slowDelayMs: () => capMs };
}

const unbounded = Number.POSITIVE_INFINITY;
const everyPolicy: readonly ConnectPolicy[] = [true, false].flatMap((canRefresh) => [
  policyWith(true, unbounded, canRefresh),
  policyWith(true, 2, canRefresh),
  policyWith(false, 1, canRefresh),
]);

/** What a session with default rules does. */
export const defaultTransitions = (): readonly Transition[] =>
  transitions(everyPolicy.filter(({ attempts }) => attempts === unbounded));

/** What any session does. */
export const allTransitions = (): readonly Transition[] => transitions(everyPolicy);

function transitions(policies: readonly ConnectPolicy[]): readonly Transition[] {
  const seen = policies.flatMap(explore);
  const order = ['rule', 'verdict', 'credentials', 'contact', 'stability', 'retiring', 'pause'];
  return [...grouped(seen, ({ from, event }) => JSON.stringify([from, event])).values()].flatMap((group) => {
    const [{ from, event } = { from: '', event: '' }] = group;
    return rulesOf(group, order)
      .filter(({ answer }) => answer !== nothing)
      .map(({ conditions, answer }) => ({ from, event, conditions, ...(JSON.parse(answer) as Outcome) }));
  });
}

/** Every machine that is different in what decides, fed with every event. */
function explore(policy: ConnectPolicy): Observation[] {
  const machines = new Map([[keyOf(initialMachine), initialMachine]]);
  const seen: Observation[] = [];
  // What is added on the way is met later in the same loop.
  for (const machine of machines.values()) {
    for (const [name, event] of eventsFor(machine)) {
      const [next, effects] = step(machine, event, policy);
      seen.push({
        from: statusOf(machine),
        event: name,
        facts: factsOf(machine, event, policy),
        answer: answerOf(machine, next, effects.flatMap(wordsFor[event.type] ?? inWords)),
      });
      if (!machines.has(keyOf(next))) machines.set(keyOf(next), next);
    }
  }
  return seen;
}

/** Two machines with the same key do the same with every event, whatever the numbers in them. */
function keyOf(machine: Machine): string {
  const { state, memory } = machine;
  return JSON.stringify([
    statusOf(machine),
    state.status === 'waiting' && state.cause.retryAfterMs !== undefined,
    Math.min(memory.opens, 3),
    memory.failures > 0,
    memory.contacted,
    memory.refreshed,
    memory.refused !== undefined,
    memory.retiring.length,
  ]);
}

export function statusOf({ state }: Machine): string {
  return state.status === 'closing' ? state.stage : state.status;
}

/** Long after everything that was to be waited for. */
const later = 1e9;

function eventsFor({ state, memory }: Machine): readonly (readonly [name: string, event: MachineEvent])[] {
  const at = 0;
  const current = 'generation' in state ? state.generation : undefined;
  const named = new Map<number | undefined, string>([
    // Its last one, which is over where it is neither of the two, and one that never was.
    [memory.generation, ' (another generation)'],
    [memory.generation + 1, ' (another generation)'],
    ...memory.retiring.map((generation) => [generation, ' (retiring)'] as const),
    [current, ''],
  ]);
  const generations = [...named].flatMap(([generation, which]) =>
    generation === undefined ? [] : [{ generation, which }],
  );
  const causes = [...failures, ...pauses] as Extract<MachineEvent, { type: 'lost' }>['failure'][];
  const ofGenerations = generations.flatMap(({ generation, which }): (readonly [string, MachineEvent])[] => [
    [`opened${which}`, { type: 'opened', at, generation, liveness: 'ping' }],
    ...causes.map((failure) => [`open-failed${which}`, { type: 'open-failed', at, generation, failure }] as const),
    ...causes.map((failure) => [`lost${which}`, { type: 'lost', at, generation, failure }] as const),
    ...[true, false].map(
      (useful) => [`going-away${which}`, { type: 'going-away', at, generation, withinMs: undefined, useful }] as const,
    ),
    [`liveness${which}`, { type: 'liveness', at, generation, liveness: 'keep-alive' }],
    [`finished${which}`, { type: 'finished', at, generation }],
  ]);
  return [
    ['start', { type: 'start', at }],
    ...ofGenerations,
    ...timersOf(memory).map((timer) => [`timer: ${nameOf(timer)}`, { type: 'timer', at, timer }] as const),
    ['reconnect', { type: 'reconnect', at }],
    ['woken', { type: 'woken', at }],
    ['woken', { type: 'woken', at: later }],
    ['close', { type: 'close', at, graceMs }],
    ['drained', { type: 'drained', at }],
    ['disconnected', { type: 'disconnected', at }],
  ];
}

/** Those of retiring connections are alike. */
function timersOf({ retiring: [oldest] }: Machine['memory']): readonly TimerName[] {
  return ['backoff', 'stable', ...(oldest === undefined ? [] : [`retire ${oldest}` as const]), 'grace'];
}

/** Everything that the machine may decide by, in words. */
function factsOf({ state, memory }: Machine, event: MachineEvent, policy: ConnectPolicy): Sample['facts'] {
  const hasAttempts = memory.opens < policy.attempts;
  const pauses = state.status === 'waiting' && state.cause.retryAfterMs !== undefined && event.at < state.until;
  return {
    rule: policy.reconnect ? (hasAttempts ? 'an attempt is left' : 'no attempt is left') : '`retry.connect: false`',
    verdict: 'failure' in event ? `\`${policy.verdict(event.failure, memory.contacted, 1)}\`` : '',
    credentials:
      policy.canRefresh && !memory.refreshed ? 'newer credentials can be had' : 'no newer credentials can be had',
    contact: memory.contacted ? 'the session was ready once' : 'the session was never ready',
    stability: stabilityOf(memory.opens === 0, event),
    retiring: memory.retiring.length < 8 ? 'fewer than eight retire' : 'eight retire already',
    pause: pauses ? 'the server asked for a pause that is not over' : 'no pause of the server is left',
  };
}

function stabilityOf(stable: boolean, event: MachineEvent): string {
  if (event.type !== 'going-away') return stable ? 'it was stable' : 'it was not stable yet';
  return stable || event.useful ? 'it was stable or has answered' : 'it was not stable yet and has answered nothing';
}

interface Outcome {
  readonly to: string;
  readonly done: readonly string[];
}

const nothing = 'nothing';

function answerOf(before: Machine, after: Machine, effects: readonly string[]): string {
  const done = [...effects];
  const retired = after.memory.retiring.length < before.memory.retiring.length;
  if (retired && effects.length === 0) done.push('it retires no more');
  const forgets = after.memory.failures < before.memory.failures || after.memory.opens < before.memory.opens;
  if (forgets) done.push('the backoff starts anew');
  const shown = after.state !== before.state && after.state.status === before.state.status;
  if (shown && 'liveness' in after.state && after.state.liveness !== liveness(before))
    done.push('`state.liveness` changes');
  if (done.length === 0 && statusOf(after) === statusOf(before)) return nothing;
  return JSON.stringify({ to: statusOf(after), done } satisfies Outcome);
}

function liveness({ state }: Machine): string | undefined {
  return state.status === 'ready' ? state.liveness : undefined;
}

/** Without the generation that it is about. */
function nameOf(timer: TimerName): string {
  return timer.split(' ')[0] ?? timer;
}

/** That a timer is cancelled with what it was set for goes without saying. */
function inWords(effect: Effect): string | readonly [] {
  switch (effect.type) {
    case 'open':
      return 'opens the next connection';
    case 'abort-open':
      return 'gives up the attempt';
    case 'set-timer':
      return `sets timer ${nameOf(effect.timer)}${delays[effect.delayMs] ?? ` (${effect.delayMs / 1000} s)`}`;
    case 'cancel-timer':
      return [];
    case 'use':
      return 'sends what waits, moves subscriptions over';
    case 'release':
      return effect.how === 'close' ? 'closes the retiring connection' : 'terminates the retiring connection';
    case 'give-up':
      return 'fails what waits with a `ConnectError`';
    case 'shed':
      return 'refuses what was not sent, ends subscriptions';
    case 'disconnect':
      return 'fails calls in flight, closes connections';
  }
}

/** Its timer may have slept with the machine. */
function inWordsWhenWoken(effect: Effect): string | readonly [] {
  return effect.type === 'set-timer' ? `sets timer ${effect.timer} (what is left)` : inWords(effect);
}

function inWordsWhenLeaving(effect: Effect): string | readonly [] {
  return effect.type === 'release' ? 'terminates the oldest that retires' : inWords(effect);
}

const wordsFor: { readonly [T in MachineEvent['type']]?: typeof inWords } = {
  woken: inWordsWhenWoken,
  'going-away': inWordsWhenLeaving,
};

const delays: Readonly<Record<number, string>> = {
  [graceMs]: ' (`graceMs`)',
  [backoffMs]: ' (by the rule)',
  [capMs]: ' (at the cap)',
};
