// Requests that stand for themselves: each is answered with an HTTP status, and each may be refused and sent again with new
// credentials.

import { equal, matches, ok, rejection } from './support/assert.js';
import { nextOf } from './support/waiting.js';

/** @typedef {import('../environment.js').Env} Env */

/**
 * A provider of an old token, and of a new one from the first refusal on. It writes down why it was asked.
 *
 * @param {Env} env
 */
function oldThenNew({ credentials }) {
  /** @type {string[]} */
  const asked = [];
  let token = 'old';
  /** @type {import('../../../src/index.js').CredentialsProvider} */
  const provider = async ({ reason, failure }) => {
    asked.push(reason);
    if (reason === 'refused') {
      ok(failure?.status === 401 || failure?.closeCode === 4403, `It was refused with ${JSON.stringify(failure)}.`);
      token = 'new';
    }
    return credentials({ token, user: `user of ${token}` });
  };
  return { provider, refusals: () => asked.filter((reason) => reason === 'refused').length };
}

/** @type {readonly import('../environment.js').Case[]} */
export const requests = [
  {
    name: 'a request that is refused is met with new credentials once, and its call sees nothing of it',
    needs: ['request-status'],
    async run(env) {
      const { open, control } = env;
      await control.demand('new');
      const { provider, refusals } = oldThenNew(env);
      const session = open({ credentials: provider });
      matches(await session.result('mutation { add(key: "k") }'), {
        data: { add: 1 },
        meta: { attempts: 2, generation: 1, status: 200 },
      });
      equal(await session.execute('{ whoami }'), { whoami: 'user of new' });
      equal(refusals(), 1);
      matches(session.state, { status: 'ready', generation: 1 });
      equal((await control.counts()).executed, { 'add:k': 1 });
    },
  },
  {
    name: 'requests that are refused at the same time are one question to the provider',
    needs: ['request-status'],
    async run(env) {
      const { open, control } = env;
      await control.demand('new');
      const { provider, refusals } = oldThenNew(env);
      const session = open({ credentials: provider });
      const calls = ['a', 'b', 'c', 'd'].map((key) =>
        session.execute(`mutation { add(key: "${key}") whoami: add(key: "${key}2") }`),
      );
      equal(
        await Promise.all(calls),
        ['a', 'b', 'c', 'd'].map(() => ({ add: 1, whoami: 1 })),
      );
      equal(refusals(), 1);
    },
  },
  {
    name: 'a subscription that is refused starts with new credentials, and without a gap',
    needs: ['request-status'],
    async run(env) {
      const { open, control } = env;
      await control.demand('new');
      const { provider, refusals } = oldThenNew(env);
      const subscription = open({ credentials: provider }).subscribe('subscription { countTo(last: 2) }');
      equal([await nextOf(subscription), await nextOf(subscription)], [{ countTo: 1 }, { countTo: 2 }]);
      equal([await nextOf(subscription), refusals()], ['end', 1]);
    },
  },
  {
    name: 'a refusal that new credentials do not cure fails its call with the status, and the session goes on',
    needs: ['request-status'],
    async run(env) {
      const { open, control, holdfast } = env;
      await control.demand('none has it');
      const { provider, refusals } = oldThenNew(env);
      const session = open({ credentials: provider });
      const refused = { code: 'http-status', status: 401, delivery: 'answered' };
      await rejection(session.execute('mutation { add(key: "k") }'), holdfast.ResponseError, {
        ...refused,
        attempts: 2,
      });
      equal(refusals(), 1);
      const plain = open({ credentials: env.credentials({ token: 'old' }) });
      await rejection(plain.execute('{ whoami }'), holdfast.ResponseError, { ...refused, attempts: 1 });
      await control.demand('new');
      equal(await session.execute('{ whoami }'), { whoami: 'user of new' });
      matches(session.state, { status: 'ready', generation: 1 });
      equal((await control.counts()).executed, {});
    },
  },
  {
    name: 'a refusal later on is met with new credentials, and disturbs nothing that runs',
    needs: ['request-status', 'network'],
    async run(env) {
      const { open, control } = env;
      await control.demand('old');
      const { provider, refusals } = oldThenNew(env);
      const session = open({ credentials: provider });
      const subscription = session.subscribe('subscription { topic(name: "orders") }');
      const held = session.execute('{ held(gate: "g") }');
      await control.until({ sources: 1, held: 1 });
      await control.demand('new');
      equal(await session.execute('{ whoami }'), { whoami: 'user of new' });
      await control.publish('orders', 'a');
      equal(await nextOf(subscription), { topic: 'a' });
      await control.release('g');
      equal(await held, { held: 'g' });
      await control.cut();
      await control.until({ opened: { 'topic:orders': 2 } });
      await control.publish('orders', 'b');
      equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: 'b' }]);
      equal(refusals(), 1);
    },
  },
  {
    name: 'an address where there is nothing fails its calls with the status, and the session goes on',
    needs: ['request-status'],
    async run({ open, transport, holdfast }) {
      const session = open({ transport: transport('/nowhere') });
      const error = await rejection(session.execute('mutation { add(key: "k") }'), holdfast.ResponseError, {
        code: 'http-status',
        status: 404,
        delivery: 'answered',
        attempts: 1,
      });
      ok(/\/nowhere/.test(error.message), `It does not say where: ${error.message}`);
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'a result tells the status and headers that it came with, also where it holds errors',
    needs: ['request-status'],
    async run({ open }) {
      const session = open();
      for (const document of ['{ echo(text: "a") }', '{ fails(code: "E1") }']) {
        const { meta } = await session.result(document);
        matches(meta, { status: 200, headers: { 'content-type': /json/ } });
      }
      matches((await session.result('{ nothing }')).meta, { status: 400 });
    },
  },
];
