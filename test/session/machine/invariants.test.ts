// What holds for the connection machine whatever happens, in any order: checked with arbitrary events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialMachine, type Machine, step } from '../../../src/session/machine.js';
import type { Effect, MachineEvent } from '../../../src/session/machine-events.js';
import { connectVerdict } from '../../../src/session/verdicts.js';
import { closedWith, httpStatus, refusedByNetwork } from '../support/failures.js';
import { policy } from '../support/machine-run.js';

const at = 0;
/** Small numbers, so that the current, the retiring and earlier generations are all met. */
const generation = fc.integer({ min: 0, max: 12 });
const failure = fc.constantFrom(
  refusedByNetwork,
  closedWith(1006),
  closedWith(4401),
  httpStatus(404),
  closedWith(1011),
);

const arbitraryEvent: fc.Arbitrary<MachineEvent> = fc.oneof(
  fc.constantFrom<MachineEvent>({ type: 'start', at }, { type: 'reconnect', at }, { type: 'woken', at }),
  fc.record({ type: fc.constant('opened'), at: fc.constant(at), generation, liveness: fc.constant('ping') }),
  fc.record({ type: fc.constant('open-failed'), at: fc.constant(at), generation, failure }),
  fc.record({ type: fc.constant('lost'), at: fc.constant(at), generation, failure }),
  fc.record({
    type: fc.constant('going-away'),
    at: fc.constant(at),
    generation,
    withinMs: fc.constantFrom(undefined, 0, 50, 90_000),
    useful: fc.boolean(),
  }),
  fc.record({ type: fc.constant('liveness'), at: fc.constant(at), generation, liveness: fc.constant('keep-alive') }),
  fc.record({ type: fc.constant('finished'), at: fc.constant(at), generation }),
  fc.record({
    type: fc.constant('timer'),
    at: fc.constant(at),
    timer: fc.constantFrom('backoff', 'stable', 'retire', 'grace'),
  }),
) as fc.Arbitrary<MachineEvent>;

const closing = fc.constantFrom<MachineEvent>(
  { type: 'close', at, graceMs: 5_000 },
  { type: 'drained', at },
  { type: 'disconnected', at },
);

const arbitraryPolicy = fc
  .record({
    reconnect: fc.boolean(),
    attempts: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
    canRefresh: fc.boolean(),
  })
  .map((changes) => ({ ...policy, ...changes, verdict: connectVerdict }));

/** Many events of life, a few of closing, so that most runs live long. */
const arbitraryRun = fc.array(fc.oneof({ weight: 30, arbitrary: arbitraryEvent }, { weight: 1, arbitrary: closing }), {
  maxLength: 120,
  size: 'max',
});

interface Taken {
  readonly before: Machine;
  readonly event: MachineEvent;
  readonly after: Machine;
  readonly effects: readonly Effect[];
}

/** Feeds the events and checks every step. */
function checkEvery(check: (taken: Taken) => void): void {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryRun, (chosen, events) => {
      let machine: Machine = initialMachine;
      for (const event of [{ type: 'start', at } as const, ...events]) {
        const [after, effects] = step(machine, event, chosen);
        check({ before: machine, event, after, effects });
        machine = after;
      }
    }),
    { numRuns: 400 },
  );
}

describe('whatever happens to the connection machine', () => {
  test('generations never decrease, and each is opened once', () => {
    checkEvery(({ before, after, effects }) => {
      const opens = effects.filter((effect) => effect.type === 'open');
      expect(after.memory.generation - before.memory.generation).toBe(opens.length);
      expect(opens.length).toBeLessThanOrEqual(1);
      for (const open of opens) expect(open.generation).toBe(after.memory.generation);
    });
  });

  test('an attempt follows an attempt only after that one failed', () => {
    checkEvery(({ before, event, effects }) => {
      if (before.state.status !== 'connecting' || !effects.some((effect) => effect.type === 'open')) return;
      expect(event).toMatchObject({ type: 'open-failed', generation: before.state.generation });
    });
  });

  test('at most one connection retires, it is never the current one, and ready names it', () => {
    checkEvery(({ before, after, effects }) => {
      const { state, memory } = after;
      if (state.status === 'ready') expect(state.retiring).toBe(memory.retiring);
      if (state.status === 'ready' || state.status === 'connecting') expect(memory.retiring).not.toBe(state.generation);
      const replaced = before.memory.retiring !== undefined && after.memory.retiring !== before.memory.retiring;
      const released = effects.some(
        (effect) => effect.type === 'release' && effect.generation === before.memory.retiring,
      );
      // An older retiring connection that is replaced is not forgotten: it is ended.
      if (replaced && after.memory.retiring !== undefined) expect(released).toBe(true);
    });
  });

  test('an event of another generation than the current and the retiring one changes nothing', () => {
    checkEvery(({ before, event, after, effects }) => {
      if (!('generation' in event)) return;
      const current =
        before.state.status === 'ready' || before.state.status === 'connecting' ? before.state.generation : undefined;
      if (event.generation === current || event.generation === before.memory.retiring) return;
      expect(after).toStrictEqual(before);
      expect(effects).toEqual([]);
    });
  });

  test('closed is final, and closing leads nowhere but to closed', () => {
    checkEvery(({ before, after }) => {
      if (before.state.status === 'closed') expect(after).toStrictEqual(before);
      if (before.state.status === 'closing') expect(['closing', 'closed']).toContain(after.state.status);
    });
  });

  test('a waiting session always has a timer that ends its wait', () => {
    let backoffSet = false;
    checkEvery(({ before, event, after, effects }) => {
      if (before === initialMachine) backoffSet = false;
      if (event.type === 'timer' && event.timer === 'backoff' && before.state.status === 'waiting') backoffSet = false;
      for (const effect of effects) {
        if (effect.type === 'set-timer' && effect.timer === 'backoff') backoffSet = true;
        if (effect.type === 'cancel-timer' && effect.timer === 'backoff') backoffSet = false;
      }
      if (after.state.status === 'waiting') expect(backoffSet).toBe(true);
    });
  });

  test('a retiring connection always has a timer that ends it, until it is released or lost', () => {
    let retireSet = false;
    checkEvery(({ before, event, after, effects }) => {
      if (before === initialMachine) retireSet = false;
      if (event.type === 'timer' && event.timer === 'retire') retireSet = false;
      for (const effect of effects) {
        if (effect.type === 'set-timer' && effect.timer === 'retire') retireSet = true;
        if (effect.type === 'cancel-timer' && effect.timer === 'retire') retireSet = false;
      }
      if (after.memory.retiring !== undefined) expect(retireSet).toBe(true);
    });
  });

  test('a rule that allows three attempts never opens a fourth before a connection was stable', () => {
    let opens = 0;
    fc.assert(
      fc.property(arbitraryRun, (events) => {
        let machine: Machine = initialMachine;
        opens = 0;
        for (const event of [{ type: 'start', at } as const, ...events]) {
          const [after, effects] = step(machine, event, { ...policy, attempts: 3 });
          if (event.type === 'timer' && event.timer === 'stable' && machine.state.status === 'ready') opens = 0;
          // The program's own wish comes on top.
          if (event.type === 'reconnect') opens = Number.NEGATIVE_INFINITY;
          // A server that goes away is followed as long as its successors can be reached.
          if (event.type === 'going-away' && after !== machine) opens = Number.NEGATIVE_INFINITY;
          opens += effects.filter((effect) => effect.type === 'open').length;
          expect(opens).toBeLessThanOrEqual(3);
          machine = after;
        }
      }),
      { numRuns: 400 },
    );
  });
});
