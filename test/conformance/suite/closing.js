// The end of a session: what is answered, what is refused, and that nothing is left on either side.

import { equal, matches, rejection } from './support/assert.js';
import { counting, cutOff, nextOf, statesOf } from './support/waiting.js';

const orders = 'subscription { topic(name: "orders") }';
const nothingLeft = { connections: 0, sources: 0 };

/** @type {readonly import('../environment.js').Case[]} */
export const closing = [
  {
    name: 'close() lets calls in flight be answered within the grace',
    async run({ open, control }) {
      const session = open();
      const call = session.execute('mutation { addHeld(key: "k", gate: "g") }');
      await control.until({ held: 1 });
      const closed = session.close({ graceMs: 60_000 });
      matches(session.state, { status: 'closing', stage: 'draining' });
      await control.release('g');
      equal(await call, { addHeld: 1 });
      await closed;
      equal(session.state, { status: 'closed' });
      equal(session.operations, 0);
      await control.until(nothingLeft);
    },
  },
  {
    name: 'close() without grace ends calls in flight, which may have run',
    async run({ open, control, holdfast }) {
      const session = open();
      const call = session.execute('mutation { addHeld(key: "k", gate: "g") }');
      await control.until({ held: 1 });
      const fails = rejection(call, holdfast.SessionClosedError, {
        code: 'session-closed',
        phase: 'close',
        delivery: 'unknown',
        attempts: 1,
      });
      const closed = session.close({ graceMs: 0 });
      await fails;
      await control.release('g');
      await closed;
      await control.until(nothingLeft);
      equal((await control.counts()).executed, { 'addHeld:k': 1 });
    },
  },
  {
    name: 'close() refuses at once what was not sent, while what was sent is still answered',
    async run({ open, control, holdfast }) {
      const session = open({ maxInFlight: 1 });
      const sent = session.execute('{ held(gate: "g") }');
      const unsent = session.execute('mutation { add(key: "never") }');
      await control.until({ held: 1 });
      const fails = rejection(unsent, holdfast.SessionClosedError, { delivery: 'not-sent', attempts: 0 });
      const closed = session.close({ graceMs: 60_000 });
      await fails;
      await control.release('g');
      equal(await sent, { held: 'g' });
      await closed;
      equal((await control.counts()).executed, { 'held:g': 1 });
    },
  },
  {
    name: 'subscriptions end in order, after what they have buffered',
    async run({ open, control }) {
      const session = open();
      const events = counting(session, ({ type }) => type === 'event');
      const [buffering, waiting] = [session.subscribe(orders), session.subscribe(orders)];
      await control.until({ sources: 2 });
      await control.publish('orders', 'a', 'b');
      await events.reached(4);
      equal([await nextOf(waiting), await nextOf(waiting)], [{ topic: 'a' }, { topic: 'b' }]);
      const last = nextOf(waiting);
      await session.close();
      equal(await last, 'end');
      equal([await nextOf(buffering), await nextOf(buffering)], [{ topic: 'a' }, { topic: 'b' }]);
      equal(await nextOf(buffering), 'end');
      await control.until(nothingLeft);
    },
  },
  {
    name: 'a session that is closed takes nothing more',
    async run({ open, control, holdfast }) {
      const session = open();
      await session.ready();
      await session.close();
      await rejection(session.execute('mutation { add(key: "k") }'), holdfast.SessionClosedError, {
        delivery: 'not-sent',
      });
      await rejection(session.result('{ __typename }'), holdfast.SessionClosedError);
      await rejection(session.subscribe(orders).next(), holdfast.SessionClosedError);
      await rejection(session.ready(), holdfast.SessionClosedError);
      session.reconnect();
      equal(session.state, { status: 'closed' });
      equal(session.operations, 0);
      matches(await control.counts(), { executed: {}, opened: {} });
    },
  },
  {
    name: 'close() may be called again, at any time, by anybody',
    async run({ open, control }) {
      const session = open();
      await session.ready();
      const states = statesOf(session);
      await Promise.all([session.close(), session.close({ graceMs: 0 }), session[Symbol.asyncDispose]()]);
      await session.close();
      equal(states, ['ready', 'closing', 'closed']);
      await control.until(nothingLeft);
    },
  },
  {
    name: 'close() while the first connection is being made ends everything that waits for it',
    async run({ open, control, holdfast }) {
      const session = open();
      matches(session.state, { status: 'connecting', generation: 1, attempt: 1 });
      const waiting = [session.ready(), session.execute('mutation { add(key: "k") }')].map((promise) =>
        rejection(promise, holdfast.SessionClosedError, { delivery: 'not-sent' }),
      );
      const subscription = nextOf(session.subscribe(orders));
      await session.close();
      await Promise.all(waiting);
      equal(await subscription, 'end');
      equal(session.state, { status: 'closed' });
      await control.until(nothingLeft);
      matches(await control.counts(), { executed: {}, opened: {} });
    },
  },
  {
    name: 'close() ends the wait for the next attempt',
    needs: ['network', 'known-unsent'],
    async run(env) {
      const { open, control, holdfast } = env;
      const anHour = { delayMs: () => 3_600_000 };
      const session = open({ retry: { connect: anHour, execute: anHour, subscribe: anHour } });
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      await control.refuse();
      await cutOff(session, env);
      const { accepted, refused } = await control.counts();
      const call = rejection(session.execute('{ __typename }'), holdfast.SessionClosedError, { delivery: 'not-sent' });
      const end = nextOf(subscription);
      await session.close();
      await call;
      equal(await end, 'end');
      equal(session.state, { status: 'closed' });
      matches(await control.counts(), { accepted, refused });
    },
  },
];
