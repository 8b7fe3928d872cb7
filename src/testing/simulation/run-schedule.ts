// One schedule, one run: a world is made, the steps happen, then everything heals, the session has to recover, and in the end
// it is closed and must leave nothing behind.

import { Callers } from './callers.js';
import { heal } from './faults.js';
import { makeWorld } from './make-world.js';
import { closeSession, setGoing } from './perform.js';
import type { Report } from './report.js';
import { canPing } from './scenario.js';
import type { Schedule } from './schedule.js';
import { watch } from './watch.js';
import type { World } from './world.js';

type Until = (ms: number) => Promise<void>;

export interface RunOptions {
  /** Keeps a line for each thing that happens. */
  readonly traces: boolean;
}

/** Longer than the session needs to notice every fault and to come back, ms. */
const recoveryMs = 30_000;
/** Longer than closing may take, and every consumer needs to see the end, ms. */
const closingMs = 20_000;

/** Answers with what it found; the trace is kept where it is asked for. */
export async function runSchedule(schedule: Schedule, { traces }: RunOptions): Promise<Report> {
  const world = makeWorld(schedule, traces);
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  // Every failure makes an error, and where it was made is of interest to whoever reads a trace alone.
  const { stackTraceLimit } = Error;
  if (!traces) Error.stackTraceLimit = 0;
  try {
    await run(world, schedule);
    await turn();
    if (unhandled.length > 0) world.report.fail(`A rejection was not handled: ${String(unhandled[0])}`);
  } catch (error) {
    world.report.fail(`Something threw: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    process.off('unhandledRejection', listener);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return world.report;
}

/** A turn of the event loop: here Node reports rejections that nobody handled. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function run(world: World, { steps, endsAt }: Schedule): Promise<void> {
  const { clock, report } = world;
  const callers = new Callers(world);
  const until: Until = (ms) =>
    clock.runUntil(clock.now() + ms, () => {
      watch(world, callers);
      return report.violation !== undefined;
    });
  setGoing(world, callers, steps);
  await until(endsAt + 1_000);
  for (const consumer of callers.consumers) consumer.hurry();
  if (report.violation === undefined && world.closing === undefined) await recover(world, callers, until);
  if (report.violation === undefined && world.closing === undefined) void closeSession(world, 2_000);
  await until(closingMs);
  if (report.violation === undefined) checkNothingLeft(world, callers);
}

/** After everything is well, the session has to find out and every subscription has to go on. */
async function recover(world: World, callers: Callers, until: Until): Promise<void> {
  const { report, network, scenario, server, session, clock } = world;
  heal(world);
  report.note(() => 'everything is well again');
  // Where nothing can be asked, only an end of the connection can tell.
  const { liveness } = scenario.session;
  const deaf = liveness === false || (!canPing(scenario) && liveness.probe === undefined);
  if (deaf) for (const wire of network.alive) if (wire.vanished) wire.cut();
  await until(recoveryMs);
  if (report.violation !== undefined || world.closing !== undefined) return;
  if (session.state.status === 'failed') {
    report.check(
      callers.consumers.every(({ ended }) => ended),
      () => 'The session gave up, and a subscription goes on.',
    );
    return;
  }
  report.check(session.state.status === 'ready', () => `The session is ${session.state.status}, and all is well.`);
  const mark = server.published;
  const markedAt = clock.now();
  void callers.expectAnswer('query');
  void callers.expectAnswer('mutation');
  await until(5 * scenario.publishEveryMs + 1_000);
  for (const { ended, feed, operation } of callers.consumers) {
    // One that the server ends again and again is away most of the time.
    const endedByServer = operation.frames.some(
      (frame) => frame.ended?.how === 'answered' && frame.ended.at > markedAt - recoveryMs,
    );
    report.check(ended || endedByServer || feed.lastNumber > mark, () => `Subscription ${operation.token} is silent.`);
  }
  for (const { active, wire, token } of server.journal.streams) {
    const over = world.ledger.operations.get(token)?.settled !== undefined;
    report.check(!over || !active || !wire.alive, () => `The server was not told to stop ${token}.`);
  }
}

function checkNothingLeft({ report, sessionClock, session, network }: World, callers: Callers): void {
  callers.checks.finish();
  report.check(session.state.status === 'closed', () => `The session is ${session.state.status} long after close().`);
  report.check(callers.openCalls === 0, () => `${callers.openCalls} calls have not ended.`);
  report.check(sessionClock.pending === 0, () => `${sessionClock.pending} timers are left.`);
  report.check(
    network.wires.every(({ open }) => !open),
    () => 'A connection is left open.',
  );
  report.check(network.opening === 0, () => 'An attempt to connect is left.');
  for (const { ended, operation } of callers.consumers) {
    report.check(ended, () => `The iterator of ${operation.token} has not ended.`);
  }
}
