// What holds for the connection machine whatever happens, in any order: checked with arbitrary events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialMachine, type Machine, step } from '../../../src/session/machine.js';
import type { Effect, MachineEvent, TimerName } from '../../../src/session/machine-events.js';
import { connectVerdict } from '../../../src/session/verdicts.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { closedWith, httpStatus, refusedByNetwork } from '../support/failures.js';
import { policy } from '../support/machine-run.js';

const at = 0;
/** How many before the last one: mostly the current and the retiring ones, but earlier ones and one to come as well. */
const generation = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 12 }));
const failure = fc.constantFrom(
  refusedByNetwork,
  closedWith(1006),
  closedWith(4401),
  httpStatus(404),
  closedWith(1011),
);

const retireTimer = (generation: number): TimerName => `retire ${generation}`;

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
    timer: fc.constantFrom('backoff', 'stable', 'grace'),
  }),
  fc.record({ type: fc.constant('timer'), at: fc.constant(at), timer: generation.map(retireTimer) }),
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

/** The same event, about a generation that the machine has given out. */
function aimed(event: MachineEvent, { memory }: Machine): MachineEvent {
  if ('generation' in event) return { ...event, generation: memory.generation - event.generation };
  const retiring = event.type === 'timer' ? /^retire (.*)/.exec(event.timer)?.[1] : undefined;
  if (event.type !== 'timer' || retiring === undefined) return event;
  return { ...event, timer: retireTimer(memory.generation - Number(retiring)) };
}

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
      for (const drawn of [{ type: 'start', at } as const, ...events]) {
        const event = aimed(drawn, machine);
        const [after, effects] = step(machine, event, chosen);
        check({ before: machine, event, after, effects });
        machine = after;
      }
    }),
    { numRuns: 1_500 },
  );
}

describe('whatever happens to the connection machine', { timeout: patienceMs }, () => {
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

  test('at most eight connections retire, the oldest first, never the current one, and ready names them', () => {
    let most = 0;
    checkEvery(({ after: { state, memory } }) => {
      if (state.status === 'ready') expect(state.retiring).toBe(memory.retiring);
      if (state.status === 'ready' || state.status === 'connecting')
        expect(memory.retiring).not.toContain(state.generation);
      expect(memory.retiring).toEqual([...new Set(memory.retiring)].sort((one, other) => one - other));
      expect(memory.retiring.length).toBeLessThanOrEqual(8);
      most = Math.max(most, memory.retiring.length);
    });
    expect(most).toBeGreaterThan(2);
  });

  test('no retiring connection is forgotten: it is released or lost, unless all are closed', () => {
    checkEvery(({ before, event, after, effects }) => {
      if (event.type === 'close') return;
      for (const generation of before.memory.retiring) {
        if (after.memory.retiring.includes(generation)) continue;
        const released = effects.some((effect) => effect.type === 'release' && effect.generation === generation);
        expect(released || (event.type === 'lost' && event.generation === generation)).toBe(true);
      }
    });
  });

  test('an event of another generation than the current and the retiring ones changes nothing', () => {
    checkEvery(({ before, event, after, effects }) => {
      if (!('generation' in event)) return;
      const current =
        before.state.status === 'ready' || before.state.status === 'connecting' ? before.state.generation : undefined;
      if (event.generation === current || before.memory.retiring.includes(event.generation)) return;
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

  test('each retiring connection always has a timer that ends it, of at most 30 s, until it is released or lost', () => {
    const set = new Set<TimerName>();
    checkEvery(({ before, event, after, effects }) => {
      if (before === initialMachine) set.clear();
      if (event.type === 'timer') set.delete(event.timer);
      for (const effect of effects) {
        if (effect.type === 'cancel-timer') set.delete(effect.timer);
        if (effect.type !== 'set-timer') continue;
        set.add(effect.timer);
        if (effect.timer.startsWith('retire')) expect(effect.delayMs).toBeLessThanOrEqual(30_000);
      }
      const retiring = [...set].filter((timer) => timer.startsWith('retire'));
      expect(retiring.sort()).toEqual(after.memory.retiring.map(retireTimer).sort());
    });
  });

  test('a rule that allows three attempts never opens a fourth before a connection was stable', () => {
    let opens = 0;
    fc.assert(
      fc.property(arbitraryRun, (events) => {
        let machine: Machine = initialMachine;
        opens = 0;
        for (const drawn of [{ type: 'start', at } as const, ...events]) {
          const event = aimed(drawn, machine);
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
