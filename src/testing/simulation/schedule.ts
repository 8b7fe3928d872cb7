// A schedule: everything that one run consists of, as data that can be printed, written to a file, replayed and reduced. A
// seed is a short name for the schedule that is drawn from it.

import { plainScenario, type Scenario } from './scenario.js';
import { isFault, type Step } from './steps.js';

export interface Schedule {
  /** Whatever the network throws comes from here. */
  readonly seed: number;
  /** The network throws nothing: every latency and every wait is the mean. */
  readonly calm?: boolean;
  readonly scenario: Scenario;
  /** When the faults are over, ms: from then on everything is well. */
  readonly endsAt: number;
  readonly steps: readonly Step[];
}

/** What a file holds, if it is a schedule. */
export function readSchedule(text: string): Schedule {
  const schedule = JSON.parse(text) as Partial<Schedule> | null;
  const { seed, scenario, endsAt, steps } = schedule ?? {};
  if (Number.isSafeInteger(seed) && scenario?.session && Number.isFinite(endsAt) && Array.isArray(steps)) {
    return schedule as Schedule;
  }
  throw new Error('The file holds no schedule: a schedule has a seed, a scenario, endsAt and steps.');
}

/** One line for what is special about the world, and one for each step. */
export function describeSchedule({ calm, scenario, endsAt, steps }: Schedule): string[] {
  const { session, ...world } = scenario;
  const { session: plainSession, ...plainWorld } = plainScenario;
  const special = [...(calm ? ['calm'] : []), ...different(world, plainWorld), ...different(session, plainSession)];
  return [
    ...(special.length === 0 ? [] : [`where ${special.join(', ')}`]),
    ...steps.map(describeStep),
    `${timeOf(endsAt)}  all is well again`,
  ];
}

function describeStep(step: Step): string {
  const { at, do: what, ...details } = step;
  const kind = isFault(step) ? 'fault' : 'program';
  return `${timeOf(at)}  ${kind}: ${[what, ...different(details, {})].join(', ')}`;
}

/** `name value` for what is not as it is plainly. */
function different(values: object, plain: object): string[] {
  const plainTexts = new Map(Object.entries(plain).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.entries(values)
    .map(([name, value]) => [name, value, JSON.stringify(value)] as const)
    .filter(([name, , text]) => text !== plainTexts.get(name))
    .map(([name, value, text]) => (value === true ? name : `${name} ${typeof value === 'string' ? value : text}`));
}

function timeOf(ms: number): string {
  return `${String(ms).padStart(7)} ms`;
}
