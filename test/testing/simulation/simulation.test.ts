// What the simulation itself promises: a seed can be replayed, a schedule is data, and its command and clock do as they say.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { declaredCounters } from '../../../src/testing/simulation/counters.js';
import { diceOf, momentaryDice } from '../../../src/testing/simulation/dice.js';
import { drawSchedule } from '../../../src/testing/simulation/draw-schedule.js';
import type { Report } from '../../../src/testing/simulation/report.js';
import { runBatch } from '../../../src/testing/simulation/run-batch.js';
import { runSchedule } from '../../../src/testing/simulation/run-schedule.js';
import { readSchedule } from '../../../src/testing/simulation/schedule.js';
import { SimulationClock } from '../../../src/testing/simulation/simulation-clock.js';

const main = join(import.meta.dirname, '../../../dist/testing/simulation/main.js');

/** The command, with what it prints and how it exits. */
async function simulate(
  ...args: string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...args])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test('the same seed gives the same run, to the last line of its trace', async () => {
  const run = (seed: number): Promise<Report> => runSchedule(drawSchedule(seed), { traces: true });
  for (const seed of [3, 77, 1_234]) {
    const [first, second] = [await run(seed), await run(seed)];
    expect(first.trace.length).toBeGreaterThan(50);
    expect(second.trace).toEqual(first.trace);
    expect(second.counters).toEqual(first.counters);
  }
  expect((await run(4)).trace).not.toEqual((await run(3)).trace);
});

test('a schedule that was written to a file is the same schedule', async () => {
  const drawn = drawSchedule(8);
  const read = readSchedule(JSON.stringify(drawn));
  const [first, second] = [await runSchedule(drawn, { traces: true }), await runSchedule(read, { traces: true })];
  expect(second.trace).toEqual(first.trace);
  for (const text of ['null', '{}', '{"seed":1,"scenario":{},"endsAt":1,"steps":[]}', '{"seed":1,"steps":[]}']) {
    expect(() => readSchedule(text), text).toThrow('holds no schedule');
  }
});

test('a step that is taken out does not change what the network throws for the others', async () => {
  const schedule = drawSchedule(21);
  const last = schedule.steps.length - 1;
  const shorter = { ...schedule, steps: schedule.steps.slice(0, last) };
  const whole = await runSchedule(schedule, { traces: true });
  const part = await runSchedule(shorter, { traces: true });
  const before = (line: string): boolean => Number.parseInt(line, 10) < (schedule.steps[last]?.at ?? 0);
  expect(part.trace.filter(before)).toEqual(whole.trace.filter(before));
  const clock = new SimulationClock();
  const [often, once] = [momentaryDice(1, clock), momentaryDice(1, clock)];
  for (let throws = 0; throws < 5; throws++) often.random();
  await clock.runUntil(clock.now() + 10, () => false);
  expect(once.random()).toBe(often.random());
});

test('a batch that is large enough reports the counters that stayed low', async () => {
  const { counters } = await runBatch(1, 1);
  expect([...counters.keys()]).toEqual(expect.arrayContaining([...declaredCounters]));
  expect((await runBatch(1, 1)).belowFloor).toEqual([]);
});

test('the command prints its counters, as text or as JSON, and takes a seed to look at', async () => {
  const text = await simulate('--seeds', '3');
  expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('3 seeds, nothing found') });
  const { code, stdout } = await simulate('--seed', '5', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ seeds: 1, belowFloor: [], counters: { 'state:idle->connecting': 1 } });
  expect(await simulate('--seeds', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
  expect(await simulate('--replay', 'no such file')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ENOENT'),
  });
  expect(await simulate('--sead', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
});

test('the clock of the simulation runs timers by their time, then in the order of setting, with promises in between', async () => {
  const clock = new SimulationClock();
  const start = clock.now();
  const happened: string[] = [];
  const random = diceOf(1, 'times');
  const times = Array.from({ length: 200 }, () => random.between(0, 50));
  for (const [index, ms] of times.entries()) clock.setTimer(ms, () => happened.push(`${clock.now() - start}:${index}`));
  const cancel = clock.setTimer(10, () => happened.push('cancelled'));
  cancel();
  void clock
    .sleep(20)
    .then(() => clock.sleep(10))
    .then(() => happened.push(`slept until ${clock.now() - start}`));
  await clock.runUntil(start + 100, () => false);
  const expected = times.map((ms, index) => ({ ms, index })).sort((a, b) => a.ms - b.ms || a.index - b.index);
  expect(happened.filter((line) => !line.startsWith('slept'))).toEqual(
    expected.map(({ ms, index }) => `${ms}:${index}`),
  );
  expect(happened).toContain('slept until 30');
  expect(clock.now()).toBe(start + 100);
});
