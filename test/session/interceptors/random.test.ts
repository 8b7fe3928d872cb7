// Random interceptors, random callers, a random network: whatever meets, every operation ends once and in time, nothing is
// left, and no mutation is sent again that may have run.

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { closedWith, httpStatus } from '../support/failures.js';
import type { FakeConnection, FakeRequest } from '../support/fake-transport.js';
import { makeSession } from '../support/harness.js';
import { mischiefs, mischievous } from './mischief.js';
import { mutedConsole } from './support.js';

beforeEach(() => {
  mutedConsole();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const deadlineMs = 5_000;
const windowMs = 3_000;
const lookEveryMs = 100;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('query', 'mutation', 'subscription') },
  { weight: 6, arbitrary: fc.constantFrom('answer', 'answer with errors', 'complete', 'fail', 'refuse') },
  { weight: 2, arbitrary: fc.constantFrom('lose', 'lose suspiciously', 'go away', 'backlog high', 'backlog low') },
  { weight: 3, arbitrary: fc.constantFrom('accept', 'accept', 'accept', 'refuse to open', 'pong') },
  { weight: 3, arbitrary: fc.constantFrom('a while', 'a longer while', 'abort', 'take', 'leave') },
);
const interceptors = fc.array(fc.array(fc.constantFrom(...mischiefs), { minLength: 1, maxLength: 4 }), {
  maxLength: 3,
});

