// Many callers of one session, and several sessions of one transport: one connection each, every answer to its own caller.

import { equal, matches, ok, rejection } from './support/assert.js';
import { bounded, nextOf, upTo } from './support/waiting.js';

/** @type {readonly import('../environment.js').Case[]} */
export const callers = [
  {
    name: 'callers before the connection is there share it, and so does everybody who waits for it',
    async run({ open, control, has }) {
      const session = open();
      const calls = upTo(20).map((n) => session.execute(`{ echo(text: "${n}") }`));
      await Promise.all([session.ready(), session.ready(), session.ready({ deadlineMs: 5_000 })]);
      equal(
        await Promise.all(calls),
        upTo(20).map((n) => ({ echo: String(n) })),
      );
      matches(session.state, { status: 'ready', generation: 1 });
      const { accepted, connections } = await control.counts();
      ok((accepted <= 1 && connections <= 1) || !has('one-connection'), `${accepted} connections were opened.`);
    },
  },
  {
    name: 'answers reach their own callers in whatever order they come',
    needs: ['many-at-once'],
    async run({ open, control }) {
      const session = open();
      /** @type {number[]} */
      const order = [];
      const gates = upTo(10).reverse();
      const calls = gates.map(async (n) => {
        equal(await session.execute('query ($gate: String!) { held(gate: $gate) }', { gate: `${n}` }), {
          held: `${n}`,
        });
        order.push(n);
      });
      await control.until({ held: 10 });
      equal(await session.execute('{ echo(text: "meanwhile") }'), { echo: 'meanwhile' });
      equal(order, []);
      for (const n of upTo(10)) {
        await control.release(`${n}`);
        await bounded(calls[gates.indexOf(n)], () => `the answer to ${n}`);
      }
      equal(order, upTo(10));
    },
  },
  {
    name: 'the same document called twice is run twice',
    async run({ open, control }) {
      const session = open();
      const document = 'mutation { add(key: "same") }';
      const added = await Promise.all([session.execute(document), session.execute(document)]);
      equal(added.map((answer) => /** @type {{ add: number }} */ (answer).add).sort(), [1, 2]);
      equal((await control.counts()).executed, { 'add:same': 2 });
    },
  },
  {
    name: 'sessions of one transport have their own connections and do not affect each other',
    async run({ open, transport, holdfast }) {
      const shared = transport();
      const [first, second] = [open({ transport: shared }), open({ transport: shared })];
      const topic = second.subscribe('subscription { countTo(last: 2) }');
      equal(await first.execute('{ echo(text: "1") }'), { echo: '1' });
      equal(await nextOf(topic), { countTo: 1 });
      await first.close();
      await rejection(first.execute('{ echo(text: "1") }'), holdfast.SessionClosedError);
      equal(await second.execute('{ echo(text: "2") }'), { echo: '2' });
      equal(await nextOf(topic), { countTo: 2 });
      matches(second.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'no more calls are on the wire than maxInFlight, and the others are served in order',
    async run({ open, control }) {
      const session = open({ maxInFlight: 2 });
      /** @type {string[]} */
      const order = [];
      const calls = ['a', 'b', 'c', 'd'].map(async (gate) => {
        await session.execute('query ($gate: String!) { held(gate: $gate) }', { gate });
        order.push(gate);
      });
      await control.until({ held: 2, executed: { 'held:a': 1, 'held:b': 1 } });
      // Subscriptions do not count.
      equal(await nextOf(session.subscribe('subscription { countTo(last: 1) }')), { countTo: 1 });
      equal((await control.counts()).held, 2);
      await control.release('b');
      await control.until({ held: 2, executed: { 'held:c': 1, 'held:d': 0 } });
      await control.release('a');
      await control.until({ held: 2, executed: { 'held:d': 1 } });
      await control.release('c');
      await calls[2];
      await control.release('d');
      await Promise.all(calls);
      equal(order, ['b', 'a', 'c', 'd']);
    },
  },
  {
    name: 'a call beyond maxWaiting is refused at once, and the others are served',
    async run({ open, control, holdfast }) {
      const session = open({ maxInFlight: 1, maxWaiting: 2 });
      await session.ready();
      const held = session.execute('{ held(gate: "g") }');
      const waiting = ['a', 'b'].map((text) => session.execute(`{ echo(text: "${text}") }`));
      const error = await rejection(session.execute('{ echo(text: "c") }'), holdfast.QueueFullError);
      matches(error, { code: 'queue-full', phase: 'queue', delivery: 'not-sent', retryable: true });
      await control.until({ held: 1 });
      await control.release('g');
      equal(await Promise.all([held, ...waiting]), [{ held: 'g' }, { echo: 'a' }, { echo: 'b' }]);
      equal((await control.counts()).executed, { 'held:g': 1, 'echo:a': 1, 'echo:b': 1 });
    },
  },
];
