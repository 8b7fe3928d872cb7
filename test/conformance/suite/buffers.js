// Slow consumers: what becomes of events when as many wait as may, by each policy, and that nobody else feels it.

import { equal, matches, ok, rejection } from './support/assert.js';
import { all, counting, nextOf, upTo } from './support/waiting.js';

/** @typedef {import('../environment.js').Env} Env */

const document = 'subscription Slow { topic(name: "orders") }';

/**
 * A subscription that nobody reads yet, and a function that publishes letters and waits until they have come.
 *
 * @param {Env} env
 * @param {import('../../../src/index.js').BufferOptions} buffer
 */
async function slow({ open, control }, buffer) {
  const session = open();
  const events = counting(session, ({ type, operation }) => type === 'event' && operation.name === 'Slow');
  const subscription = session.subscribe(document, {}, { buffer });
  await control.until({ sources: 1 });
  let published = 0;
  /** @param {string} letters */
  const publish = async (letters) => {
    await control.publish('orders', ...letters);
    published += letters.length;
    await events.reached(published);
  };
  return { session, subscription, publish };
}

/** @param {import('../../../src/index.js').Subscription<any>} subscription */
async function next(subscription) {
  const { done, value } = await subscription.next();
  if (done === true) return 'end';
  return value.type === 'gap' ? `${value.gap.reason} ${value.gap.missed}` : value.data.topic;
}

/** @type {readonly import('../environment.js').Case[]} */
export const buffers = [
  {
    name: 'drop-oldest keeps the newest events, and says in their place how many went',
    async run(env) {
      const { session, subscription, publish } = await slow(env, { maxEvents: 3, whenFull: 'drop-oldest' });
      await publish('abcde');
      equal([await next(subscription), await next(subscription)], ['dropped 2', 'c']);
      await publish('f');
      equal([await next(subscription), await next(subscription), await next(subscription)], ['d', 'e', 'f']);
      matches(session.state, { status: 'ready', generation: 1 });
      equal((await env.control.counts()).sources, 1);
    },
  },
  {
    name: 'latest gives way to the newest event, and says how many went',
    async run(env) {
      const { subscription, publish } = await slow(env, { maxEvents: 2, whenFull: 'latest' });
      await publish('abcd');
      equal([await next(subscription), await next(subscription), await next(subscription)], ['dropped 2', 'c', 'd']);
      await publish('e');
      equal(await next(subscription), 'e');
    },
  },
  {
    name: 'fail ends the subscription after what was buffered, and its source is closed',
    async run(env) {
      const { session, subscription, publish } = await slow(env, { maxEvents: 2, whenFull: 'fail' });
      await publish('abc');
      await env.control.until({ sources: 0 });
      equal([await next(subscription), await next(subscription), await next(subscription)], ['a', 'b', 'c']);
      const { BufferFullError } = env.holdfast;
      await rejection(subscription.next(), BufferFullError, { code: 'buffer-full', retryable: true });
      equal(await next(subscription), 'end');
      equal(session.operations, 0);
    },
  },
  {
    name: 'park stops the subscription on the server, and starts it again with a gap when the consumer has caught up',
    needs: ['parking'],
    run: parks,
  },
  {
    name: 'park holds a subscription back where it can be held back alone, and nothing is missed',
    needs: ['holding-back'],
    run: holdsBack,
  },
  {
    name: 'a subscription that is held back misses nothing, however much is published meanwhile',
    needs: ['holding-back'],
    async run(env) {
      const { control } = env;
      const { session, subscription, publish } = await slow(env, { maxEvents: 4, whenFull: 'park' });
      await publish('abcd');
      const big = upTo(40).map((n) => String(n).padEnd(64 * 1_024, '.'));
      await control.publish('orders', ...big);
      equal(await session.execute('{ echo(text: "meanwhile") }'), { echo: 'meanwhile' });
      for (const letter of 'abcd') equal(await next(subscription), letter);
      for (const topic of big)
        ok((await next(subscription)) === topic, `The event ${topic.slice(0, 5)} is not the next.`);
      equal((await control.counts()).opened, { 'topic:orders': 1 });
    },
  },
  {
    name: 'a slow consumer holds up nobody else',
    async run(env) {
      const { session, subscription, publish } = await slow(env, { maxEvents: 4 });
      const quick = session.subscribe('subscription Quick { topic(name: "orders") }');
      await env.control.until({ sources: 2 });
      await publish('ab');
      equal([await nextOf(quick), await nextOf(quick)], [{ topic: 'a' }, { topic: 'b' }]);
      await env.control.publish('orders', ...'cdefghij');
      for (const topic of 'cdefghij') equal(await nextOf(quick), { topic });
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
      equal(
        (await all(session.subscribe('subscription { countTo(last: 50) }'))).length,
        50,
        'The number of events of another one',
      );
      equal([await next(subscription), await next(subscription)], ['a', 'b']);
    },
  },
  {
    name: 'the bounds of the session hold where the subscription has none, and a byte bound counts bytes',
    async run({ open, control, holdfast }) {
      const session = open({ buffer: { maxBytes: 2_000, whenFull: 'fail' } });
      const events = counting(session, ({ type }) => type === 'event');
      const [bounded, roomy] = [
        session.subscribe(document),
        session.subscribe(document, {}, { buffer: { maxBytes: 1_000_000 } }),
      ];
      await control.until({ sources: 2 });
      const letters = upTo(4).map((n) => String(n).repeat(800));
      await control.publish('orders', ...letters);
      await events.reached(7);
      await control.until({ sources: 1 });
      for (const topic of letters) equal(await nextOf(roomy), { topic });
      const seen = await all(bounded);
      matches(
        seen.slice(0, 2),
        letters.slice(0, 2).map((topic) => ({ data: { topic } })),
      );
      equal(seen.at(-1) instanceof holdfast.BufferFullError, true, 'Whether it failed');
    },
  },
];

/**
 * Also the proof, where a subscription is not held back, that it is parked.
 *
 * @param {Env} env
 */
export async function parks(env) {
  const { control } = env;
  const { session, subscription, publish } = await slow(env, { maxEvents: 4, whenFull: 'park' });
  await publish('abcd');
  await control.until({ sources: 0 });
  await control.publish('orders', 'x');
  equal(session.operations, 1);
  equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
  equal([await next(subscription), await next(subscription)], ['a', 'b']);
  equal((await control.counts()).sources, 0);
  equal(await next(subscription), 'c');
  await control.until({ sources: 1, opened: { 'topic:orders': 2 } });
  await control.publish('orders', 'y');
  equal([await next(subscription), await next(subscription), await next(subscription)], ['d', 'parked undefined', 'y']);
  matches(session.state, { generation: 1 });
}

/**
 * Also the proof, where a subscription is not parked, that it is held back.
 *
 * @param {Env} env
 */
export async function holdsBack(env) {
  const { control } = env;
  const { session, subscription, publish } = await slow(env, { maxEvents: 4, whenFull: 'park' });
  await publish('abcd');
  await control.publish('orders', ...'efghijklmnop');
  await control.finish('orders');
  equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
  // Within a process nothing stands between the source and the session; a network takes in what is on its way.
  if (!env.has('network')) equal((await control.counts()).sources, 1);
  for (const letter of 'abcdefghijklmnop') equal(await next(subscription), letter);
  equal(await next(subscription), 'end');
  equal((await control.counts()).opened, { 'topic:orders': 1 });
}
