// Draws the schedule of a seed. Most of what the program does happens near a fault, where the rules are put to the test.

import { type Dice, diceOf } from './dice.js';
import { drawFaults, looksHarmful } from './draw-fault.js';
import { drawCall, drawClosing, drawPing, drawReady, drawSubscribe } from './draw-program.js';
import { drawScenario } from './scenario.js';
import type { Schedule } from './schedule.js';
import type { FaultStep, Step } from './steps.js';

export function drawSchedule(seed: number): Schedule {
  const dice = diceOf(seed, 'schedule');
  const endsAt = dice.between(20_000, 60_000);
  const faults = drawRowsOfFaults(dice, endsAt);
  const steps: Step[] = [...faults];
  if (dice.chance(0.7)) for (const fault of faults) if (looksHarmful(fault)) steps.push(...drawAmbush(fault.at, dice));
  const drawTime = (): number => {
    const near = dice.chance(0.6) ? faults[dice.between(0, faults.length - 1)] : undefined;
    const at = near === undefined ? dice.between(0, endsAt) : near.at + dice.between(-200, 400);
    return Math.min(Math.max(at, 0), endsAt);
  };
  const repeat = (low: number, high: number, draw: (at: number) => Step): void => {
    for (let left = dice.between(low, high); left > 0; left--) steps.push(draw(drawTime()));
  };
  repeat(25, 50, (at) => drawCall(at, dice, { poisonous: false }));
  repeat(3, 6, (at) => drawSubscribe(at, dice, { poisonous: false }));
  if (dice.chance(0.3)) repeat(1, 2, (at) => drawCall(at, dice, { poisonous: true }));
  if (dice.chance(0.2)) repeat(1, 2, (at) => drawSubscribe(at, dice, { poisonous: true }));
  repeat(0, 4, (at) => drawPing(at, dice));
  repeat(0, 2, (at) => drawReady(at, dice));
  repeat(0, 3, (at) => ({ at, do: 'reconnect' }));
  if (dice.chance(0.4)) steps.push(drawClosing(Math.max(drawTime(), Math.floor(endsAt / 3)), dice));
  // Sorting keeps the order of equal times.
  steps.sort((one, other) => one.at - other.at);
  return { seed, scenario: drawScenario(diceOf(seed, 'scenario')), endsAt, steps };
}

/** Some faults come alone, some on the heels of another. */
function drawRowsOfFaults(dice: Dice, endsAt: number): FaultStep[] {
  const faults: FaultStep[] = [];
  for (let left = dice.between(7, 20); left > 0; left--) {
    const last = faults.at(-1);
    const at = last !== undefined && dice.chance(0.3) ? last.at + dice.between(0, 500) : dice.between(0, endsAt);
    faults.push(...drawFaults(at, dice));
  }
  return faults;
}

/** Harmful calls while the innocent are being tried. */
function drawAmbush(at: number, dice: Dice): Step[] {
  return Array.from({ length: dice.between(2, 4) }, () =>
    drawCall(at + dice.between(50, 1_200), dice, { poisonous: true }),
  );
}
