// One timer for the deadlines of all calls.

import { describe, expect, test } from 'vitest';
import { Call } from '../../src/session/call.js';
import { DeadlineSweep } from '../../src/session/deadlines.js';
import type { Operation } from '../../src/session/operation.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { TestOperation } from './support/test-operation.js';

class Sweeping {
  readonly clock: VirtualClock = new VirtualClock();
  readonly operations: Set<Operation> = new Set();
  readonly expired: { readonly at: number; readonly deadlineAt: number }[] = [];
  readonly sweep: DeadlineSweep = new DeadlineSweep(this.clock, this.operations, (call) => {
    this.expired.push({ at: this.clock.now(), deadlineAt: call.deadlineAt });
    this.operations.delete(call);
  });

  call(deadlineMs: number): Call {
    const { request, rule } = new TestOperation();
    const calledAt = this.clock.now();
    const call = new Call({ request, rule, idempotencyKey: undefined, deadlineMs, calledAt }, () => this.clock.now());
    this.operations.add(call);
    this.sweep.watch(call);
    return call;
  }
}

describe('deadlines', () => {
  test('each call ends at its own deadline, whatever the order in which they were made', async () => {
    const sweeping = new Sweeping();
    for (const deadlineMs of [500, 100, 300]) sweeping.call(deadlineMs);
    await sweeping.clock.advance(1_000);
    expect(sweeping.expired).toEqual([100, 300, 500].map((at) => ({ at, deadlineAt: at })));
    expect(sweeping.clock.pending).toBe(0);
  });

  test('a thousand calls take one timer', async () => {
    const sweeping = new Sweeping();
    for (let n = 0; n < 1_000; n++) sweeping.call(1_000 - n);
    expect(sweeping.clock.pending).toBe(1);
    await sweeping.clock.advance(1_000);
    expect(sweeping.expired).toHaveLength(1_000);
  });

  test('calls that have ended by then are not seen again', async () => {
    const sweeping = new Sweeping();
    sweeping.operations.delete(sweeping.call(100));
    await sweeping.clock.advance(100);
    expect([sweeping.expired, sweeping.clock.pending]).toEqual([[], 0]);
  });

  test('a call without a deadline takes no timer, and a subscription has none', async () => {
    const sweeping = new Sweeping();
    sweeping.call(Number.POSITIVE_INFINITY);
    sweeping.operations.add(new TestOperation({ kind: 'subscription' }));
    expect(sweeping.clock.pending).toBe(0);
    sweeping.call(100);
    await sweeping.clock.advance(3_600_000);
    expect([sweeping.expired.length, sweeping.operations.size, sweeping.clock.pending]).toEqual([1, 2, 0]);
  });

  test('stopped, it leaves no timer, and it can be used again', async () => {
    const sweeping = new Sweeping();
    sweeping.call(100);
    sweeping.sweep.stop();
    expect(sweeping.clock.pending).toBe(0);
    sweeping.call(200);
    await sweeping.clock.advance(200);
    expect(sweeping.expired.map(({ at }) => at)).toEqual([200, 200]);
  });
});
