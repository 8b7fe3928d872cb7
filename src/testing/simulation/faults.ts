// What the faults do to a world: each happens at one moment and is over after a while.

import type { ModelConnection } from './model-connection.js';
import type { Handshake } from './model-server.js';
import type { Admission } from './network.js';
import { type FaultStep, nameOfFault, type Target } from './steps.js';
import type { Wire } from './wire.js';
import type { World } from './world.js';

/** Lets it go wrong, where there is something that it can happen to. */
export function causeFault(world: World, fault: FaultStep): void {
  if (!happens(world, fault)) return;
  const name = nameOfFault(fault);
  world.report.note(() => `fault: ${name}`);
  world.report.count(`fault:${name}`);
}

function happens(world: World, fault: FaultStep): boolean {
  // Within a process nothing can come between the session and its server, and only there is an executor.
  if (world.scenario.local !== (fault.do === 'executor fails')) return false;
  switch (fault.do) {
    case 'cut':
      return onWire(world, (wire) => wire.cut());
    case 'close':
      return onServerSide(world, fault, ({ wire }) => wire.closeByServer(fault.code, 'of its own accord'));
    case 'half-open':
      return onWire(world, (wire) => wire.halfOpen(fault.direction, fault.noticedAfterMs));
    case 'stall':
      return holding(world, fault.forMs, (wire) => wire.stall(fault.direction));
    case 'backlog':
      return holding(world, fault.forMs, (wire) => wire.clog());
    case 'unreachable':
      return refusing(world, fault, { type: 'unreachable' });
    case 'connect hangs':
      return refusing(world, fault, { type: 'hang' });
    case 'status': {
      const { status, retryAfterS } = fault;
      const headers: Record<string, string> = {};
      if (retryAfterS !== undefined) headers['retry-after'] = String(retryAfterS);
      return refusing(world, fault, { type: 'status', status, headers });
    }
    case 'no ack':
      return shakingHands(world, fault, { type: 'silent' });
    case 'close before ack':
      return shakingHands(world, fault, { type: 'close', code: fault.code });
    case 'connection_error':
      return world.scenario.subprotocol === 'graphql-ws' && shakingHands(world, fault, { type: 'refuse' });
    case 'crash':
      return crash(world, fault.forMs, world.server.honoursKeys);
    case 'keys change':
      return crash(world, fault.forMs, !world.server.honoursKeys);
    case 'going away':
      return goingAway(world, fault);
    case 'garbage':
      return onServerSide(world, fault, ({ wire }) => wire.reply(fault.text));
    case 'wrong id':
      return onServerSide(world, fault, (connection) => connection.answerNobody(fault.finished));
    case 'duplicate':
      return onServerSide(world, fault, (connection) => {
        connection.duplicates = fault.times;
      });
    case 'late answer':
      return onServerSide(world, fault, (connection) => {
        connection.ignoresStops = true;
      });
    case 'executor fails':
      return failing(world, fault.forMs);
    case 'provider':
      return misleading(world, fault);
    case 'revoke':
      return revoke(world, fault.cuts === true);
  }
}

/** Breaks the newest connection, for the older one is done with soon. Calls and faults meet more often so. */
function onWire({ network }: World, act: (wire: Wire) => void): boolean {
  const wire = network.alive.findLast((candidate) => !candidate.vanished);
  if (wire === undefined) return false;
  act(wire);
  return true;
}

function onServerSide(
  { server }: World,
  { target }: { readonly target: Target },
  act: (connection: ModelConnection) => void,
): boolean {
  const connections = [...server.connections].filter(({ acknowledged, wire }) => acknowledged && wire.alive);
  const connection = connections.at(target === 'oldest' ? 0 : -1);
  if (connection === undefined) return false;
  act(connection);
  return true;
}

function holding(world: World, forMs: number, hold: (wire: Wire) => void): boolean {
  return onWire(world, (wire) => {
    hold(wire);
    world.clock.setTimer(forMs, () => wire.release());
  });
}

interface Refusal {
  readonly forMs: number;
  readonly cuts?: boolean;
}

function refusing(world: World, { forMs, cuts }: Refusal, admission: Admission): boolean {
  if (cuts) onWire(world, (wire) => wire.cut());
  const { server } = world;
  server.admission = admission;
  world.clock.setTimer(forMs, () => {
    if (server.admission === admission) server.admission = undefined;
  });
  return true;
}

function shakingHands(world: World, { forMs, cuts }: Refusal, handshake: Handshake): boolean {
  if (cuts) onWire(world, (wire) => wire.cut());
  const { server } = world;
  server.handshake = handshake;
  world.clock.setTimer(forMs, () => {
    if (server.handshake === handshake) server.handshake = { type: 'normal' };
  });
  return true;
}

/** All connections die, and for a while there is nobody to connect to. */
function crash({ server, clock, report }: World, forMs: number, honoursKeys: boolean): boolean {
  if (!server.up) return false;
  server.crash();
  server.honoursKeys = honoursKeys;
  clock.setTimer(forMs, () => {
    server.restart();
    report.note(() => `server is back, ${honoursKeys ? 'honours' : 'does not honour'} keys`);
  });
  return true;
}

function goingAway(world: World, fault: Extract<FaultStep, { do: 'going away' }>): boolean {
  const { withinMs, closesAfterMs, unreachableForMs } = fault;
  if (unreachableForMs !== undefined) refusing(world, { forMs: unreachableForMs }, { type: 'unreachable' });
  return onServerSide(world, fault, (connection) => {
    connection.goingAway(withinMs);
    if (closesAfterMs === undefined) return;
    world.clock.setTimer(closesAfterMs, () => connection.wire.closeByServer(1001, 'going away'));
  });
}

function misleading({ provider, clock }: World, fault: Extract<FaultStep, { do: 'provider' }>): boolean {
  if (provider === undefined) return false;
  const { mode, takesMs = 0, forMs } = fault;
  provider.mode = mode;
  provider.takesMs = takesMs;
  clock.setTimer(forMs, () => {
    if (provider.mode === mode) provider.mode = 'is quick';
  });
  return true;
}

function failing({ server, clock }: World, forMs: number): boolean {
  if (server.throws) return false;
  server.throws = true;
  clock.setTimer(forMs, () => {
    server.throws = false;
  });
  return true;
}

function revoke({ server, provider }: World, cuts: boolean): boolean {
  if (provider === undefined) return false;
  server.tokens.revokeAll();
  if (cuts) for (const { wire } of [...server.connections]) wire.closeByServer(4403, 'revoked');
  return true;
}

/** Everything is well again: the server is up and friendly, tokens are good, and nothing is held back. */
export function heal({ server, network, provider }: World): void {
  if (provider !== undefined) provider.mode = 'is quick';
  server.tokens.lastForEver();
  server.throws = false;
  server.admission = undefined;
  server.handshake = { type: 'normal' };
  server.up = true;
  for (const wire of network.wires) wire.release();
}
