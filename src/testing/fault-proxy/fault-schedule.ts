// A random schedule of faults as plain data, made from a seed: the same seed and options always give the same list.

import { OptionError } from '../../protocol/errors/option-error.js';
import { checkNumberOption, refuseUnknownOptions } from '../../protocol/options.js';
import { seededRandom } from '../seeded-random.js';
import type { Direction } from './link.js';

/** One command to a fault proxy. Those with `forMs` are taken back after that time. */
export type Fault =
  | { readonly kind: 'cut' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'half-open' }
  | { readonly kind: 'stall'; readonly direction: Direction; readonly forMs: number }
  | { readonly kind: 'delay'; readonly direction: Direction; readonly delayMs: number; readonly forMs: number }
  | { readonly kind: 'split'; readonly bytes: number; readonly forMs: number }
  | { readonly kind: 'refuse'; readonly forMs: number };

export type FaultKind = Fault['kind'];

export interface ScheduledFault {
  /** Ms from the start of the schedule. */
  readonly at: number;
  readonly fault: Fault;
}

export interface FaultScheduleOptions {
  /** How long the schedule is, ms. Every fault is over by then. Default 60,000. */
  readonly durationMs?: number | undefined;
  /** Healthy time between two faults, ms: each pause is drawn from half to one and a half of it. Default 2,000. */
  readonly pauseMs?: number | undefined;
  /** How long a fault that lasts does so, ms: drawn in the same way. Default 1,000. */
  readonly holdMs?: number | undefined;
  /** The kinds to draw from. Default: all. */
  readonly kinds?: readonly FaultKind[] | undefined;
}

export const faultKinds: readonly FaultKind[] = Object.freeze<FaultKind[]>([
  'cut',
  'reset',
  'half-open',
  'stall',
  'delay',
  'split',
  'refuse',
]);

/**
 * Draws a schedule. Faults follow one another and never overlap.
 *
 * @throws OptionError for an unknown option or a value out of range.
 */
export function faultSchedule(seed: number, options: FaultScheduleOptions = {}): readonly ScheduledFault[] {
  refuseUnknownOptions('faultSchedule', options, ['durationMs', 'pauseMs', 'holdMs', 'kinds']);
  checkNumberOption('durationMs', options.durationMs, 0, 86_400_000);
  checkNumberOption('pauseMs', options.pauseMs, 1, 86_400_000);
  checkNumberOption('holdMs', options.holdMs, 1, 86_400_000);
  const { durationMs = 60_000, pauseMs = 2_000, holdMs = 1_000, kinds = faultKinds } = options;
  for (const kind of kinds) {
    if (!faultKinds.includes(kind)) {
      throw new OptionError('kinds', `Unknown kind of fault "${kind}" in "kinds". Known: ${faultKinds.join(', ')}.`);
    }
  }
  if (kinds.length === 0) throw new OptionError('kinds', `"kinds" is empty. Known: ${faultKinds.join(', ')}.`);

  const random = seededRandom(seed);
  const around = (ms: number) => Math.max(1, Math.round(ms * (0.5 + random())));
  const schedule: ScheduledFault[] = [];
  let at = around(pauseMs);
  while (at < durationMs) {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'cut';
    const fault = draw(kind, Math.min(around(holdMs), durationMs - at), random);
    schedule.push({ at, fault });
    at += ('forMs' in fault ? fault.forMs : 0) + around(pauseMs);
  }
  return schedule;
}

function draw(kind: FaultKind, forMs: number, random: () => number): Fault {
  const direction: Direction = random() < 0.5 ? 'up' : 'down';
  switch (kind) {
    case 'cut':
    case 'reset':
    case 'half-open':
      return { kind };
    case 'stall':
      return { kind, direction, forMs };
    case 'delay':
      return { kind, direction, delayMs: Math.ceil(random() * 200), forMs };
    case 'split':
      return { kind, bytes: Math.ceil(random() * 16), forMs };
    case 'refuse':
      return { kind, forMs };
  }
}