const world = fc.record({
  call: interceptors,
  attempt: interceptors,
  steps: fc.array(fc.tuple(step, fc.nat(20)), { maxLength: 40 }),
  pool: fc.boolean(),
  sendsAtOnce: fc.boolean(),
  flow: fc.boolean(),
  keys: fc.boolean(),
  maxInFlight: fc.constantFrom(1, 2, 1_000),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** What the server knows of one send. */
interface Sent {
  readonly request: FakeRequest;
  readonly at: number;
  outcome: 'open' | 'answered' | 'refused';
}

async function run({ call, attempt, steps, pool, sendsAtOnce, flow, keys, maxInFlight }: World): Promise<void> {
  const idempotencyWindowMs = keys ? windowMs : 0;
  const later = (go: () => void): void => void made.clock.setTimer(700, go);
  const made = makeSession({
    connection: { kind: pool ? 'pool' : 'connection', sendsAtOnce, flow, idempotencyWindowMs },
    buffer: { maxEvents: 2 },
    deadlineMs,
    maxInFlight,
    interceptors: {
      call: call.map((drawn) => mischievous(drawn, later)),
      attempt: attempt.map((drawn) => mischievous(drawn, later)),
    },
  });
  const { session, transport, clock } = made;
  const ends = new Map<number, number>();
  session.on('operation', ({ type, operation }) => {
    if (type === 'ended') ends.set(operation.number, (ends.get(operation.number) ?? 0) + 1);
  });

  const connections: FakeConnection[] = [];
  const lost = new Set<FakeConnection>();
  const sent: Sent[] = [];
  const controllers: AbortController[] = [];
  const calls: { readonly promise: Promise<unknown>; settledAt: number | undefined; readonly at: number }[] = [];
  const subscriptions: ReturnType<typeof session.subscribe>[] = [];
  let started = 0;
  let opened = 0;

  /** Sends that the server has not seen before. */
  const look = (): void => {
    for (const { requests } of connections) {
      for (const request of requests) {
        const neverSent = !sendsAtOnce && request.cancelled;
        if (neverSent || sent.some((known) => known.request === request)) continue;
        sent.push({ request, at: clock.now(), outcome: 'open' });
        if (!sendsAtOnce) request.sending();
      }
    }
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += lookEveryMs) {
      await clock.advance(lookEveryMs);
      look();
    }
  };
  const open = (n: number): Sent | undefined => {
    look();
    const inProgress = connections
      .filter((connection) => !lost.has(connection) && connection.ended === undefined)
      .flatMap(({ requests }) =>
        sent.filter(({ outcome, request }) => outcome === 'open' && requests.includes(request)),
      )
      .filter(({ request }) => !request.cancelled);
    return inProgress[n % Math.max(1, inProgress.length)];
  };
  const begin = (kind: string): void => {
    started += 1;
    const controller = new AbortController();
    controllers.push(controller);
    const options = { signal: controller.signal };
    const document = `${kind} Op${started} { a }`;
    if (kind === 'subscription') {
      subscriptions.push(session.subscribe(document, undefined, options));
      return;
    }
    const call = { promise: session.result(document, undefined, options), settledAt: undefined, at: clock.now() };
    const settle = (): void => void Object.assign(call, { settledAt: clock.now() });
    call.promise.then(settle, settle);
    calls.push(call);
  };
  const answer = (one: Sent | undefined, how: string): void => {
    if (one === undefined) return;
    const { request } = one;
    if (how === 'refuse' || how === 'fail') {
      const delivery = how === 'refuse' ? 'not-sent' : undefined;
      one.outcome = how === 'refuse' ? 'refused' : 'open';
      request.fail({ code: 'network', phase: 'operation', message: how, delivery });
      return;
    }
    if (request.request.kind !== 'subscription' || how === 'complete') one.outcome = 'answered';
    if (how === 'complete') request.complete();
    else request.next(how === 'answer' ? { data: { a: 1 } } : { data: null, errors: [{ message: 'no' }] });
  };

  for (const [what, n] of steps) {
    const connection = connections.at(-1);
    const opening = transport.opens.length > opened ? transport.latest : undefined;
    if (what === 'query' || what === 'mutation' || what === 'subscription') begin(what);
    else if (what === 'accept' || what === 'refuse to open') {
      if (opening === undefined) await clock.advanceToNext();
      else if (what === 'accept') connections.push(opening.accept());
      else opening.refuse(httpStatus(503));
      if (opening !== undefined) opened = transport.opens.length;
    } else if (what === 'lose' || what === 'lose suspiciously') {
      connection?.lose(closedWith(what === 'lose' ? 1006 : 1007));
      if (connection !== undefined) lost.add(connection);
    } else if (what === 'go away') connection?.goingAway(1_000);
    else if (what === 'backlog high') connection?.backlog('high');
    else if (what === 'backlog low') connection?.backlog('low');
    else if (what === 'pong') connection?.pong();
    else if (what === 'a while') await pass(100);
    else if (what === 'a longer while') await pass(1_000);
    else if (what === 'abort') controllers[n % Math.max(1, controllers.length)]?.abort();
    else if (what === 'take') subscriptions[n % Math.max(1, subscriptions.length)]?.next().catch(() => {});
    else if (what === 'leave') void subscriptions[n % Math.max(1, subscriptions.length)]?.return?.();
    else answer(open(n), what);
    await clock.advance(0);
    look();
  }

  // Every call by its deadline, whatever holds it.
  await pass(deadlineMs);
  for (const { settledAt, at } of calls) {
    expect(settledAt).toBeDefined();
    expect(settledAt).toBeLessThanOrEqual(at + deadlineMs);
  }
  const closed = session.close({ graceMs: 100 });
  await clock.advance(2_000);
  await closed;
  expect(session.operations).toBe(0);
  for (const subscription of subscriptions) await subscription.return?.();
  await clock.advance(1_000);
  expect(clock.pending).toBe(0);
  expect([...ends.values()].filter((times) => times !== 1)).toEqual([]);
  expect(ends.size).toBe(started);

  const mutations = new Map<string | undefined, Sent[]>();
  for (const one of sent) {
    const { kind, operationName } = one.request.request;
    if (kind === 'mutation') mutations.set(operationName, [...(mutations.get(operationName) ?? []), one]);
  }
  for (const sends of mutations.values()) {
    /** The first that may have run, since the last answer: after an answer an interceptor may well start it again. */
    let unknown: Sent | undefined;
    for (const one of sends) {
      if (unknown !== undefined) {
        // The server must have been given its key, and hold it still.
        expect(unknown.request.idempotencyKey).toBeDefined();
        expect(one.request.idempotencyKey).toBe(unknown.request.idempotencyKey);
        expect(one.at - unknown.at).toBeLessThan(windowMs + lookEveryMs);
      }
      if (one.outcome === 'answered') unknown = undefined;
      else if (one.outcome === 'open') unknown ??= one;
    }
  }
}

test('Whatever interceptors do, every operation ends once and in time, and no mutation is repeated by accident', {
  timeout: patienceMs,
}, async () => {
  await fc.assert(fc.asyncProperty(world, run), { numRuns: 400 });
});
