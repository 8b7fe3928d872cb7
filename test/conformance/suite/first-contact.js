// The first connection: waiting for a server that is not there yet, giving up where that is hopeless, and coming back.

import { equal, matches, ok, rejection } from './support/assert.js';
import { clockToSkip } from './support/clock.js';
import { bounded, reached } from './support/waiting.js';

/** @type {readonly import('../environment.js').Case[]} */
export const firstContact = [
  {
    name: 'connect() answers with a session that is ready',
    async run({ holdfast, transport }) {
      const session = await holdfast.connect({ transport: transport() });
      matches(session.state, { status: 'ready', generation: 1 });
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
      await session.close();
    },
  },
  {
    name: 'connect() rejects at its deadline with what went wrong, and nothing of it is left',
    needs: ['network', 'one-connection'],
    async run({ holdfast, transport, control }) {
      await control.refuse();
      const clock = clockToSkip();
      /** @type {() => void} */
      let hasFailed = () => {};
      /** @type {Promise<void>} */
      const failed = new Promise((resolve) => {
        hasFailed = resolve;
      });
      const delayMs = () => {
        hasFailed();
        return 5;
      };
      const options = {
        transport: transport(),
        retry: { connect: { delayMs } },
        limits: { openTimeoutMs: 60_000 },
        clock,
      };
      const connecting = holdfast.connect(options, { deadlineMs: 20_000 });
      const fails = rejection(connecting, holdfast.ConnectError, { delivery: 'not-sent', retryable: true });
      await bounded(failed, () => 'an attempt that fails');
      clock.skip(20_000);
      const error = await fails;
      matches(error.failure, { code: 'network', phase: 'connect' });
      ok(error.attempts > 0, `It counts ${error.attempts} attempts.`);
      await control.accept();
      const next = await holdfast.connect({ transport: transport() });
      await control.until({ connections: 1 });
      await next.close();
      await control.until({ connections: 0 });
    },
  },
  {
    name: 'ready() rejects at its deadline, and the session goes on and comes through',
    needs: ['network', 'one-connection'],
    async run({ open, control, holdfast }) {
      await control.refuse();
      const session = open();
      const call = session.execute('{ echo(text: "patient") }');
      await rejection(session.ready({ deadlineMs: 50 }), holdfast.ConnectError);
      await reached(session, 'waiting', ({ cause }) => cause.code === 'network');
      await control.accept();
      equal(await call, { echo: 'patient' });
      await session.ready();
      const { state } = session;
      ok(state.status === 'ready' && state.generation > 1, `The state is ${JSON.stringify(state)}.`);
    },
  },
  {
    name: 'ready() ends with its signal, and the session goes on',
    async run({ open, holdfast }) {
      const session = open();
      const abort = new AbortController();
      const waiting = session.ready({ signal: abort.signal });
      abort.abort(new Error('Enough'));
      await rejection(waiting, holdfast.CancelledError, { delivery: 'not-sent' });
      await rejection(session.ready({ signal: AbortSignal.abort() }), holdfast.CancelledError);
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
      await session.ready();
    },
  },
  {
    name: 'a session that must not try again fails at once, with everything that waits, until reconnect()',
    needs: ['network', 'one-connection'],
    async run({ open, control, holdfast }) {
      await control.refuse();
      const session = open({ retry: { connect: false } });
      const waiting = [
        session.ready(),
        session.execute('{ echo(text: "a") }'),
        session.subscribe('subscription { countTo(last: 1) }').next(),
      ];
      for (const one of waiting.map((promise) => rejection(promise, holdfast.ConnectError, { retryable: false }))) {
        matches(await one, { delivery: 'not-sent', failure: { code: 'network' } });
      }
      matches(session.state, { status: 'failed', attempts: 1, cause: { code: 'network' } });
      await rejection(session.execute('{ echo(text: "b") }'), holdfast.ConnectError);
      await rejection(session.ready(), holdfast.ConnectError);
      await control.accept();
      session.reconnect();
      await session.ready();
      equal(await session.execute('{ echo(text: "c") }'), { echo: 'c' });
      equal((await control.counts()).executed, { 'echo:c': 1 });
    },
  },
  {
    name: 'a session gives up after as many attempts as its rule allows',
    needs: ['network', 'one-connection'],
    async run({ open, control, holdfast }) {
      await control.refuse();
      const session = open({ retry: { connect: { attempts: 3, delayMs: () => 1 } } });
      await rejection(session.ready(), holdfast.ConnectError, { attempts: 3, retryable: false });
      matches(session.state, { status: 'failed', attempts: 3 });
      // A socket of Node may try an address twice; none may come later.
      const { refused } = await control.counts();
      ok(refused >= 3, `The server's door saw ${refused} attempts.`);
    },
  },
  {
    name: 'an address that refuses the upgrade is no server that waiting could bring',
    needs: ['network', 'upgrade-status'],
    async run({ open, transport, holdfast }) {
      const session = open({ transport: transport('/nowhere') });
      const error = await rejection(session.ready(), holdfast.ConnectError, { code: 'http-status', attempts: 1 });
      ok(error.status !== undefined && error.status >= 400 && error.status < 500, `The status is ${error.status}.`);
      matches(session.state, { status: 'failed', cause: { code: 'http-status', phase: 'connect' } });
      await rejection(session.execute('{ __typename }'), holdfast.ConnectError, { status: error.status });
    },
  },
  {
    name: 'options that cannot work are refused at once',
    async run({ open, transport, holdfast }) {
      const wrong = [
        { deadline: 5 },
        { transport: {} },
        { retry: { connect: { attempts: 0 } } },
        { buffer: { whenFull: 'explode' } },
        { maxInFlight: 0 },
        { credentials: 'token' },
      ];
      for (const given of wrong) {
        const call = async () => holdfast.createSession({ transport: transport(), .../** @type {any} */ (given) });
        await rejection(call(), holdfast.OptionError, { code: 'bad-option' });
      }
      await rejection(open().ready(/** @type {any} */ ({ timeout: 5 })), holdfast.OptionError);
    },
  },
];
