// Credentials: a fresh answer for every connection, a refusal met with new ones, and calls that see nothing of it.

import { equal, matches, ok, rejection } from './support/assert.js';
import { cutOff, nextOf, readyAgain } from './support/waiting.js';

/**
 * A provider that gives tokens in order, the last one for ever, and writes down why it was asked.
 *
 * @param {Pick<import('../environment.js').Env, 'credentials'>} env
 * @param {...string} tokens
 */
function tokens({ credentials }, ...tokens) {
  /** @type {string[]} */
  const asked = [];
  /** @type {import('../../../src/index.js').CredentialsProvider} */
  const provider = async ({ reason }) => {
    const token = tokens[Math.min(asked.push(reason), tokens.length) - 1] ?? '';
    return credentials({ token, user: `user of ${token}` });
  };
  return { asked, provider };
}

/** @type {readonly import('../environment.js').Case[]} */
export const credentials = [
  {
    name: 'credentials reach the server, from an object or a provider',
    async run(env) {
      const { open } = env;
      const given = open({ credentials: env.credentials({ user: 'Ann', nested: { roles: ['a', 'b'] } }) });
      equal(await given.execute('{ whoami }'), { whoami: 'Ann' });
      const { asked, provider } = tokens(env, 't1');
      const provided = open({ credentials: provider });
      equal(await provided.execute('{ whoami }'), { whoami: 'user of t1' });
      equal(asked, ['open']);
    },
  },
  {
    name: 'calls wait for a provider that takes its time, and it is asked once',
    async run({ open, credentials }) {
      /** @type {(given: import('../../../src/index.js').Credentials) => void} */
      let answer = () => {};
      let asked = 0;
      const session = open({
        credentials: () => {
          asked += 1;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      });
      const calls = [session.execute('{ whoami }'), session.execute('{ whoami }')];
      matches(session.state, { status: 'connecting' });
      await Promise.resolve();
      answer(credentials({ user: 'Late' }));
      equal(await Promise.all(calls), [{ whoami: 'Late' }, { whoami: 'Late' }]);
      equal(asked, 1);
    },
  },
  {
    name: 'a provider that fails is asked again, and its secrets are in no message',
    async run({ open, holdfast, credentials }) {
      let asked = 0;
      /** @type {string[]} */
      const causes = [];
      const session = open({
        credentials: () => {
          asked += 1;
          if (asked < 3) throw new Error('the secret is s3cret');
          return credentials({ user: 'Ann' });
        },
      });
      session.on('state', (state) => {
        if (state.status === 'waiting') causes.push(`${state.cause.code} ${state.cause.message}`);
      });
      equal(await session.execute('{ whoami }'), { whoami: 'Ann' });
      equal(causes.length, 2);
      ok(
        causes.every((cause) => cause.startsWith('credentials ') && !cause.includes('s3cret')),
        causes.join(),
      );
      const wrong = open({ retry: { connect: false }, credentials: /** @type {any} */ (() => 'a token') });
      await rejection(wrong.ready(), holdfast.ConnectError, { code: 'credentials' });
    },
  },
  {
    name: 'a refusal at first contact is met with new credentials once, and waiting calls see nothing of it',
    needs: ['connect-hook'],
    async run(env) {
      const { open, control } = env;
      await control.demand('new');
      const { asked, provider } = tokens(env, 'old', 'new');
      const session = open({ credentials: provider });
      const calls = [session.result('{ whoami }'), session.result('mutation { add(key: "k") }')];
      matches(await Promise.all(calls), [
        { data: { whoami: 'user of new' }, meta: { attempts: 1, generation: 2 } },
        { data: { add: 1 }, meta: { attempts: 1 } },
      ]);
      equal(asked, ['open', 'refused']);
    },
  },
  {
    name: 'a refusal that new credentials do not cure is final at first contact',
    needs: ['connect-hook'],
    async run(env) {
      const { open, control, holdfast } = env;
      await control.demand('none has it');
      const { asked, provider } = tokens(env, 'old', 'new');
      const session = open({ credentials: provider });
      const call = rejection(session.execute('mutation { add(key: "k") }'), holdfast.ConnectError, {
        delivery: 'not-sent',
      });
      const error = await rejection(session.ready(), holdfast.ConnectError, { attempts: 2, retryable: false });
      ok(error.code === 'refused' || error.closeCode === 4403, `It is ${error.code}: ${error.message}`);
      await call;
      equal(asked, ['open', 'refused']);
      matches(session.state, { status: 'failed', attempts: 2 });
      const plain = open({ credentials: env.credentials({ token: 'old' }) });
      await rejection(plain.ready(), holdfast.ConnectError, { attempts: 1, retryable: false });
      equal((await control.counts()).executed, {});
    },
  },
  {
    name: 'a session that was refused comes back with reconnect(), once the server takes its credentials',
    needs: ['connect-hook'],
    async run({ open, control, holdfast, credentials }) {
      await control.demand('other');
      const session = open({ credentials: credentials({ token: 'mine' }) });
      await rejection(session.ready(), holdfast.ConnectError);
      await control.demand('mine');
      session.reconnect();
      await session.ready();
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
    },
  },
  {
    name: 'every connection has fresh credentials',
    needs: ['network', 'one-connection'],
    async run(env) {
      const { asked, provider } = tokens(env, 't1', 't2');
      const session = env.open({ credentials: provider });
      equal(await session.execute('{ whoami }'), { whoami: 'user of t1' });
      await cutOff(session, env);
      equal(await session.execute('{ whoami }'), { whoami: 'user of t2' });
      equal(asked, ['open', 'open']);
    },
  },
  {
    name: 'a refusal later on is met with new credentials, and calls and subscriptions go on',
    needs: ['network', 'connect-hook'],
    async run(env) {
      const { open, control } = env;
      const { asked, provider } = tokens(env, 'old', 'old', 'new');
      await control.demand('old');
      const session = open({ credentials: provider });
      const subscription = session.subscribe('subscription { topic(name: "orders") }');
      await control.until({ sources: 1 });
      await control.demand('new');
      await cutOff(session, env);
      equal(await session.execute('{ whoami }'), { whoami: 'user of new' });
      equal(asked, ['open', 'open', 'refused']);
      await readyAgain(session, 3, env);
      await control.until({ sources: 1 });
      await control.publish('orders', 'a');
      equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: 'a' }]);
    },
  },
];
