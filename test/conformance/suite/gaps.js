// Subscriptions that outlive their connections: the same iterator goes on, and every interruption is told in its place.

import { equal, matches, ok, rejection } from './support/assert.js';
import { all, counting, cutOff, nextOf } from './support/waiting.js';

const orders = 'subscription { topic(name: "orders") }';

/** @typedef {import('../environment.js').Env} Env */

/**
 * Cuts every connection, and waits until as many sources are open again.
 *
 * @param {Env['control']} control
 * @param {number} sources
 */
async function cutAndWait(control, sources) {
  await control.refuse();
  await control.cut();
  await control.until({ sources: 0 });
  await control.accept();
  await control.until({ sources });
}

/** @type {readonly import('../environment.js').Case[]} */
export const gaps = [
  {
    name: 'a subscription goes on after its connection is cut, and says what may be missing',
    needs: ['network'],
    async run({ open, control }) {
      const session = open();
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      await control.publish('orders', 'a', 'b');
      equal([await nextOf(subscription), await nextOf(subscription)], [{ topic: 'a' }, { topic: 'b' }]);
      const before = Date.now();
      await cutAndWait(control, 1);
      await control.publish('orders', 'c');
      const { value } = await subscription.next();
      matches(value, { type: 'gap', gap: { reason: 'connection-lost', missed: undefined } });
      const { gap } = /** @type {{ gap: import('../../../src/index.js').Gap }} */ (value);
      ok(gap.lostAt <= gap.liveAt && gap.liveAt >= before, `The gap is from ${gap.lostAt} to ${gap.liveAt}.`);
      equal(await nextOf(subscription), { topic: 'c' });
      equal(session.operations, 1);
      equal((await control.counts()).opened, { 'topic:orders': 2 });
    },
  },
  {
    name: 'the gap stands between what was buffered before and what comes after',
    needs: ['network'],
    async run({ open, control }) {
      const session = open();
      const events = counting(session, ({ type }) => type === 'event');
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      await control.publish('orders', 'a', 'b');
      await events.reached(2);
      await cutAndWait(control, 1);
      await control.publish('orders', 'c');
      await control.finish('orders');
      equal(
        (await all(subscription)).map((event) => /** @type {any} */ (event).data?.topic ?? 'gap'),
        ['a', 'b', 'gap', 'c'],
      );
    },
  },
  {
    name: 'an outage after the other is one gap, where nothing came between',
    needs: ['network'],
    async run({ open, control }) {
      const session = open();
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      for (let round = 0; round < 3; round++) await cutAndWait(control, 1);
      await control.publish('orders', 'a');
      equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: 'a' }]);
    },
  },
  {
    name: 'each of several subscriptions tells its own gap, once',
    needs: ['network'],
    async run({ open, control }) {
      const session = open();
      const names = ['a', 'b', 'c'];
      const running = names.map((name) => session.subscribe(`subscription { topic(name: "${name}") }`));
      await control.until({ sources: 3 });
      await cutAndWait(control, 3);
      for (const [n, name] of names.entries()) {
        await control.publish(name, `${name}1`);
        const subscription = running[n];
        equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: `${name}1` }]);
      }
    },
  },
  {
    name: 'data() hands gaps to a function and waits for it, or passes over them',
    needs: ['network'],
    async run({ open, control }) {
      const session = open();
      /** @type {string[]} */
      const told = [];
      const loading = session.subscribe(orders).data({
        onGap: async ({ reason }) => {
          told.push(reason);
          await session.execute('{ echo(text: "reload") }');
          told.push('reloaded');
        },
      });
      const heedless = session.subscribe(orders).data({ onGap: 'continue' });
      await control.until({ sources: 2 });
      await cutAndWait(control, 2);
      await control.publish('orders', 'a');
      equal(await loading.next(), { done: false, value: { topic: 'a' } });
      equal(told, ['connection-lost', 'reloaded']);
      equal(await heedless.next(), { done: false, value: { topic: 'a' } });
    },
  },
  {
    name: 'data({ onGap: "fail" }) fails at a gap, and its source is closed',
    needs: ['network'],
    async run({ open, control, holdfast }) {
      const session = open();
      const data = session.subscribe(orders).data({ onGap: 'fail' });
      await control.until({ sources: 1 });
      await cutAndWait(control, 1);
      const error = await rejection(data.next(), holdfast.GapError, { code: 'gap', retryable: true });
      matches(error.gap, { reason: 'connection-lost' });
      equal(await data.next(), { done: true, value: undefined });
      await control.until({ sources: 0 });
    },
  },
  {
    name: 'a subscription that was made during an outage starts without a gap',
    needs: ['network', 'known-unsent'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      await session.ready();
      await control.refuse();
      await cutOff(session, env);
      const subscription = session.subscribe(orders);
      await control.accept();
      await control.until({ sources: 1 });
      await control.publish('orders', 'a');
      equal(await nextOf(subscription), { topic: 'a' });
    },
  },
  {
    name: 'a subscription that was left or has ended does not come back',
    needs: ['network'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      const [left, ended, kept] = ['left', 'ended', 'kept'].map((name) =>
        session.subscribe(`subscription { topic(name: "${name}") }`),
      );
      await control.until({ sources: 3 });
      await control.finish('ended');
      equal(await nextOf(ended), 'end');
      await control.refuse();
      await cutOff(session, env);
      await left.return?.();
      await control.accept();
      await control.until({ sources: 1, opened: { 'topic:kept': 2 } });
      equal((await control.counts()).opened, { 'topic:left': 1, 'topic:ended': 1, 'topic:kept': 2 });
      equal(session.operations, 1);
      await control.publish('kept', 'a');
      equal([await nextOf(kept), await nextOf(kept)], ['connection-lost', { topic: 'a' }]);
    },
  },
  {
    name: 'a subscription that must not be started again fails when its connection is cut',
    needs: ['network'],
    async run({ open, control, holdfast, lost }) {
      const session = open();
      const subscription = session.subscribe(orders, {}, { retry: false });
      await control.until({ sources: 1 });
      await control.publish('orders', 'a');
      equal(await nextOf(subscription), { topic: 'a' });
      const fails = rejection(subscription.next(), holdfast.ConnectionLostError, lost);
      await control.cut();
      await fails;
      equal(await nextOf(subscription), 'end');
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      equal((await control.counts()).opened, { 'topic:orders': 1 });
    },
  },
];
