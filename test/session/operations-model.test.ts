// The operations table against a model that is too simple to be wrong: lists of names, and no sets.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parked } from '../../src/session/operation.js';
import { OperationTable } from '../../src/session/operations.js';
import { patienceMs } from '../server/fuzz/support/patience.js';
import { attemptOf, TestOperation } from './support/test-operation.js';

type Step =
  | { readonly do: 'admit'; readonly kind: 'query' | 'subscription' }
  | { readonly do: 'send' }
  | { readonly do: 'lose'; readonly suspicious: boolean }
  | { readonly do: 'rest' | 'return' | 'settle' | 'clear'; readonly which: number };

const which = fc.nat({ max: 20 });
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('admit' as const), kind: fc.constantFrom('query' as const, 'subscription' as const) }),
  { weight: 3, arbitrary: fc.constant({ do: 'send' as const }) },
  fc.record({ do: fc.constant('lose' as const), suspicious: fc.boolean() }),
  fc.record({ do: fc.constantFrom('rest' as const, 'return' as const, 'settle' as const, 'clear' as const), which }),
);

class Model {
  /** Everything that was ever taken in, in order. */
  readonly admitted: TestOperation[] = [];
  waiting: TestOperation[] = [];
  running: TestOperation[] = [];
  resting: TestOperation[] = [];
  suspects: TestOperation[] = [];
  /** Were on trial when a connection ended, and not alone. */
  accused: TestOperation[] = [];
  onTrial: TestOperation | undefined;

  next(maxInFlight: number): TestOperation | undefined {
    if (this.onTrial !== undefined) return undefined;
    const suspect = this.suspects.find((operation) => this.waiting.includes(operation));
    const full = this.callsInFlight >= maxInFlight;
    if (suspect !== undefined) return full && suspect.request.kind === 'query' ? undefined : suspect;
    return this.waiting.find(({ request }) => !full || request.kind === 'subscription');
  }

  bringBack(operations: readonly TestOperation[]): void {
    const back = new Set([...operations, ...this.waiting]);
    this.waiting = this.admitted.filter((operation) => back.has(operation));
  }

  get callsInFlight(): number {
    return this.running.filter(({ request }) => request.kind === 'query').length;
  }

  get all(): TestOperation[] {
    return [...this.waiting, ...this.running, ...this.resting];
  }

  take(operation: TestOperation): void {
    for (const list of [this.waiting, this.running, this.resting]) {
      const place = list.indexOf(operation);
      if (place !== -1) list.splice(place, 1);
    }
  }

  acquit(operation: TestOperation): void {
    if (this.onTrial === operation) this.onTrial = undefined;
    this.accused = this.accused.filter((accused) => accused !== operation);
    this.forget(operation);
  }

  /** Those who are accused, then the newest first. */
  suspect(operations: readonly TestOperation[]): void {
    const suspects = new Set([...this.suspects, ...operations]);
    const newestFirst = this.admitted.filter((operation) => suspects.has(operation)).reverse();
    this.suspects = [
      ...newestFirst.filter((operation) => this.accused.includes(operation)),
      ...newestFirst.filter((operation) => !this.accused.includes(operation)),
    ];
  }

  forget(operation: TestOperation): void {
    this.suspects = this.suspects.filter((suspect) => suspect !== operation);
  }
}

test('the table does what a simple model of it does, whatever the order of events', { timeout: patienceMs }, () => {
  const bounds = fc.record({ maxInFlight: fc.constantFrom(1, 2, 100), maxWaiting: fc.constantFrom(2, 100) });
  fc.assert(
    fc.property(
      bounds,
      fc.array(arbitraryStep, { maxLength: 80, size: 'max' }),
      ({ maxInFlight, maxWaiting }, steps) => {
        const table = new OperationTable({ maxInFlight, maxWaiting });
        const model = new Model();
        let generation = 1;
        for (const step of steps) {
          switch (step.do) {
            case 'admit': {
              const operation = new TestOperation({ kind: step.kind });
              const room = model.waiting.length < maxWaiting;
              expect(table.admit(operation)).toBe(room);
              if (room) {
                model.admitted.push(operation);
                model.waiting.push(operation);
              }
              break;
            }
            case 'send': {
              const operation = model.next(maxInFlight);
              expect(table.next()).toBe(operation);
              if (operation === undefined) break;
              table.started(operation, attemptOf(operation, generation));
              model.take(operation);
              model.running.push(operation);
              if (model.suspects.includes(operation)) model.onTrial = operation;
              break;
            }
            case 'lose': {
              const tried = step.suspicious ? model.onTrial : undefined;
              const interrupted = [...model.running];
              const there = tried !== undefined && interrupted.includes(tried);
              const certain = interrupted.length === 1 || (tried !== undefined && model.accused.includes(tried));
              // One that left its connection while it was on trial is to blame, and is not there to be told.
              const culprit = there && certain ? tried : undefined;
              expect(table.judge(generation, step.suspicious)).toEqual({ interrupted, culprit });
              if (tried !== undefined && (!there || certain)) {
                model.accused = [];
              } else if (step.suspicious) {
                if (tried !== undefined) model.accused.push(tried);
                model.suspect(interrupted);
              }
              model.onTrial = undefined;
              if (culprit !== undefined) {
                table.settle(culprit);
                model.take(culprit);
                model.forget(culprit);
              }
              const again = interrupted.filter((operation) => operation !== culprit);
              table.requeue(again);
              model.running = [];
              model.bringBack(again);
              generation += 1;
              break;
            }
            default: {
              const operation = model.all[step.which % Math.max(model.all.length, 1)];
              if (operation === undefined) break;
              if (step.do === 'rest') {
                table.rest(operation, parked);
                model.take(operation);
                model.resting.push(operation);
              } else if (step.do === 'return') {
                table.requeue([operation]);
                model.take(operation);
                model.bringBack([operation]);
              } else if (step.do === 'settle') {
                table.settle(operation);
                model.take(operation);
                model.forget(operation);
              } else {
                table.clear(operation);
                model.acquit(operation);
              }
            }
          }
          expect(table.runningOn(generation)).toEqual(model.running);
          expect([table.waiting, table.size, table.callsInFlight, table.onTrial]).toEqual([
            model.waiting.length,
            model.all.length,
            model.callsInFlight,
            model.onTrial,
          ]);
          for (const operation of model.all) expect(operation.suspect).toBe(model.suspects.includes(operation));
        }
      },
    ),
    { numRuns: 500 },
  );
});
