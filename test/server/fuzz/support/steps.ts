// What clients, the application, sockets and time can do to a server: one step of a game.

import fc from 'fast-check';
import type { Dialect } from '../../websocket/support/peer.js';
import { type Kind, kinds } from './world.js';

const words = ['accept', 'greet', 'expire', 'refuse', 'throw', 'junk'] as const;

/** What the application is going to say about credentials: they say it themselves. */
export interface Given {
  readonly word: (typeof words)[number];
  readonly at: 'once' | 'later' | 'never';
}

const plain = [
  'ping',
  'pong',
  'heard',
  'slow',
  'flush',
  'garbage',
  'binary',
  'gone',
  'failed',
  'terminate',
  'connect',
  'drain',
] as const;

/** `peer` is who does it, `nth` chooses among those that wait. Who is not `bold` does nothing that ends its connection. */
export type Step =
  | { readonly do: 'init'; readonly peer: number; readonly given: Given; readonly bold: boolean }
  | { readonly do: 'renew'; readonly peer: number; readonly given: Given }
  | { readonly do: 'start'; readonly peer: number; readonly id: string; readonly kind: Kind; readonly bold: boolean }
  | { readonly do: 'stop'; readonly peer: number; readonly id: string }
  | { readonly do: (typeof plain)[number]; readonly peer: number }
  | { readonly do: 'event'; readonly nth: number; readonly count: number }
  | { readonly do: 'finish' | 'answer' | 'decide'; readonly nth: number; readonly ok: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'turn' | 'microtask' };

type Name = Step['do'];

function makeStep<const Names extends readonly Name[], Rest extends object>(
  weight: number,
  names: Names,
  rest: { readonly [Member in keyof Rest]: fc.Arbitrary<Rest[Member]> },
): fc.WeightedArbitrary<Rest & { readonly do: Names[number] }> {
  const arbitrary = fc.record({ do: fc.constantFrom(...names), ...rest });
  return { weight, arbitrary: arbitrary as fc.Arbitrary<Rest & { readonly do: Names[number] }> };
}

const peer = fc.nat(1);
const id = fc.constantFrom('1', '2', '3', '__proto__', '\ud800');
const given: fc.Arbitrary<Given> = fc.record({
  word: fc.constantFrom(...words),
  at: fc.constantFrom('once', 'later', 'never'),
});
const mostlyAccepting = fc.oneof(fc.constant<Given>({ word: 'accept', at: 'once' }), given);
const nth = fc.nat(9);
const bold = fc.nat(19).map((n) => n === 19);

export const step: fc.Arbitrary<Step> = fc.oneof(
  makeStep(12, ['init'], { peer, given: mostlyAccepting, bold }),
  makeStep(24, ['start'], { peer, id, kind: fc.constantFrom(...kinds), bold }),
  makeStep(8, ['stop'], { peer, id }),
  makeStep(2, ['renew'], { peer, given }),
  makeStep(4, ['ping', 'pong', 'heard', 'slow', 'flush'], { peer }),
  makeStep(2, ['garbage', 'binary', 'gone', 'failed', 'terminate', 'drain'], { peer }),
  makeStep(6, ['connect'], { peer }),
  makeStep(8, ['event'], { nth, count: fc.integer({ min: 1, max: 3 }) }),
  makeStep(4, ['finish'], { nth, ok: fc.boolean() }),
  makeStep(4, ['answer', 'decide'], { nth, ok: fc.boolean() }),
  makeStep(6, ['wait'], { ms: fc.constantFrom(10, 100, 100, 1_000, 3_000, 12_000) }),
  makeStep(12, ['turn', 'microtask'], {}),
);

export interface Setting {
  readonly dialects: readonly [Dialect, Dialect];
  /** Whether graphql-js has been loaded before. */
  readonly isPrepared: boolean;
  /** Whether the context of operations is waited for. */
  readonly hasSlowContext: boolean;
  /** Whether only one of the two clients may be there at a time. */
  readonly isCrowded: boolean;
}

const dialect = fc.constantFrom<Dialect>('graphql-transport-ws', 'graphql-ws');

export const setting: fc.Arbitrary<Setting> = fc.record({
  dialects: fc.tuple(dialect, dialect),
  isPrepared: fc.boolean(),
  hasSlowContext: fc.boolean(),
  isCrowded: fc.boolean(),
});
