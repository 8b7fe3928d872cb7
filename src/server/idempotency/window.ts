// How long idempotency keys are kept, for every store: a little longer than clients are told, because what was sent within the
// window may arrive after it.

import { checkNumberOption } from '../../protocol/options.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Longer than anything is on its way, ms. */
const travelMs = 60_000;

export interface Window {
  /** What clients are told, ms. */
  readonly windowMs: number;
  /** How long a key is kept, ms. */
  readonly keptMs: number;
}

/** From 1 ms to a year. @throws OptionError */
export function resolveWindow(windowMs: number | undefined): Window {
  checkNumberOption('windowMs', windowMs, 1, 366 * dayMs);
  const whole = Math.ceil(windowMs ?? dayMs);
  return { windowMs: whole, keptMs: whole + travelMs };
}
