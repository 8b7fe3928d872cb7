// Draws a fault, or a row of them: a server that goes away often sends the next connections away as well.

import type { Dice } from './dice.js';
import type { ProviderMode } from './model-provider.js';
import type { FaultStep, Target } from './steps.js';

type Draw = (at: number, dice: Dice) => FaultStep;

const closeCodes = [1000, 1001, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4409, 4429, 4500] as const;

const closing = Object.fromEntries(
  closeCodes.map((code): [string, Draw] => [
    `close ${code}`,
    (at, dice) => ({ at, do: 'close', code, target: target(dice) }),
  ]),
);

const draws = {
  ...closing,
  cut: (at) => ({ at, do: 'cut' }),
  'half-open': (at, dice) => ({ at, do: 'half-open', direction: 'both', noticedAfterMs: noticed(dice) }),
  'half-open up': (at, dice) => ({ at, do: 'half-open', direction: 'up', noticedAfterMs: noticed(dice) }),
  'half-open down': (at, dice) => ({ at, do: 'half-open', direction: 'down', noticedAfterMs: noticed(dice) }),
  'stall up': (at, dice) => ({ at, do: 'stall', direction: 'up', forMs: aWhile(dice) }),
  'stall down': (at, dice) => ({ at, do: 'stall', direction: 'down', forMs: aWhile(dice) }),
  backlog: (at, dice) => ({ at, do: 'backlog', forMs: aWhile(dice) }),
  unreachable: (at, dice) => ({ at, do: 'unreachable', ...refusing(dice) }),
  'connect hangs': (at, dice) => ({ at, do: 'connect hangs', ...refusing(dice) }),
  'status 503': (at, dice) => ({
    at,
    do: 'status',
    status: 503,
    retryAfterS: dice.between(1, 4),
    ...refusing(dice),
  }),
  'status 401': (at, dice) => ({ at, do: 'status', status: 401, ...refusing(dice) }),
  'status 404': (at, dice) => ({ at, do: 'status', status: 404, ...refusing(dice) }),
  'no ack': (at, dice) => ({ at, do: 'no ack', ...refusing(dice) }),
  'close before ack': (at, dice) => ({
    at,
    do: 'close before ack',
    code: dice.pick([1001, 1011, 4403, 4400]),
    ...refusing(dice),
  }),
  connection_error: (at, dice) => ({ at, do: 'connection_error', ...refusing(dice) }),
  crash: (at, dice) => ({ at, do: 'crash', forMs: dice.between(100, 3_000) }),
  'keys change': (at, dice) => ({ at, do: 'keys change', forMs: dice.between(100, 3_000) }),
  'going away': (at, dice) => drawGoingAway(at, dice, false),
  garbage: (at, dice) => ({ at, do: 'garbage', text: dice.pick(garbage), target: target(dice) }),
  'wrong id': (at, dice) => ({ at, do: 'wrong id', finished: dice.chance(0.5), target: target(dice) }),
  duplicate: (at, dice) => ({ at, do: 'duplicate', times: dice.between(2, 6), target: target(dice) }),
  'late answer': (at, dice) => ({ at, do: 'late answer', target: target(dice) }),
  'provider is slow': (at, dice) => ({
    ...drawProvider(at, dice, 'is slow'),
    // More than 10 s is too long.
    takesMs: dice.chance(0.8) ? dice.between(50, 2_000) : dice.between(9_000, 12_000),
  }),
  'provider throws': (at, dice) => drawProvider(at, dice, 'throws'),
  'provider never answers': (at, dice) => drawProvider(at, dice, 'never answers'),
  'provider gives old ones': (at, dice) => drawProvider(at, dice, 'gives old ones'),
  'executor fails': (at, dice) => ({ at, do: 'executor fails', forMs: aWhile(dice) }),
  revoke: (at, dice) => ({ at, do: 'revoke', ...(dice.chance(0.7) ? { cuts: true } : undefined) }),
} satisfies Readonly<Record<string, Draw>> as Readonly<Record<string, Draw>>;

const garbage = [
  '[]',
  '5',
  'not JSON',
  '{"type":"next","id":"1"}',
  '{"type":"error","id":"1","payload":[]}',
  '{"type":"unheard of"}',
] as const satisfies readonly [string, ...string[]];

function drawProvider(at: number, dice: Dice, mode: ProviderMode): Extract<FaultStep, { do: 'provider' }> {
  return { at, do: 'provider', mode, forMs: aWhile(dice) };
}

/** Drawn as often as each stands here: some happen only where the world allows it. */
const lots = [
  ...Object.keys(draws),
  ...Array.from({ length: 10 }, () => 'going away'),
  ...['connection_error', 'connection_error', 'connection_error', 'no ack', 'status 401'],
  ...['executor fails', 'executor fails', 'executor fails'],
  ...['provider is slow', 'provider throws', 'provider gives old ones', 'provider gives old ones', 'revoke'],
  ...['connect hangs', 'status 404', 'status 503', 'unreachable'],
  ...['close before ack', 'close 1009', 'close 1011', 'close 4400', 'close 4409', 'close 4500', 'garbage', 'garbage'],
] as [string, ...string[]];

/** One fault, or a row of them. */
export function drawFaults(at: number, dice: Dice): FaultStep[] {
  const first = draws[dice.pick(lots)]?.(at, dice);
  if (first === undefined) return [];
  const row = [first];
  // A server that drains in waves sends new connections away as well.
  while (first.do === 'going away' && dice.chance(0.6)) {
    row.push(drawGoingAway((row.at(-1) ?? first).at + dice.between(120, 600), dice, true));
  }
  // Old tokens are refused where they are good no more, and are asked for when a connection ends.
  if (first.do === 'provider' && first.mode === 'gives old ones') {
    row.push({ at: at + dice.between(10, 200), do: 'revoke', cuts: true });
  }
  return row;
}

const suspicious: readonly number[] = [1009, 1011, 4400, 4409, 4500];

/** After it every operation on the connection is a suspect. */
export function looksHarmful(fault: FaultStep): boolean {
  return fault.do === 'garbage' || (fault.do === 'close' && suspicious.includes(fault.code));
}

/** The server asks a connection to move, and closes it when the time is over, or before: not every server keeps its word. */
function drawGoingAway(at: number, dice: Dice, wave: boolean): FaultStep {
  const withinMs = wave || dice.chance(0.7) ? dice.between(500, 4_000) : dice.between(20, 250);
  const closesAfterMs = dice.chance(0.5) ? withinMs : dice.between(10, 150);
  return {
    at,
    do: 'going away',
    withinMs,
    ...(dice.chance(0.7) ? { closesAfterMs } : undefined),
    // One that leaves for good has no successor for a while.
    ...(dice.chance(0.3) ? { unreachableForMs: aWhile(dice) } : undefined),
    target: target(dice),
  };
}

function refusing(dice: Dice): { readonly forMs: number; readonly cuts?: boolean } {
  return { forMs: aWhile(dice), ...(dice.chance(0.7) ? { cuts: true } : undefined) };
}

function aWhile(dice: Dice): number {
  return dice.between(100, 4_000);
}

function noticed(dice: Dice): number {
  return dice.between(3_000, 20_000);
}

function target(dice: Dice): Target {
  return dice.chance(0.5) ? 'oldest' : 'newest';
}
