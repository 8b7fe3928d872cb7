// Deadlines and signals: the caller is told at once, and what was not sent is not sent any more.

import { equal, matches, ok, rejection } from './support/assert.js';
import { clockToSkip } from './support/clock.js';
import { cutOff, nextOf } from './support/waiting.js';

const orders = 'subscription { topic(name: "orders") }';

/** @type {readonly import('../environment.js').Case[]} */
export const deadlines = [
  {
    name: 'a call whose deadline passes while the server works on it may have run',
    async run({ open, control, holdfast }) {
      const clock = clockToSkip();
      const session = open({ clock });
      const call = session.execute('mutation { addHeld(key: "k", gate: "g") }', {}, { deadlineMs: 20_000 });
      const fails = rejection(call, holdfast.DeadlineError, { code: 'deadline', delivery: 'unknown', attempts: 1 });
      await control.until({ held: 1 });
      clock.skip(20_000);
      equal((await fails).deadlineMs, 20_000);
      equal(session.operations, 0);
      await control.release('g');
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      equal((await control.counts()).executed['addHeld:k'], 1);
    },
  },
  {
    name: 'a call whose deadline passes while it waits its turn is never sent',
    async run({ open, control, holdfast }) {
      const session = open({ maxInFlight: 1, deadlineMs: 20_000 });
      const first = session.execute('{ held(gate: "g") }');
      await control.until({ held: 1 });
      const call = session.execute('mutation { add(key: "late") }', {}, { deadlineMs: 20 });
      await rejection(call, holdfast.DeadlineError, {
        delivery: 'not-sent',
        phase: 'queue',
        attempts: 0,
        retryable: true,
      });
      await control.release('g');
      await first;
      await session.execute('{ echo(text: "after") }');
      equal((await control.counts()).executed, { 'held:g': 1, 'echo:after': 1 });
    },
  },
  {
    name: 'a call whose deadline passes while there is no connection is never sent',
    needs: ['network', 'known-unsent', 'known-waiting'],
    async run({ open, control, holdfast }) {
      await control.refuse();
      const session = open();
      const call = session.execute('mutation { add(key: "late") }', {}, { deadlineMs: 50 });
      const error = await rejection(call, holdfast.DeadlineError, { delivery: 'not-sent', attempts: 0 });
      ok(error.failure === undefined || error.failure.code === 'network', `Its failure is ${error.failure?.code}.`);
      await control.accept();
      await session.execute('{ echo(text: "after") }');
      equal((await control.counts()).executed, { 'echo:after': 1 });
    },
  },
  {
    name: 'a call that is given up while its server is being reached was not sent',
    needs: ['network', 'known-unsent', 'known-waiting'],
    async run(env) {
      const { open, control, holdfast } = env;
      const session = open();
      await session.ready();
      await control.refuse();
      await cutOff(session, env);
      const abort = new AbortController();
      const call = session.execute('mutation { add(key: "never") }', {}, { signal: abort.signal });
      abort.abort();
      await rejection(call, holdfast.CancelledError, { delivery: 'not-sent', attempts: 0 });
      await control.accept();
      await session.execute('{ echo(text: "after") }');
      equal((await control.counts()).executed, { 'echo:after': 1 });
    },
  },
  {
    name: 'the deadline of the session holds where the call has none',
    async run({ open, control, holdfast }) {
      const session = open({ deadlineMs: 50 });
      await rejection(session.execute('{ held(gate: "g") }'), holdfast.DeadlineError, { deadlineMs: 50 });
      const held = session.execute('{ held(gate: "h") }', {}, { deadlineMs: Number.POSITIVE_INFINITY });
      // Subscriptions have none.
      const subscription = session.subscribe(orders);
      await rejection(session.execute('{ held(gate: "g") }'), holdfast.DeadlineError);
      await control.until({ sources: 1, executed: { 'held:h': 1 } });
      await control.publish('orders', 'a');
      equal(await nextOf(subscription), { topic: 'a' });
      for (const gate of ['g', 'h']) await control.release(gate);
      equal(await held, { held: 'h' });
    },
  },
  {
    name: 'a signal ends a running call at once, with its reason',
    async run({ open, control, holdfast }) {
      const session = open();
      const abort = new AbortController();
      const call = session.execute('{ held(gate: "g") }', {}, { signal: abort.signal });
      await control.until({ held: 1 });
      const reason = new Error('The user left');
      abort.abort(reason);
      const error = await rejection(call, holdfast.CancelledError, {
        code: 'cancelled',
        delivery: 'unknown',
        attempts: 1,
      });
      equal(error.cause === reason, true, 'Whether the cause is the reason');
      equal(session.operations, 0);
      await control.release('g');
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      matches(session.state, { generation: 1 });
    },
  },
  {
    name: 'the server learns that a call was given up, and so does what runs for it',
    needs: ['abort'],
    async run({ open, control, holdfast }) {
      const session = open();
      const abort = new AbortController();
      const calls = [
        session.execute('{ held(gate: "g") }', {}, { signal: abort.signal }),
        session.execute('mutation { addHeld(key: "k", gate: "g") }', {}, { signal: abort.signal }),
      ];
      const kept = session.execute('{ held(gate: "kept") }');
      await control.until({ held: 3 });
      abort.abort();
      for (const call of calls) await rejection(call, holdfast.CancelledError);
      await control.until({ aborted: 2 });
      await control.release('kept');
      equal(await kept, { held: 'kept' });
      equal((await control.counts()).aborted, 2);
      await control.release('g');
    },
  },
  {
    name: 'a signal that is aborted already sends nothing',
    async run({ open, control, holdfast }) {
      const session = open();
      await session.ready();
      const signal = AbortSignal.abort();
      await rejection(session.execute('mutation { add(key: "never") }', {}, { signal }), holdfast.CancelledError, {
        delivery: 'not-sent',
        attempts: 0,
      });
      await rejection(session.subscribe(orders, {}, { signal }).next(), holdfast.CancelledError);
      await session.execute('{ echo(text: "after") }');
      matches(await control.counts(), { executed: { 'echo:after': 1, 'add:never': undefined }, opened: {} });
    },
  },
  {
    name: 'a signal ends a subscription: its consumer is told, and its source is closed',
    async run({ open, control, holdfast }) {
      const session = open();
      const abort = new AbortController();
      const [kept, left] = [session.subscribe(orders), session.subscribe(orders, {}, { signal: abort.signal })];
      await control.until({ sources: 2 });
      await control.publish('orders', 'a');
      equal(await nextOf(left), { topic: 'a' });
      const waiting = left.next();
      abort.abort();
      await rejection(waiting, holdfast.CancelledError);
      equal(await nextOf(left), 'end');
      await control.until({ sources: 1 });
      equal(await nextOf(kept), { topic: 'a' });
    },
  },
  {
    name: 'one signal may end any number of operations',
    async run({ open, control, holdfast }) {
      const session = open();
      const abort = new AbortController();
      const { signal } = abort;
      const calls = ['a', 'b', 'c'].map((gate) => session.execute(`{ held(gate: "${gate}") }`, {}, { signal }));
      const subscription = session.subscribe(orders, {}, { signal }).next();
      await control.until({ held: 3, sources: 1 });
      abort.abort();
      for (const one of [...calls, subscription]) await rejection(one, holdfast.CancelledError);
      for (const gate of ['a', 'b', 'c']) await control.release(gate);
      await control.until({ sources: 0 });
      equal(session.operations, 0);
    },
  },
];
