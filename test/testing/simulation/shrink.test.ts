// A failure is told with a shortest schedule that fails in the same way: nothing can be taken out of it, and the command that
// is printed with it shows the same failure again.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawSchedule } from '../../../src/testing/simulation/draw-schedule.js';
import { kindOf } from '../../../src/testing/simulation/report.js';
import { plainScenario } from '../../../src/testing/simulation/scenario.js';
import { describeSchedule, type Schedule } from '../../../src/testing/simulation/schedule.js';
import { shrink } from '../../../src/testing/simulation/shrink.js';
import { withoutSteps } from '../../../src/testing/simulation/simpler.js';
import { type Found, Mutants } from './mutants.js';
import { mutations } from './mutations.js';

const limits = { maxRuns: 3_000, maxMs: 60_000 };

/** As if any cut after a call without a deadline broke something. */
async function breaks({ steps }: Schedule): Promise<boolean> {
  const called = steps.findIndex((step) => step.do === 'call' && step.deadlineMs === undefined);
  return called >= 0 && steps.slice(called).some((step) => step.do === 'cut');
}

async function seedThatBreaks(): Promise<Schedule> {
  for (let seed = 1; ; seed++) {
    const schedule = drawSchedule(seed);
    if (await breaks(schedule)) return schedule;
  }
}

test('what has nothing to do with the failure is taken away, down to times and options', async () => {
  const schedule = await seedThatBreaks();
  const shrunk = await shrink(schedule, breaks, limits);
  expect(shrunk.complete).toBe(true);
  expect(shrunk.schedule).toEqual({
    seed: schedule.seed,
    calm: true,
    scenario: plainScenario,
    endsAt: 0,
    steps: [
      { at: 0, do: 'call', kind: expect.any(String), answer: 'data', ms: 0 },
      { at: 0, do: 'cut' },
    ],
  });
  expect(describeSchedule(shrunk.schedule)).toEqual([
    'where calm',
    expect.stringMatching(/^ +0 ms {2}program: call, kind \w+, answer data, ms 0$/),
    '      0 ms  fault: cut',
    '      0 ms  all is well again',
  ]);
});

test('the same schedule is shrunk to the same one, and within its limit', async () => {
  const schedule = await seedThatBreaks();
  const [first, second] = [await shrink(schedule, breaks, limits), await shrink(schedule, breaks, limits)];
  expect(second).toEqual(first);
  let runs = 0;
  const counted = (candidate: Schedule): Promise<boolean> => {
    runs += 1;
    return breaks(candidate);
  };
  const stopped = await shrink(schedule, counted, { ...limits, maxRuns: 10 });
  expect(stopped).toMatchObject({ complete: false, runs: 10 });
  expect(runs).toBe(10);
  expect(await breaks(stopped.schedule)).toBe(true);
  expect(await shrink(schedule, breaks, { ...limits, maxRuns: 0 })).toMatchObject({ schedule, runs: 0 });
});

test('failures of the same check are of one kind, whatever their numbers', () => {
  expect(kindOf('t12 was sent 3 times; its rule allows 2.')).toBe(kindOf('t5 was sent 2 times; its rule allows 1.'));
  expect(kindOf('t12 ended twice.')).not.toBe(kindOf('t12 was given no grace.'));
  expect(kindOf('Something threw: x\n  at 1')).toBe(kindOf('Something threw: x\n  at 2'));
});

describe('with a mistake in the session', () => {
  const names = ['attempts are not counted', 'closing gives no grace', 'a gap begins after the connection was lost'];
  const chosen = mutations.filter(({ name }) => names.includes(name));
  let mutants: Mutants;

  beforeAll(async () => {
    expect(chosen).toHaveLength(names.length);
    mutants = await Mutants.build(chosen);
  }, 300_000);

  afterAll(() => mutants?.remove());

  test.each(chosen.map(({ name }, index) => ({ name, index })))(
    'the schedule that shows "$name" is minimal, small, and fails again when it is replayed',
    async ({ index }) => {
      const { violation, schedule, file } = (await mutants.simulate(index, 500, limits.maxRuns)) as Found;
      expect(schedule.steps.length).toBeLessThanOrEqual(3);
      const again = await mutants.replay(index, file);
      expect(kindOf(again ?? 'nothing')).toBe(kindOf(violation));
      for (const [step] of schedule.steps.entries()) {
        expect(await mutants.replaySchedule(index, withoutSteps(schedule, step, 1))).toBeUndefined();
      }
    },
    300_000,
  );
});
