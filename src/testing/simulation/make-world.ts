// Makes the world of one schedule: the real session and WebSocket transport, on a virtual network, with a model server behind it.

import { jitter } from '../../session/retry.js';
import { createSession } from '../../session/session.js';
import { local } from '../../transport/local/index.js';
import { resolveWebSocketOptions } from '../../transport/websocket/options.js';
import { webSocketTransport } from '../../transport/websocket/transport.js';
import { calmDice, diceOf, momentaryDice } from './dice.js';
import { FrameChecks } from './frame-checks.js';
import { Ledger } from './ledger.js';
import { ModelExecutor } from './model-executor.js';
import { ModelProvider } from './model-provider.js';
import { ModelServer } from './model-server.js';
import { Network } from './network.js';
import { Report } from './report.js';
import { trialMs } from './scenario.js';
import type { Schedule } from './schedule.js';
import { OwnedClock, SimulationClock } from './simulation-clock.js';
import { backoffBaseMs, StateChecks } from './state-checks.js';
import { Tokens } from './tokens.js';
import { watched } from './watched-local.js';
import { Wire } from './wire.js';
import type { World } from './world.js';

/** The session begins to connect at once; nothing else happens before the clock runs. */
export function makeWorld({ seed, calm, scenario }: Schedule, traces: boolean): World {
  const clock = new SimulationClock();
  const dice = calm ? calmDice : momentaryDice(seed, clock);
  const sessionClock = new OwnedClock(clock);
  const report = new Report(clock, traces);
  const ledger = new Ledger();
  const tokens = new Tokens(clock, scenario.tokenLifetimeMs);
  const server = new ModelServer({ clock, dice, tokens, feedDice: diceOf(seed, 'feed'), report, scenario });
  const rules = {
    replaces: scenario.session.connectAttempts !== 'never again',
    trialMs: trialMs(scenario),
    maxInFlight: scenario.session.maxInFlight ?? Number.POSITIVE_INFINITY,
  };
  const observer = new FrameChecks(clock, report, ledger, rules);
  const network = new Network({ clock, dice, observer, canPing: scenario.socketPing }, server);
  const webSocket = webSocketTransport(resolveWebSocketOptions('ws://server.example/graphql', {}), network.openSocket);
  const wire = new Wire({ id: 1, clock, dice, observer, maxPayloadBytes: 0, canPing: false });
  const inProcess = watched(local(new ModelExecutor(server, ledger, wire)), wire, observer);
  const transport = scenario.local ? inProcess : webSocket;
  const via = scenario.session.tokens;
  const provider =
    via === 'none' ? undefined : new ModelProvider({ clock, report, tokens, usualMs: scenario.providerMs, via });
  const { liveness, deadlineMs, maxInFlight, maxWaiting, maxEvents, maxBytes, whenFull, ...rest } = scenario.session;
  const { maxMessageBytes, openTimeoutMs, ackTimeoutMs, closeTimeoutMs, backoffCapMs, connectAttempts } = rest;
  const session = createSession({
    transport: provider?.watch(transport) ?? transport,
    credentials: provider?.provide,
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
    provider,
    session,
    closing: undefined,
  };
}
