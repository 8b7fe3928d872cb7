// Subscriptions on a connection that holds: events in order, ends of every kind, consumers that leave.

import { equal, matches, rejection } from './support/assert.js';
import { all, nextOf, upTo } from './support/waiting.js';

const orders = 'subscription { topic(name: "orders") }';

/** @type {readonly import('../environment.js').Case[]} */
export const subscriptions = [
  {
    name: 'events come all, in order, as they are, and then the end',
    async run({ open }) {
      const session = open();
      equal(
        await all(session.subscribe('subscription ($last: Int!) { countTo(last: $last) }', { last: 500 })),
        upTo(500).map((countTo) => ({ type: 'data', data: { countTo }, replayed: false })),
      );
      equal(session.operations, 0);
    },
  },
  {
    name: 'events that come before the consumer asks wait for it',
    async run({ open, control }) {
      const session = open();
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      await control.publish('orders', 'a', 'b');
      await control.finish('orders');
      await control.until({ sources: 0 });
      equal([await nextOf(subscription), await nextOf(subscription)], [{ topic: 'a' }, { topic: 'b' }]);
      equal([await nextOf(subscription), await nextOf(subscription)], ['end', 'end']);
    },
  },
  {
    name: 'a consumer that asks several times ahead is served in order',
    async run({ open, control }) {
      const subscription = open().subscribe(orders);
      const asked = [nextOf(subscription), nextOf(subscription), nextOf(subscription)];
      await control.until({ sources: 1 });
      await control.publish('orders', 'a', 'b');
      await control.finish('orders');
      equal(await Promise.all(asked), [{ topic: 'a' }, { topic: 'b' }, 'end']);
    },
  },
  {
    name: 'leaving the loop closes the source, and the connection is used on',
    async run({ open, control }) {
      const session = open();
      const subscription = session.subscribe(orders);
      await control.until({ sources: 1 });
      await control.publish('orders', 'a', 'b', 'c');
      for await (const event of subscription) {
        matches(event, { type: 'data', data: { topic: 'a' } });
        break;
      }
      await control.until({ sources: 0 });
      equal(await nextOf(subscription), 'end');
      equal(session.operations, 0);
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      matches(session.state, { generation: 1 });
    },
  },
  {
    name: 'return() ends a consumer that waits, and asyncDispose does the same',
    async run({ open, control }) {
      const session = open();
      const [first, second] = [session.subscribe(orders), session.subscribe(orders)];
      const waiting = [nextOf(first), nextOf(second)];
      await control.until({ sources: 2 });
      await first.return?.();
      await second[Symbol.asyncDispose]();
      equal(await Promise.all(waiting), ['end', 'end']);
      await control.until({ sources: 0 });
      equal(session.operations, 0);
    },
  },
  {
    name: 'a subscription that is left at once leaves nothing on the server',
    needs: ['early-stop'],
    async run({ open, control }) {
      const session = open();
      await session.ready();
      await session.subscribe(orders).return?.();
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      await control.until({ sources: 0 });
    },
  },
  {
    name: 'several at once get their own events, and equal ones the same',
    async run({ open, control }) {
      const session = open();
      const names = ['a', 'a', 'b'];
      const running = names.map((name) =>
        session.subscribe('subscription ($name: String!) { topic(name: $name) }', { name }),
      );
      await control.until({ sources: 3, opened: { 'topic:a': 2, 'topic:b': 1 } });
      await control.publish('a', 'a1');
      await control.publish('b', 'b1');
      await control.publish('a', 'a2');
      const [first, second, third] = running;
      for (const one of [first, second])
        equal([await nextOf(one), await nextOf(one)], [{ topic: 'a1' }, { topic: 'a2' }]);
      equal(await nextOf(third), { topic: 'b1' });
      equal(session.operations, 3);
      await control.finish('a');
      equal([await nextOf(first), await nextOf(second)], ['end', 'end']);
      equal(session.operations, 1);
    },
  },
  {
    name: 'data() gives the data alone',
    async run({ open, holdfast }) {
      const session = open();
      const data = session.subscribe('subscription { countTo(last: 3) }').data({ onGap: 'fail' });
      equal(
        await all(data),
        upTo(3).map((countTo) => ({ countTo })),
      );
      const subscription = session.subscribe('subscription { countTo(last: 3) }');
      /** @type {any} */
      const nothing = undefined;
      await rejection(
        Promise.resolve().then(() => subscription.data(nothing)),
        holdfast.OptionError,
      );
    },
  },
  {
    name: 'errors of one event are in that event, and the subscription goes on',
    async run({ open }) {
      matches(await all(open().subscribe('subscription { oneBadEvent }')), [
        { data: { oneBadEvent: 1 } },
        { data: { oneBadEvent: null }, errors: [{ message: 'Bad event', path: ['oneBadEvent'] }] },
        { data: { oneBadEvent: 3 } },
      ]);
    },
  },
  {
    name: 'errors of one event end a loop over the data, and the source is closed',
    async run({ open, control, holdfast }) {
      const session = open();
      const data = session.subscribe('subscription { oneBadEvent }').data({ onGap: 'continue' });
      equal(await data.next(), { done: false, value: { oneBadEvent: 1 } });
      const error = await rejection(data.next(), holdfast.GraphQLResultError, { data: { oneBadEvent: null } });
      matches(error.errors, [{ message: 'Bad event' }]);
      equal(await data.next(), { done: true, value: undefined });
      await control.until({ sources: 0 });
      equal(session.operations, 0);
    },
  },
  {
    name: 'a subscription that cannot start fails with the errors of the server, once',
    async run({ open, holdfast }) {
      const session = open();
      /** @type {readonly (readonly [string, RegExp])[]} */
      const failing = [
        ['subscription { nothing }', /"nothing"/],
        ['subscription { failsAtOnce }', /No source/],
        ['subscription ($last: Int!) { countTo(last: $last) }', /"\$last"/],
      ];
      for (const [document, message] of failing) {
        const subscription = session.subscribe(document);
        const error = await rejection(subscription.next(), holdfast.GraphQLResultError, { delivery: 'answered' });
        matches(error.errors, [{ message }]);
        equal(await nextOf(subscription), 'end');
      }
      equal(session.operations, 0);
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'a source that breaks ends its subscription after the events before, and nothing else',
    async run({ open, control, holdfast }) {
      const session = open();
      const other = session.subscribe(orders);
      await control.until({ sources: 1 });
      const broken = session.subscribe('subscription { breaksAfter(count: 2) }');
      equal([await nextOf(broken), await nextOf(broken)], [{ breaksAfter: 1 }, { breaksAfter: 2 }]);
      const error = await rejection(broken.next(), holdfast.GraphQLResultError);
      matches(error.errors, [{ message: /The source broke/ }]);
      equal(await nextOf(broken), 'end');
      await control.publish('orders', 'a');
      equal(await nextOf(other), { topic: 'a' });
      matches(session.state, { generation: 1 });
    },
  },
  {
    name: 'only a subscription can be subscribed to',
    async run({ open, holdfast, control }) {
      const session = open();
      for (const document of ['{ echo(text: "a") }', 'mutation { add(key: "k") }', 'subscription {']) {
        await rejection(
          Promise.resolve().then(() => session.subscribe(document)),
          holdfast.DocumentError,
        );
      }
      await session.ready();
      equal((await control.counts()).executed, {});
    },
  },
];
