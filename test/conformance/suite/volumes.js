// Much at once, and big things: whole, in order, and with nothing left behind.

import { equal, matches, ok, rejection } from './support/assert.js';
import { all, bounded, nextOf, readyAgain, upTo } from './support/waiting.js';

/** @type {readonly import('../environment.js').Case[]} */
export const volumes = [
  {
    name: 'a hundred calls and fifty subscriptions at once share what connections there are, and leave nothing',
    needs: ['many-at-once'],
    async run({ open, control, has }) {
      const session = open();
      const running = upTo(50).map((n) =>
        session.subscribe('subscription ($name: String!) { topic(name: $name) }', { name: `${n}` }),
      );
      const calls = upTo(100).map((n) =>
        n % 2 === 0
          ? session.execute('query ($text: String!) { echo(text: $text) }', { text: `${n}` })
          : session.execute('mutation ($key: String!) { add(key: $key) }', { key: `${n}` }),
      );
      equal(
        await Promise.all(calls),
        upTo(100).map((n) => (n % 2 === 0 ? { echo: `${n}` } : { add: 1 })),
      );
      await control.until({ sources: 50 });
      for (const n of upTo(50)) await control.publish(`${n}`, `${n} a`, `${n} b`);
      for (const [n, subscription] of running.entries()) {
        equal(
          [await nextOf(subscription), await nextOf(subscription)],
          [{ topic: `${n + 1} a` }, { topic: `${n + 1} b` }],
        );
      }
      equal(session.operations, 50);
      await Promise.all(running.map((subscription) => subscription.return?.()));
      await control.until({ sources: 0 });
      equal(session.operations, 0);
      const { accepted, executed } = await control.counts();
      ok(accepted <= 1 || !has('one-connection'), `${accepted} connections were opened.`);
      ok(
        Object.values(executed).every((count) => count === 1),
        'Something was executed twice.',
      );
    },
  },
  {
    name: 'fifty subscriptions and twenty queries come through an outage, each told its gap once',
    needs: ['network', 'known-unsent', 'many-at-once'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      const running = upTo(50).map((n) => session.subscribe(`subscription { topic(name: "${n}") }`));
      const calls = upTo(20).map((n) => session.execute(`{ held(gate: "${n}") }`));
      await control.until({ sources: 50, held: 20 });
      await control.refuse();
      await control.cut();
      await control.until({ sources: 0 });
      await control.accept();
      await readyAgain(session, 2, env);
      await control.until({ sources: 50, held: 40 });
      for (const n of upTo(20)) await control.release(`${n}`);
      equal(
        await Promise.all(calls),
        upTo(20).map((n) => ({ held: `${n}` })),
      );
      for (const n of upTo(50)) await control.publish(`${n}`, 'a');
      for (const subscription of running) {
        equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: 'a' }]);
      }
      equal(session.operations, 50);
    },
  },
  {
    name: 'big variables and big answers arrive whole, in any script',
    async run({ open }) {
      const session = open();
      const text = 'ä漢😀x'.repeat(100_000);
      const [echoed, letters] = await Promise.all([
        session.execute('query ($text: String!) { echo(text: $text) }', { text }),
        session.execute('{ letters(count: 1000000) }'),
      ]);
      ok(/** @type {{ echo: string }} */ (echoed).echo === text, 'The text came back changed.');
      ok(/** @type {{ letters: string }} */ (letters).letters === 'ä'.repeat(1_000_000), 'The letters are others.');
      matches(session.state, { generation: 1 });
    },
  },
  {
    name: 'a big document is run as it is',
    async run({ open }) {
      const fields = upTo(500).map((n) => `field_${n}: echo(text: "${String(n).padStart(200, '.')}")`);
      const answer = /** @type {Record<string, string>} */ (await open().execute(`{ ${fields.join('\n')} }`));
      equal(Object.keys(answer).length, 500);
      equal(answer.field_500, '500'.padStart(200, '.'));
    },
  },
  {
    name: 'an answer or event that is too large fails its operation alone',
    async run({ open, control, holdfast }) {
      const session = open({ limits: { maxMessageBytes: 10_000 } });
      const subscription = session.subscribe('subscription { topic(name: "orders") }');
      await control.until({ sources: 1 });
      const error = await rejection(session.execute('{ letters(count: 6000) }'), holdfast.ResponseError);
      matches(error, { code: 'too-large', delivery: 'answered', attempts: 1 });
      equal(await session.execute('{ echo(text: "small") }'), { echo: 'small' });
      await control.publish('orders', 'a', 'x'.repeat(12_000), 'b');
      equal(await nextOf(subscription), { topic: 'a' });
      await rejection(subscription.next(), holdfast.ResponseError, { code: 'too-large' });
      await control.until({ sources: 0 });
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'many short subscriptions one after the other leave nothing behind',
    async run({ open, control }) {
      const session = open();
      const rounds = async () => {
        for (const last of upTo(20)) {
          equal((await all(session.subscribe(`subscription { countTo(last: ${last}) }`))).length, last);
        }
      };
      await bounded(Promise.all(upTo(5).map(rounds)), () => 'the end of the rounds');
      equal(session.operations, 0);
      await control.until({ sources: 0, opened: { countTo: 100 } });
    },
  },
];
