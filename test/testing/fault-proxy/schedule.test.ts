// Seeded schedules of faults: the same for the same seed, never overlapping, over in time, and played as they were drawn.
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { faultKinds, faultSchedule, type ScheduledFault } from '../../../src/testing/fault-proxy/fault-schedule.js';
import { type FaultCommands, RunningSchedule } from '../../../src/testing/fault-proxy/running-schedule.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

/** Commands that write down when they were given. */
function recorder(clock: VirtualClock) {
  const journal: string[] = [];
  const record =
    (name: string) =>
    (...args: readonly unknown[]) => {
      journal.push([clock.now(), name, ...args].join(' '));
    };
  const commands: FaultCommands = {
    cut: record('cut'),
    reset: record('reset'),
    halfOpen: record('halfOpen'),
    stall: record('stall'),
    resume: record('resume'),
    delay: record('delay'),
    split: record('split'),
    refuse: record('refuse'),
    accept: record('accept'),
  };
  return { journal, commands };
}

describe('a schedule of faults', () => {
  test('is the same for the same seed and another for another seed', () => {
    expect(faultSchedule(11)).toEqual(faultSchedule(11));
    expect(faultSchedule(11)).not.toEqual(faultSchedule(12));
  });

  test('draws every kind, never two at once, and is over within its duration', () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      let busyUntil = 0;
      for (const { at, fault } of faultSchedule(seed, { durationMs: 20_000 })) {
        drawn.add(fault.kind);
        expect(at).toBeGreaterThan(busyUntil);
        busyUntil = at + ('forMs' in fault ? fault.forMs : 0);
        expect(busyUntil).toBeLessThanOrEqual(20_000);
      }
    }
    expect([...drawn].sort()).toEqual([...faultKinds].sort());
  });

  test('draws only from the kinds it is given', () => {
    const kinds = new Set(faultSchedule(3, { kinds: ['cut', 'refuse'] }).map(({ fault }) => fault.kind));
    expect([...kinds].sort()).toEqual(['cut', 'refuse']);
  });

  test('refuses unknown kinds, an empty list and unknown options', () => {
    expect(() => faultSchedule(1, { kinds: [] })).toThrow(OptionError);
    expect(() => faultSchedule(1, { kinds: ['earthquake' as 'cut'] })).toThrow('Known: cut');
    expect(() => faultSchedule(1, { duration: 1 } as object)).toThrow('Unknown option');
    expect(() => faultSchedule(1, { pauseMs: 0 })).toThrow(OptionError);
  });

  test('is played in the time of the clock, and what lasts is taken back', async () => {
    const clock = new VirtualClock();
    const { journal, commands } = recorder(clock);
    const faults: ScheduledFault[] = [
      { at: 100, fault: { kind: 'cut' } },
      { at: 200, fault: { kind: 'stall', direction: 'up', forMs: 50 } },
      { at: 300, fault: { kind: 'delay', direction: 'down', delayMs: 7, forMs: 10 } },
      { at: 400, fault: { kind: 'split', bytes: 5, forMs: 10 } },
      { at: 500, fault: { kind: 'refuse', forMs: 10 } },
      { at: 600, fault: { kind: 'half-open' } },
      { at: 700, fault: { kind: 'reset' } },
    ];
    const running = new RunningSchedule(faults, commands, clock);
    await clock.advance(450);
    expect(running.played).toBe(4);
    await clock.advance(550);
    await running.done;
    expect(journal).toEqual([
      '100 cut',
      '200 stall up',
      '250 resume up',
      '300 delay 7 down',
      '310 delay 0 down',
      '400 split 5',
      '410 split ',
      '500 refuse',
      '510 accept',
      '600 halfOpen',
      '700 reset',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('stop takes back the fault under way and plays no more', async () => {
    const clock = new VirtualClock();
    const { journal, commands } = recorder(clock);
    const running = new RunningSchedule([{ at: 10, fault: { kind: 'refuse', forMs: 100 } }], commands, clock);
    await clock.advance(50);
    running.stop();
    running.stop();
    await running.done;
    await clock.advance(1_000);
    expect(journal).toEqual(['10 refuse', '50 accept']);
    expect(clock.pending).toBe(0);
  });
});
