// What a schedule may be replaced by when a shorter one is wanted: fewer steps, earlier and shorter ones with less to them, a
// plainer world. Every proposal is strictly simpler, so that taking one after the other comes to an end.

import { plainScenario } from './scenario.js';
import type { Schedule } from './schedule.js';
import type { Step } from './steps.js';

/** Without a stretch of its steps. */
export function withoutSteps(schedule: Schedule, from: number, count: number): Schedule {
  return { ...schedule, steps: schedule.steps.filter((_, index) => index < from || index >= from + count) };
}

/** With less to one of its steps. */
export function* simplerSteps(schedule: Schedule, index: number): Iterable<Schedule> {
  const step = schedule.steps[index];
  if (step === undefined) return;
  for (const simpler of simplerStep(step)) yield { ...schedule, steps: schedule.steps.with(index, simpler) };
}

/** With one of its steps, and all that follow it, sooner after the one before. */
export function* sooner(schedule: Schedule, index: number): Iterable<Schedule> {
  const { steps, endsAt } = schedule;
  const at = steps[index]?.at ?? endsAt;
  const gapMs = at - (steps[index - 1]?.at ?? 0);
  for (const ms of [gapMs, ...[2, 4].map((part) => Math.floor(gapMs / part)), at % 1_000, at % 100, at % 10]) {
    if (ms <= 0 || ms > gapMs) continue;
    const moved = steps.map((step, place): Step => (place < index ? step : { ...step, at: step.at - ms }));
    yield { ...schedule, steps: moved, endsAt: endsAt - ms };
  }
}

/** In a world with one thing less that is special. */
export function* plainerWorlds(schedule: Schedule): Iterable<Schedule> {
  const { scenario, calm } = schedule;
  if (!calm) yield { ...schedule, calm: true };
  const { session, ...world } = scenario;
  const { session: plainSession, ...plainWorld } = plainScenario;
  for (const plainer of plainerValues(world, plainWorld)) yield { ...schedule, scenario: { ...plainer, session } };
  for (const plainer of plainerValues(session, plainSession)) {
    yield { ...schedule, scenario: { ...world, session: plainer } };
  }
}

function* plainerValues<T extends object>(values: T, plain: T): Iterable<T> {
  for (const [name, value] of Object.entries(plain)) {
    const present: unknown = values[name as keyof T];
    if (JSON.stringify(present) !== JSON.stringify(value)) yield { ...values, [name]: value };
  }
}

/** What a step may be without. */
const optional: readonly string[] = [
  'abortAfterMs',
  'attempts',
  'closesAfterMs',
  'cuts',
  'deadlineMs',
  'intoAttemptMs',
  'leavesAfter',
  'ownKey',
  'pauseAfter',
  'pauseMs',
  'poisonous',
  'quickly',
  'retriesErrors',
  'retryAfterS',
  'takesMs',
  'twice',
  'unreachableForMs',
  'whenFull',
  'wholeResult',
];
/** Numbers that say what kind of step it is, or when. */
const fixed: readonly string[] = ['at', 'code', 'status'];
const plainChoices: Readonly<Record<string, string>> = { answer: 'data', reads: 'events', target: 'newest' };

function* simplerStep(step: Step): Iterable<Step> {
  for (const [name, value] of Object.entries(step)) {
    if (optional.includes(name)) yield without(step, name);
    if (typeof value === 'number' && !fixed.includes(name)) {
      for (const number of smaller(value)) yield { ...step, [name]: number };
    }
    const choice = plainChoices[name];
    if (choice !== undefined && choice !== value) yield { ...step, [name]: choice };
  }
}

/** Round numbers first. */
function smaller(value: number): number[] {
  const rounded = [1_000, 100, 10].map((unit) => value - (value % unit));
  return [0, 1, 10, 100, 1_000, ...rounded].filter((number) => number < value);
}

function without(step: Step, name: string): Step {
  return Object.fromEntries(Object.entries(step).filter(([other]) => other !== name)) as unknown as Step;
}
