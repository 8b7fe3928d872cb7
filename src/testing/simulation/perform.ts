// Sets a schedule going: each step at its time, on the world and with the callers of this run.

import type { Callers } from './callers.js';
import { causeFault } from './faults.js';
import { type CloseStep, isFault, type ProgramStep, type Step } from './steps.js';
import type { World } from './world.js';

export function setGoing(world: World, callers: Callers, steps: readonly Step[]): void {
  for (const step of steps) {
    world.clock.setTimer(step.at, () => {
      if (isFault(step)) causeFault(world, step);
      else perform(world, callers, step);
    });
  }
}

function perform(world: World, callers: Callers, step: ProgramStep): void {
  switch (step.do) {
    case 'call':
      void callers.call(step);
      return;
    case 'subscribe':
      void callers.subscribe(step);
      return;
    case 'ping':
      void callers.ping(step);
      return;
    case 'ready':
      void callers.ready(step);
      return;
    case 'reconnect':
      world.session.reconnect();
      return;
    case 'close session':
      scheduleClosing(world, step);
      return;
  }
}

function scheduleClosing(world: World, { graceMs, intoAttemptMs, twice }: CloseStep): void {
  const { clock, session } = world;
  const close = (): void => {
    void closeSession(world, graceMs);
    if (twice) clock.setTimer(300, () => void closeSession(world, 0));
  };
  if (intoAttemptMs === undefined) {
    close();
    return;
  }
  const off = session.on('state', ({ status }) => {
    if (status !== 'connecting') return;
    off();
    clock.setTimer(intoAttemptMs, close);
  });
}

/** Closes it as the program does, and checks that it takes no longer than it may. */
export async function closeSession(world: World, graceMs: number): Promise<void> {
  const { report, session, clock, sessionClock, scenario } = world;
  report.note(() => `program closes the session, grace ${graceMs} ms`);
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
