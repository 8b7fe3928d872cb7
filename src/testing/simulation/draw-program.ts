// Draws what the program does: callers with queries and mutations, some impatient, some with keys or rules of their own, and
// consumers of subscriptions, some slow.

import type { WhenFull } from '../../session/buffer-options.js';
import type { Dice } from './dice.js';
import type { Answer } from './questions.js';
import type { CallStep, CloseStep, Step, SubscribeStep } from './steps.js';

interface Harm {
  /** The server closes the connection at the sight of it. */
  readonly poisonous: boolean;
}

export function drawCall(at: number, dice: Dice, { poisonous }: Harm): CallStep {
  const kind = dice.chance(poisonous ? 0.8 : 0.55) ? 'query' : 'mutation';
  const answer = poisonous ? 'data' : drawAnswer(dice);
  return {
    at,
    do: 'call',
    kind,
    ...(poisonous ? { poisonous } : undefined),
    answer,
    ms: answer === 'far-too-large' ? 0 : drawDuration(dice),
    ...(dice.chance(poisonous ? 0.5 : 0.2) ? { deadlineMs: dice.between(100, 2_000) } : undefined),
    ...drawAbort(dice),
    ...drawRule(dice, kind),
    ...(dice.chance(0.2) ? { ownKey: true } : undefined),
    ...(dice.chance(0.5) ? { wholeResult: true } : undefined),
  };
}

export function drawSubscribe(at: number, dice: Dice, { poisonous }: Harm): SubscribeStep {
  const answer = dice.chance(0.6) ? 'data' : dice.pick<Answer>(['nothing', 'error', 'too-large']);
  return {
    at,
    do: 'subscribe',
    ...(poisonous ? { poisonous } : undefined),
    answer,
    events: dice.between(3, 30),
    ...(dice.chance(0.5) ? { retriesErrors: true } : undefined),
    ...drawAbort(dice),
    ...(dice.chance(0.3) ? { whenFull: dice.pick<WhenFull>(['park', 'drop-oldest', 'latest', 'fail']) } : undefined),
    // One that fails at a gap leaves at the very moment when it is tried.
    reads: dice.chance(poisonous ? 0.3 : 0.6) ? 'events' : dice.chance(poisonous ? 0.2 : 0.8) ? 'data' : 'data-or-fail',
    paceMs: dice.chance(0.5) ? 0 : dice.between(100, 2_500),
    ...(dice.chance(0.4) ? { pauseAfter: dice.between(1, 10), pauseMs: dice.between(1_000, 12_000) } : undefined),
    ...(dice.chance(0.25) ? { leavesAfter: dice.between(1, 25) } : undefined),
  };
}

export function drawPing(at: number, dice: Dice): Step {
  return { at, do: 'ping', deadlineMs: dice.between(30, 1_000), number: dice.between(1, 1_000_000) };
}

export function drawReady(at: number, dice: Dice): Step {
  return { at, do: 'ready', deadlineMs: dice.between(50, 5_000), ...drawAbort(dice) };
}

/** The program closes the session in the midst of it all: at that time, or in the midst of the next attempt to connect. */
export function drawClosing(at: number, dice: Dice): CloseStep {
  return {
    at,
    do: 'close session',
    graceMs: dice.between(0, 4_000),
    ...(dice.chance(0.3) ? { intoAttemptMs: dice.between(0, 60) } : undefined),
    ...(dice.chance(0.5) ? { twice: true } : undefined),
  };
}

function drawAnswer(dice: Dice): Answer {
  if (dice.chance(0.86)) return 'data';
  return dice.pick<Answer>(['errors', 'error', 'nothing', 'too-large', 'too-large', 'far-too-large']);
}

function drawDuration(dice: Dice): number {
  if (dice.chance(0.7)) return dice.between(0, 120);
  return dice.chance(0.8) ? dice.between(120, 1_500) : dice.between(2_000, 6_000);
}

function drawAbort(dice: Dice): { readonly abortAfterMs?: number } | undefined {
  if (dice.chance(0.88)) return undefined;
  return { abortAfterMs: dice.chance(0.1) ? 0 : dice.between(1, 4_000) };
}

function drawRule(dice: Dice, kind: 'query' | 'mutation'): Partial<CallStep> | undefined {
  if (dice.chance(0.75)) return undefined;
  const attempts = dice.between(1, 3);
  return {
    attempts,
    ...(dice.chance(0.5) ? { quickly: true } : undefined),
    // An answer with errors is final for a mutation: what ran must not run again.
    ...(kind === 'query' && dice.chance(0.5) ? { retriesErrors: true } : undefined),
  };
}
