// The faults: what can go wrong with connections and servers, each as something that happens at one moment to one world and is
// over after a while.

import type { ModelConnection } from './model-connection.js';
import type { Handshake } from './model-server.js';
import type { Admission } from './network.js';
import type { Wire } from './wire.js';
import type { World } from './world.js';

/** Does it; false where there was nothing to do it to. */
type Fault = (world: World) => boolean;

const closeCodes = [1000, 1001, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4409, 4429, 4500] as const;

const closing = Object.fromEntries(
  closeCodes.map((code): [string, Fault] => [
    `close ${code}`,
    (world) => onServerSide(world, ({ wire }) => wire.closeByServer(code, 'of its own accord')),
  ]),
);

const faults: Readonly<Record<string, Fault>> = {
  ...closing,
  cut: (world) => onWire(world, (wire) => wire.cut()),
  'half-open': (world) => halfOpen(world, 'both'),
  'half-open up': (world) => halfOpen(world, 'up'),
  'half-open down': (world) => halfOpen(world, 'down'),
  'stall up': (world) =>
    onWire(world, (wire) =>
      forAWhile(
        world,
        () => wire.stall('up'),
        () => wire.release(),
      ),
    ),
  'stall down': (world) =>
    onWire(world, (wire) =>
      forAWhile(
        world,
        () => wire.stall('down'),
        () => wire.release(),
      ),
    ),
  backlog: (world) =>
    onWire(world, (wire) =>
      forAWhile(
        world,
        () => wire.clog(),
        () => wire.release(),
      ),
    ),
  unreachable: (world) => refusing(world, { type: 'unreachable' }),
  'connect hangs': (world) => refusing(world, { type: 'hang' }),
  'status 503': (world) =>
    refusing(world, { type: 'status', status: 503, headers: { 'retry-after': String(world.dice.between(1, 4)) } }),
  'status 401': (world) => refusing(world, { type: 'status', status: 401, headers: {} }),
  'status 404': (world) => refusing(world, { type: 'status', status: 404, headers: {} }),
  'no ack': (world) => shakingHands(world, { type: 'silent' }),
  'close before ack': (world) =>
    shakingHands(world, { type: 'close', code: world.dice.pick([1001, 1011, 4403, 4400]) }),
  connection_error: (world) => world.scenario.subprotocol === 'graphql-ws' && shakingHands(world, { type: 'refuse' }),
  crash: (world) => crash(world, world.server.honoursKeys),
  'keys change': (world) => crash(world, !world.server.honoursKeys),
  'going away': goingAway,
  garbage: (world) => onServerSide(world, ({ wire }) => wire.reply(world.dice.pick(garbage))),
  'wrong id': (world) => onServerSide(world, (connection) => connection.answerNobody()),
  duplicate: (world) =>
    onServerSide(world, (connection) => {
      connection.duplicates = world.dice.between(2, 6);
    }),
  'late answer': (world) =>
    onServerSide(world, (connection) => {
      connection.ignoresStops = true;
    }),
};

/** Drawn as often as each stands here: some happen only where the world allows it. */
const lots = [
  ...Object.keys(faults),
  ...Array.from({ length: 10 }, () => 'going away'),
  ...['connection_error', 'connection_error', 'connection_error', 'no ack', 'status 401'],
  ...['connect hangs', 'status 404', 'status 503', 'unreachable'],
  ...['close before ack', 'close 1009', 'close 1011', 'close 4400', 'close 4409', 'close 4500', 'garbage', 'garbage'],
] as [string, ...string[]];

/** After these every operation on the connection is a suspect. */
const suspicious = ['close 1009', 'close 1011', 'close 4400', 'close 4409', 'close 4500', 'garbage'];

/** Lets something go wrong, whatever the dice say; answers whether it looks as if an operation had done it. */
export function causeFault(world: World): boolean {
  const { dice, report } = world;
  const name = dice.pick(lots);
  if (faults[name]?.(world) !== true) return false;
  report.note(`fault: ${name}`);
  report.count(`fault:${name}`);
  return suspicious.includes(name);
}

