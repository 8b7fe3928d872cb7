// What happens when: faults, calls, subscriptions and everything else that the program does while the world is unwell. Most
// of it happens near a fault, where the rules are put to the test.

import type { Callers } from './callers.js';
import type { Dice } from './dice.js';
import { causeFault } from './faults.js';
import type { World } from './world.js';

/** Sets everything going; answers with how long it takes, ms. */
export function scheduleChaos(world: World, callers: Callers): number {
  const { clock, dice, session } = world;
  const chaosMs = dice.between(20_000, 60_000);
  const faultTimes = drawFaultTimes(dice, chaosMs);
  const ambushes = dice.chance(0.7);
  for (const at of faultTimes) {
    clock.setTimer(at, () => {
      if (!causeFault(world) || !ambushes) return;
      // Harmful calls while the innocent are being tried.
      for (let times = dice.between(2, 4); times > 0; times--) {
        clock.setTimer(dice.between(50, 1_200), () => callers.call({ poisonous: true }));
      }
    });
  }
  const drawTime = (): number => {
    const near = dice.chance(0.6) ? faultTimes[dice.between(0, faultTimes.length - 1)] : undefined;
    const at = near === undefined ? dice.between(0, chaosMs) : near + dice.between(-200, 400);
    return Math.min(Math.max(at, 0), chaosMs);
  };
  const repeat = (low: number, high: number, act: () => unknown): void => {
    for (let left = dice.between(low, high); left > 0; left--) clock.setTimer(drawTime(), act);
  };
  repeat(25, 50, () => callers.call({ poisonous: false }));
  repeat(3, 6, () => callers.subscribe({ poisonous: false }));
  if (dice.chance(0.3)) repeat(1, 2, () => callers.call({ poisonous: true }));
  if (dice.chance(0.2)) repeat(1, 2, () => callers.subscribe({ poisonous: true }));
  repeat(0, 4, () => callers.ping());
  repeat(0, 2, () => callers.ready());
  repeat(0, 3, () => session.reconnect());
  if (dice.chance(0.4)) scheduleClosing(world, Math.max(drawTime(), chaosMs / 3));
  return chaosMs + 1_000;
}

/** The program closes the session in the midst of it all: at that time, or in the midst of the next attempt to connect. */
function scheduleClosing(world: World, at: number): void {
  const { clock, dice, session } = world;
  const close = (): void => {
    void closeSession(world, dice.between(0, 4_000));
    // Closing again changes nothing.
    if (dice.chance(0.5)) clock.setTimer(300, () => void closeSession(world, 0));
  };
  if (dice.chance(0.7)) {
    clock.setTimer(at, close);
    return;
  }
  const startedAt = clock.now();
  const off = session.on('state', ({ status }) => {
    if (status !== 'connecting' || clock.now() < startedAt + at) return;
    off();
    clock.setTimer(dice.between(0, 60), close);
  });
}

/** Closes it as the program does, and checks that it takes no longer than it may. */
export async function closeSession(world: World, graceMs: number): Promise<void> {
  const { report, session, clock, sessionClock, scenario } = world;
  report.note(`program closes the session, grace ${graceMs} ms`);
  world.closing ??= { at: clock.now(), graceMs };
  const dueAt = Math.max(clock.now(), world.closing.at + world.closing.graceMs + scenario.session.closeTimeoutMs);
  await session.close({ graceMs });
  const lateMs = clock.now() - dueAt;
  report.check(lateMs <= 1, () => `Closing took ${lateMs} ms too long.`);
  report.check(session.state.status === 'closed', () => `The session is ${session.state.status} after close().`);
  report.check(session.operations === 0, () => `${session.operations} operations are left after close().`);
  // A connection that broke the protocol just before may still have its close frame on the way.
  clock.setTimer(scenario.session.closeTimeoutMs + 1, () => {
    report.check(sessionClock.pending === 0, () => `${sessionClock.pending} timers are left after close().`);
  });
}

/** Some faults come alone, some on the heels of another. */
function drawFaultTimes(dice: Dice, chaosMs: number): number[] {
  const times: number[] = [];
  for (let left = dice.between(7, 20); left > 0; left--) {
    const last = times.at(-1);
    times.push(last !== undefined && dice.chance(0.3) ? last + dice.between(0, 500) : dice.between(0, chaosMs));
  }
  return times;
}
