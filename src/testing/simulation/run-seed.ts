// One seed, one run: a world is made, faults and callers do what the seed says, then everything heals, the session has to
// recover, and in the end it is closed and must leave nothing behind.

import type { CredentialsProvider } from '../../session/credentials.js';
import { jitter } from '../../session/retry.js';
import { createSession, type Session } from '../../session/session.js';
import type { Credentials } from '../../transport/contract.js';
import { resolveWebSocketOptions } from '../../transport/websocket/options.js';
import { webSocketTransport } from '../../transport/websocket/transport.js';
import { Callers } from './callers.js';
import { Dice } from './dice.js';
import { faults, heal } from './faults.js';
import { FrameChecks } from './frame-checks.js';
import { Ledger } from './ledger.js';
import { ModelServer } from './model-server.js';
import { Network } from './network.js';
import { Report } from './report.js';
import { canPing, drawScenario, type Scenario } from './scenario.js';
import { OwnedClock, SimulationClock } from './simulation-clock.js';
import { backoffBaseMs, StateChecks } from './state-checks.js';
import type { World } from './world.js';

export async function runSeed(seed: number): Promise<Report> {
  const world = makeWorld(seed);
  const { clock, report, dice } = world;
  const callers = new Callers(world);
  const chaosMs = dice.between(15_000, 45_000);
  schedule(world, callers, chaosMs);
  const until = (ms: number): Promise<void> =>
    clock.runUntil(clock.now() + ms, () => {
      watch(world, callers);
      return report.violation !== undefined;
    });
  await until(chaosMs);
  for (const consumer of callers.consumers) consumer.hurry();
  if (world.closing === undefined) await recover(world, callers, until);
  if (world.closing === undefined) void close(world, 2_000);
  await until(20_000);
  if (report.violation === undefined) checkNothingLeft(world, callers);
  return report;
}

function makeWorld(seed: number): World {
  const seedDice = new Dice(seed);
  const scenario = drawScenario(seedDice.fork());
  const clock = new SimulationClock();
  const sessionClock = new OwnedClock(clock);
  const report = new Report(clock);
  const ledger = new Ledger();
  const server = new ModelServer(clock, seedDice.fork(), report, scenario);
  const rules = { replaces: scenario.session.connectAttempts !== 'never again', trialMs: trialMs(scenario) };
  const observer = new FrameChecks(clock, report, ledger, rules);
  const network = new Network({ clock, dice: seedDice.fork(), observer, canPing: scenario.socketPing }, server);
  const transport = webSocketTransport(resolveWebSocketOptions('ws://server.example/graphql', {}), network.openSocket);
  const { liveness, deadlineMs, maxInFlight, maxWaiting, maxEvents, maxBytes, ...rest } = scenario.session;
  const { maxMessageBytes, openTimeoutMs, ackTimeoutMs, closeTimeoutMs, backoffCapMs, connectAttempts, provider } =
    rest;
  const session: Session = createSession({
    transport,
    credentials: provider ? makeProvider(report) : undefined,
    retry: {
      connect:
        connectAttempts === 'never again'
          ? false
          : { attempts: connectAttempts, delayMs: jitter({ baseMs: backoffBaseMs, capMs: backoffCapMs }) },
    },
    liveness,
    buffer: { maxEvents, maxBytes },
    deadlineMs,
    maxInFlight,
    maxWaiting,
    limits: { maxMessageBytes, openTimeoutMs, ackTimeoutMs, closeTimeoutMs },
    clock: sessionClock,
    random: seedDice.fork().random,
  });
  const states = new StateChecks(clock, report, scenario.session, session.state);
  session.on('state', (state) => states.changed(state));
  const dice = seedDice.fork();
  return { scenario, clock, sessionClock, dice, report, ledger, server, network, session, closing: undefined };
}

function trialMs(scenario: Scenario): number {
  const { silenceMs, answerMs } = scenario.session.liveness || { silenceMs: 15_000, answerMs: 5_000 };
  return canPing(scenario) ? silenceMs + answerMs : answerMs;
}

