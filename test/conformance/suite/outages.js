// Calls when connections are cut: a query waits or is asked again, a mutation is never sent twice by accident.

import { equal, matches, ok, rejection } from './support/assert.js';
import { clockToSkip } from './support/clock.js';
import { cutOff, reached, readyAgain } from './support/waiting.js';

/** An hour: whoever waits so long is woken by something else. */
const never = { connect: { delayMs: () => 3_600_000 } };

/** @typedef {import('../environment.js').Env} Env */
/** @typedef {import('../../../src/index.js').Session} Session */

/**
 * What has been asked before this was asked during the same outage, and could not be sent.
 *
 * @param {Session} session
 * @param {Env} env
 */
async function outageLasts(session, { holdfast }) {
  await rejection(session.execute('{ echo(text: "impatient") }', {}, { deadlineMs: 30 }), holdfast.DeadlineError);
}

/** @type {readonly import('../environment.js').Case[]} */
export const outages = [
  {
    name: 'a query that waits through an outage is answered, and was sent once',
    needs: ['network', 'known-unsent'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      await session.ready();
      await control.refuse();
      await cutOff(session, env);
      const call = session.result('{ echo(text: "waited") }');
      equal(session.operations, 1);
      await outageLasts(session, env);
      await control.accept();
      const { data, meta } = await call;
      equal(data, { echo: 'waited' });
      matches(meta, { attempts: 1 });
      ok(meta.generation > 1 || !env.has('one-connection'), `It was answered on connection ${meta.generation}.`);
      equal((await control.counts()).executed, { 'echo:waited': 1 });
    },
  },
  {
    name: 'a query whose connection is cut is sent again',
    needs: ['network', 'sent-once'],
    async run({ open, control, has }) {
      const session = open();
      const call = session.result('{ held(gate: "g") }');
      await control.until({ held: 1 });
      await control.cut();
      await control.until({ executed: { 'held:g': 2 } });
      await control.release('g');
      matches(await call, { data: { held: 'g' }, meta: { attempts: 2, generation: has('one-connection') ? 2 : 1 } });
      equal(session.operations, 0);
    },
  },
  {
    name: 'a query is sent as often as its rule allows, then it fails',
    needs: ['network', 'sent-once'],
    async run({ open, control, holdfast }) {
      const session = open();
      const once = session.execute('{ held(gate: "once") }', {}, { retry: false });
      const twice = session.execute('{ held(gate: "twice") }', {}, { retry: { attempts: 2, delayMs: () => 1 } });
      const onceFails = rejection(once, holdfast.ConnectionLostError, {
        attempts: 1,
        delivery: 'unknown',
        retryable: true,
      });
      const twiceFails = rejection(twice, holdfast.ConnectionLostError, { attempts: 2 });
      await control.until({ held: 2 });
      await control.cut();
      await onceFails;
      await control.until({ executed: { 'held:twice': 2 } });
      await control.cut();
      await twiceFails;
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      equal((await control.counts()).executed, { 'held:once': 1, 'held:twice': 2, 'echo:after': 1 });
    },
  },
  {
    name: 'a mutation whose connection is cut may have run, and is never sent again',
    needs: ['network', 'sent-once'],
    async run(env) {
      const { open, control, holdfast } = env;
      const session = open();
      const call = session.execute('mutation Add { addHeld(key: "k", gate: "g") }');
      const fails = rejection(call, holdfast.OutcomeUnknownError, {
        code: 'outcome-unknown',
        delivery: 'unknown',
        attempts: 1,
        retryable: false,
      });
      await control.until({ executed: { 'addHeld:k': 1 } });
      await control.cut();
      const error = await fails;
      ok(/Add/.test(error.message), `It does not say which: ${error.message}`);
      await readyAgain(session, 2, env);
      await control.release('g');
      // What comes after it on the new connection is there: it is not.
      equal(await session.execute('mutation { add(key: "after") }'), { add: 1 });
      equal((await control.counts()).executed, { 'addHeld:k': 1, 'add:after': 1 });
    },
  },
  {
    name: 'no rule makes a mutation whose outcome is unknown be sent again',
    needs: ['network', 'sent-once'],
    async run({ open, control, holdfast }) {
      const session = open();
      /** @type {unknown[]} */
      const asked = [];
      /** @type {import('../../../src/index.js').RetryRule} */
      const retry = {
        attempts: 5,
        delayMs: () => 1,
        verdict: (failure) => {
          asked.push(failure);
          return 'retry';
        },
      };
      const call = session.execute('mutation { addHeld(key: "k", gate: "g") }', {}, { retry });
      const fails = rejection(call, holdfast.OutcomeUnknownError);
      await control.until({ executed: { 'addHeld:k': 1 } });
      await control.cut();
      await fails;
      await session.execute('{ __typename }');
      equal(asked, []);
      equal((await control.counts()).executed, { 'addHeld:k': 1 });
    },
  },
  {
    name: 'mutations made during an outage wait, and each is sent once, in order where they share a connection',
    needs: ['network', 'known-unsent'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      await session.ready();
      await control.refuse();
      await cutOff(session, env);
      const calls = ['a', 'a', 'b'].map((key) =>
        session.result('mutation ($key: String!) { add(key: $key) }', { key }),
      );
      await outageLasts(session, env);
      await control.accept();
      const answers = await Promise.all(calls);
      const added = answers.map(({ data }) => /** @type {{ add: number }} */ (data).add);
      equal(env.has('one-connection') ? added : added.sort(), env.has('one-connection') ? [1, 2, 1] : [1, 1, 2]);
      equal(
        answers.map(({ meta }) => meta.attempts),
        [1, 1, 1],
      );
      equal((await control.counts()).executed, { 'add:a': 2, 'add:b': 1 });
    },
  },
  {
    name: 'a mutation that waited its turn when the connection was cut was not sent, and is sent once',
    needs: ['network'],
    async run({ open, control, has }) {
      const session = open({ maxInFlight: 1 });
      const first = session.execute('{ held(gate: "g") }');
      const second = session.result('mutation { add(key: "k") }');
      await control.until({ held: 1 });
      await control.cut();
      await control.until({ executed: { 'held:g': 2 } });
      await control.release('g');
      await first;
      matches(await second, { data: { add: 1 }, meta: { attempts: 1, generation: has('one-connection') ? 2 : 1 } });
      equal((await control.counts()).executed, { 'held:g': 2, 'add:k': 1 });
    },
  },
  {
    name: 'outages one after the other are all healed, and nothing is lost or doubled',
    needs: ['network'],
    async run(env) {
      const { open, control } = env;
      const session = open();
      for (let round = 1; round <= 4; round++) {
        await readyAgain(session, round, env);
        equal(await session.execute('mutation { add(key: "k") }'), { add: round });
        const query = session.execute(`{ held(gate: "${round}") }`);
        await control.until({ executed: { [`held:${round}`]: 1 } });
        await control.cut();
        await control.until({ executed: { [`held:${round}`]: 2 } });
        await control.release(`${round}`);
        equal(await query, { held: String(round) });
      }
      matches(session.state, { status: 'ready', generation: env.has('one-connection') ? 5 : 1 });
      equal((await control.counts()).executed['add:k'], 4);
    },
  },
  {
    name: 'reconnect() cuts the wait short, and does nothing to a connection that holds',
    needs: ['network', 'one-connection'],
    async run({ open, control, lost }) {
      const session = open({ retry: never });
      await session.ready();
      session.reconnect();
      matches(session.state, { status: 'ready', generation: 1 });
      const waiting = reached(session, 'waiting');
      await control.cut();
      const { until, attempt, cause } = await waiting;
      ok(until - Date.now() > 60_000, 'It does not wait.');
      matches({ attempt, cause }, { attempt: 1, cause: { ...lost, phase: 'connection' } });
      const call = session.execute('{ echo(text: "a") }');
      session.reconnect();
      equal(await call, { echo: 'a' });
      matches(session.state, { status: 'ready', generation: 2 });
    },
  },
  {
    name: 'a peer that falls silent is noticed, and another connection is made',
    needs: ['network', 'one-connection', 'ping'],
    async run({ open, control }) {
      const clock = clockToSkip();
      const session = open({ clock, liveness: { silenceMs: 15_000, answerMs: 5_000 } });
      await session.ready();
      await control.halfOpen();
      const query = session.execute('{ echo(text: "a") }', {}, { deadlineMs: Number.POSITIVE_INFINITY });
      const waiting = reached(session, 'waiting');
      for (const ms of [15_000, 5_000]) clock.skip(ms);
      matches((await waiting).cause, { code: 'silent' });
      equal(await query, { echo: 'a' });
      ok(session.state.status === 'ready' && session.state.generation > 1, 'There is no other connection.');
      equal((await control.counts()).executed, { 'echo:a': 1 });
    },
  },
];
