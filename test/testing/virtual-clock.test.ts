// The virtual clock: time moves only when told, in a fixed order, and promise chains settle on the way.
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('the virtual clock', () => {
  test('stands still until it is advanced', async () => {
    const clock = new VirtualClock(5_000);
    let ran = false;
    clock.setTimer(10, () => {
      ran = true;
    });
    expect(clock.now()).toBe(5_000);
    await clock.advance(9);
    expect([clock.now(), ran, clock.pending]).toEqual([5_009, false, 1]);
    await clock.advance(1);
    expect([clock.now(), ran, clock.pending]).toEqual([5_010, true, 0]);
  });

  test('runs timers by due time, and timers of one instant in the order of setting', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    clock.setTimer(20, () => order.push(`late at ${clock.now()}`));
    clock.setTimer(10, () => order.push(`first at ${clock.now()}`));
    clock.setTimer(10, () => order.push(`second at ${clock.now()}`));
    clock.setTimer(-5, () => order.push(`overdue at ${clock.now()}`));
    await clock.advance(100);
    expect(order).toEqual(['overdue at 0', 'first at 10', 'second at 10', 'late at 20']);
    expect(clock.now()).toBe(100);
  });

  test('runs timers that are set on the way, by callbacks and by promise chains', async () => {
    const clock = new VirtualClock();
    const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
    const seen: number[] = [];
    const chain = (async () => {
      for (let round = 0; round < 5; round++) {
        await wait(10);
        await Promise.resolve();
        seen.push(clock.now());
      }
    })();
    await clock.advance(45);
    expect(seen).toEqual([10, 20, 30, 40]);
    await clock.advance(5);
    await chain;
    expect(seen).toEqual([10, 20, 30, 40, 50]);
  });

  test('a cancelled timer never runs, also when it is cancelled by another at the same instant', async () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    clock.setTimer(10, () => {
      ran.push('canceller');
      cancel();
    });
    const cancel = clock.setTimer(10, () => ran.push('cancelled'));
    await clock.advance(10);
    cancel();
    expect(ran).toEqual(['canceller']);
    expect(clock.pending).toBe(0);
  });

  test('jumps to the next timer, and says when there is none', async () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    clock.setTimer(60_000, () => ran.push(clock.now()));
    clock.setTimer(60_000, () => ran.push(clock.now()));
    clock.setTimer(90_000, () => ran.push(clock.now()));
    clock.setTimer(Number.POSITIVE_INFINITY, () => ran.push(-1));
    expect(clock.nextAt).toBe(60_000);
    expect(await clock.advanceToNext()).toBe(true);
    expect(ran).toEqual([60_000, 60_000]);
    expect(await clock.advanceToNext()).toBe(true);
    expect(await clock.advanceToNext()).toBe(false);
    expect(ran).toEqual([60_000, 60_000, 90_000]);
    expect(clock.now()).toBe(90_000);
  });

  test('rejects with what a callback throws, and goes on afterwards', async () => {
    const clock = new VirtualClock();
    let ran = false;
    clock.setTimer(1, () => {
      throw new Error('from the callback');
    });
    clock.setTimer(2, () => {
      ran = true;
    });
    await expect(clock.advance(5)).rejects.toThrow('from the callback');
    await clock.advance(5);
    expect(ran).toBe(true);
  });

  test('refuses a delay that is not a number, and a timer that sets itself again without end', async () => {
    const clock = new VirtualClock();
    expect(() => clock.setTimer(Number.NaN, () => {})).toThrow(OptionError);
    const again = () => {
      clock.setTimer(0, again);
    };
    again();
    await expect(clock.advance(1)).rejects.toThrow('a timer sets itself again');
  });
});