function makeProvider(report: Report): CredentialsProvider {
  return ({ reason }): Credentials => {
    report.count(`credentials:${reason}`);
    return { connectionParams: { token: 'secret' } };
  };
}

function schedule(world: World, callers: Callers, chaosMs: number): void {
  const { clock, dice, report, session } = world;
  const names = Object.keys(faults) as [string, ...string[]];
  const times: number[] = [];
  for (let left = dice.between(2, 9); left > 0; left--) {
    const at = dice.between(0, chaosMs);
    times.push(at);
    clock.setTimer(at, () => {
      const name = dice.pick(names);
      if (!(faults[name]?.(world) ?? false)) return;
      report.note(`fault: ${name}`);
      report.count(`fault:${name}`);
    });
  }
  /** Most things happen near a fault. */
  const somewhen = (): number => {
    const near = dice.chance(0.6) ? times[dice.between(0, times.length - 1)] : undefined;
    const at = near === undefined ? dice.between(0, chaosMs) : near + dice.between(-200, 400);
    return Math.min(Math.max(at, 0), chaosMs);
  };
  const repeat = (low: number, high: number, act: () => unknown): void => {
    for (let left = dice.between(low, high); left > 0; left--) clock.setTimer(somewhen(), act);
  };
  repeat(20, 40, () => callers.call({ poisonous: false }));
  repeat(1, 4, () => callers.subscribe({ poisonous: false }));
  if (dice.chance(0.3)) repeat(1, 2, () => callers.call({ poisonous: true }));
  if (dice.chance(0.1)) repeat(1, 1, () => callers.subscribe({ poisonous: true }));
  repeat(0, 2, () => callers.ping());
  repeat(0, 2, () => callers.ready());
  repeat(0, 3, () => session.reconnect());
  if (dice.chance(0.2)) {
    clock.setTimer(Math.max(somewhen(), chaosMs / 2), () => void close(world, dice.between(0, 4_000)));
  }
}

/** What must hold at every moment. */
function watch({ scenario, report }: World, callers: Callers): void {
  const { maxWaiting } = scenario.session;
  if (maxWaiting < 1_000) {
    report.check(
      callers.neverSent <= maxWaiting,
      () => `${callers.neverSent} calls wait; maxWaiting is ${maxWaiting}.`,
    );
  }
  for (const consumer of callers.consumers) if (!consumer.ended) consumer.checkBuffer();
}

/** After everything is well, the session has to find out and every subscription has to go on. */
async function recover(world: World, callers: Callers, until: (ms: number) => Promise<void>): Promise<void> {
  const { report, network, scenario, server, session } = world;
  heal(world);
  report.note('everything is well again');
  // Where nothing can be asked, only an end of the connection can tell.
  const { liveness } = scenario.session;
  const deaf = liveness === false || (!canPing(scenario) && liveness.probe === undefined);
  if (deaf) for (const wire of network.alive) if (wire.vanished) wire.cut();
  await until(30_000);
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
  await until(5 * scenario.publishEveryMs + 1_000);
  for (const { ended, feed, operation } of callers.consumers) {
    report.check(ended || feed.lastNumber > mark, () => `Subscription ${operation.token} is silent.`);
  }
  for (const { active, wire, token } of server.journal.streams) {
    const over = world.ledger.operations.get(token)?.settled !== undefined;
    report.check(!over || !active || !wire.alive, () => `The server was not told to stop ${token}.`);
  }
}

async function close(world: World, graceMs: number): Promise<void> {
  const { report, session, clock, scenario } = world;
  report.note(`program closes the session, grace ${graceMs} ms`);
  world.closing ??= { at: clock.now(), graceMs };
  const dueAt = Math.max(clock.now(), world.closing.at + world.closing.graceMs + scenario.session.closeTimeoutMs);
  await session.close({ graceMs });
  const lateMs = clock.now() - dueAt;
  report.check(lateMs <= 1, () => `Closing took ${lateMs} ms too long.`);
  report.check(session.state.status === 'closed', () => `The session is ${session.state.status} after close().`);
  report.check(session.operations === 0, () => `${session.operations} operations are left after close().`);
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
