// Makes the world of one schedule: the real session and WebSocket transport, on a virtual network, with a model server behind it.

import type { CredentialsProvider } from '../../session/credentials.js';
import { jitter } from '../../session/retry.js';
import { createSession } from '../../session/session.js';
import type { Credentials } from '../../transport/contract.js';
import { resolveWebSocketOptions } from '../../transport/websocket/options.js';
import { webSocketTransport } from '../../transport/websocket/transport.js';
import { calmDice, diceOf, momentaryDice } from './dice.js';
import { FrameChecks } from './frame-checks.js';
import { Ledger } from './ledger.js';
import { ModelServer } from './model-server.js';
import { Network } from './network.js';
import { Report } from './report.js';
import { trialMs } from './scenario.js';
import type { Schedule } from './schedule.js';
import { OwnedClock, SimulationClock } from './simulation-clock.js';
import { backoffBaseMs, StateChecks } from './state-checks.js';
import type { World } from './world.js';

/** The session begins to connect at once; nothing else happens before the clock runs. */
export function makeWorld({ seed, calm, scenario }: Schedule, traces: boolean): World {
  const clock = new SimulationClock();
  const dice = calm ? calmDice : momentaryDice(seed, clock);
  const sessionClock = new OwnedClock(clock);
  const report = new Report(clock, traces);
  const ledger = new Ledger();
  const server = new ModelServer({ clock, dice, feedDice: diceOf(seed, 'feed'), report, scenario });
  const rules = {
    replaces: scenario.session.connectAttempts !== 'never again',
    trialMs: trialMs(scenario),
    maxInFlight: scenario.session.maxInFlight ?? Number.POSITIVE_INFINITY,
  };
  const observer = new FrameChecks(clock, report, ledger, rules);
  const network = new Network({ clock, dice, observer, canPing: scenario.socketPing }, server);
  const transport = webSocketTransport(resolveWebSocketOptions('ws://server.example/graphql', {}), network.openSocket);
  const { liveness, deadlineMs, maxInFlight, maxWaiting, maxEvents, maxBytes, whenFull, ...rest } = scenario.session;
  const { maxMessageBytes, openTimeoutMs, ackTimeoutMs, closeTimeoutMs, backoffCapMs, connectAttempts, provider } =
    rest;
  const session = createSession({
    transport,
    credentials: provider ? makeProvider(report) : undefined,
    retry: {
      connect:
        connectAttempts === 'never again'
          ? false
          : { attempts: connectAttempts, delayMs: jitter({ baseMs: backoffBaseMs, capMs: backoffCapMs }) },
    },
    liveness,
    buffer: { maxEvents, maxBytes, whenFull },
    deadlineMs,
    maxInFlight,
    maxWaiting,
    limits: { maxMessageBytes, openTimeoutMs, ackTimeoutMs, closeTimeoutMs },
    clock: sessionClock,
    random: (calm ? calmDice : momentaryDice(seed + 1, clock)).random,
  });
  const states = new StateChecks(clock, report, scenario.session, session.state);
  session.on('state', (state) => states.changed(state));
  return {
    scenario,
    clock,
    sessionClock,
    trialMs: rules.trialMs,
    report,
    ledger,
    server,
    network,
    session,
    closing: undefined,
  };
}

function makeProvider(report: Report): CredentialsProvider {
  return ({ reason }): Credentials => {
    report.count(`credentials:${reason}`);
    return { connectionParams: { token: 'secret' } };
  };
}