const garbage = [
  '[]',
  '5',
  'not JSON',
  '{"type":"next","id":"1"}',
  '{"type":"error","id":"1","payload":[]}',
  '{"type":"unheard of"}',
] as const satisfies readonly [string, ...string[]];

/** Breaks the newest connection as a rule, for the older one is done with soon. Calls and faults meet more often so. */
function onWire({ network }: World, act: (wire: Wire) => void): boolean {
  const wire = network.alive.findLast((candidate) => !candidate.vanished);
  if (wire === undefined) return false;
  act(wire);
  return true;
}

function onServerSide({ server, dice }: World, act: (connection: ModelConnection) => void): boolean {
  const [first, ...rest] = [...server.connections].filter(({ acknowledged, wire }) => acknowledged && wire.alive);
  if (first === undefined) return false;
  act(dice.pick([first, ...rest]));
  return true;
}

function halfOpen(world: World, direction: 'both' | 'up' | 'down'): boolean {
  return onWire(world, (wire) => wire.halfOpen(direction, world.dice.between(3_000, 20_000)));
}

function forAWhile({ clock, dice }: World, begin: () => void, end: () => void): void {
  begin();
  clock.setTimer(dice.between(100, 4_000), end);
}

/** New connections are refused for a while; often the present one is cut, so that there are new ones. */
function refusing(world: World, admission: Admission): boolean {
  const { dice } = world;
  const wasCut = dice.chance(0.7) && onWire(world, (wire) => wire.cut());
  refuseForAWhile(world, admission);
  return wasCut;
}

function refuseForAWhile(world: World, admission: Admission): void {
  const { server } = world;
  forAWhile(
    world,
    () => {
      server.admission = admission;
    },
    () => {
      if (server.admission === admission) server.admission = undefined;
    },
  );
}

function shakingHands(world: World, handshake: Handshake): boolean {
  const { server, dice } = world;
  const wasCut = dice.chance(0.7) && onWire(world, (wire) => wire.cut());
  forAWhile(
    world,
    () => {
      server.handshake = handshake;
    },
    () => {
      if (server.handshake === handshake) server.handshake = { type: 'normal' };
    },
  );
  return wasCut;
}

/** All connections die, and for a while there is nobody to connect to. */
function crash({ server, clock, dice, report }: World, honoursKeys: boolean): boolean {
  if (!server.up) return false;
  server.crash();
  server.honoursKeys = honoursKeys;
  clock.setTimer(dice.between(100, 3_000), () => {
    server.restart();
    report.note(`server is back, ${honoursKeys ? 'honours' : 'does not honour'} keys`);
  });
  return true;
}

/** The server asks its connections to move, and closes those that are still there when the time is over. */
function goingAway(world: World): boolean {
  const { clock, dice } = world;
  // A server that drains in waves sends new connections away as well.
  const wave = dice.chance(0.6);
  if (wave) clock.setTimer(dice.between(120, 600), () => goingAway(world));
  // And one that leaves for good has no successor for a while.
  if (dice.chance(0.3)) refuseForAWhile(world, { type: 'unreachable' });
  return onServerSide(world, (connection) => {
    const withinMs = wave || dice.chance(0.3) ? dice.between(500, 4_000) : dice.between(20, 250);
    connection.goingAway(withinMs);
    // Not every server keeps its word about the time.
    const closesAfterMs = dice.chance(0.5) ? withinMs : dice.between(10, 150);
    if (dice.chance(0.7)) clock.setTimer(closesAfterMs, () => connection.wire.closeByServer(1001, 'going away'));
  });
}

/** Everything is well again: the server is up and friendly, and nothing is held back. */
export function heal({ server, network }: World): void {
  server.admission = undefined;
  server.handshake = { type: 'normal' };
  server.up = true;
  for (const wire of network.wires) wire.release();
}
