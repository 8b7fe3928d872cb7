// What an environment says it lacks, it must lack: one proof for each capability. So no case is left out by mistake.

import { holdsBack, parks } from './buffers.js';
import { equal, matches, ok, rejection } from './support/assert.js';
import { clockToSkip } from './support/clock.js';
import { reached, upTo } from './support/waiting.js';

/** @typedef {import('../environment.js').Env} Env */

/** @type {Readonly<Record<import('../environment.js').Capability, (env: Env) => Promise<void>>>} */
export const absences = {
  async network({ open, control }) {
    const session = open();
    equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
    matches(session.state, { status: 'ready', generation: 1 });
    matches(await control.counts(), { connections: 0, accepted: 0 });
    await rejection(control.cut(), Error, { message: /no network/ });
  },

  async 'one-connection'({ open, control }) {
    await control.refuse();
    const session = open();
    await session.ready();
    matches(session.state, { status: 'ready', generation: 1 });
    equal((await control.counts()).accepted, 0);
    await control.accept();
    const [first, second] = ['a', 'b'].map((gate) => session.execute(`{ held(gate: "${gate}") }`));
    await control.until({ held: 2 });
    await control.cut();
    await control.until({ executed: { 'held:a': 2, 'held:b': 2 } });
    for (const gate of ['a', 'b']) await control.release(gate);
    equal(await Promise.all([first, second]), [{ held: 'a' }, { held: 'b' }]);
    matches(session.state, { status: 'ready', generation: 1 });
  },

  async 'known-unsent'({ open, control, holdfast }) {
    await control.refuse();
    const session = open();
    await rejection(session.execute('mutation { add(key: "k") }'), holdfast.OutcomeUnknownError, { attempts: 1 });
    await rejection(session.execute('{ echo(text: "a") }'), holdfast.ConnectionLostError, { attempts: 5 });
    await control.accept();
    equal(await session.execute('{ echo(text: "b") }'), { echo: 'b' });
    equal((await control.counts()).executed, { 'echo:b': 1 });
  },

  async 'known-waiting'({ open, control, holdfast }) {
    const session = open();
    await session.ready();
    await control.refuse();
    const abort = new AbortController();
    const call = session.execute('mutation { add(key: "k") }', {}, { signal: abort.signal });
    abort.abort();
    await rejection(call, holdfast.CancelledError, { delivery: 'unknown' });
    equal((await control.counts()).executed, {});
  },

  async 'sent-once'({ open, control, holdfast }) {
    const session = open();
    const call = session.execute('mutation { addHeld(key: "k", gate: "g") }');
    const fails = rejection(call, holdfast.OutcomeUnknownError, { attempts: 1 });
    await control.until({ held: 1 });
    await control.cut();
    await control.until({ executed: { 'addHeld:k': 2 } });
    await control.cut();
    await fails;
  },

  async 'many-at-once'({ open, control, holdfast }) {
    const session = open();
    const calls = upTo(9).map((n) => session.execute(`{ held(gate: "${n}") }`));
    const { held } = await control.until({ held: 6 });
    await rejection(session.execute('{ echo(text: "a") }', {}, { deadlineMs: 50 }), holdfast.DeadlineError);
    equal((await control.counts()).held, held);
    for (const n of upTo(9)) await control.release(`${n}`);
    await Promise.all(calls);
    equal((await control.counts()).executed['echo:a'], undefined);
  },

  async 'connect-hook'({ open, control, has }) {
    await control.demand('a token that nobody has');
    const session = open();
    await session.ready();
    matches(session.state, { status: 'ready', generation: 1 });
    if (!has('request-status')) equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
  },

  async 'request-status'({ open, control }) {
    const session = open();
    await session.ready();
    await control.demand('a token that nobody has');
    const { data, meta } = await session.result('{ echo(text: "a") }');
    equal(data, { echo: 'a' });
    equal(meta.status, undefined);
  },

  async 'upgrade-status'({ open, transport }) {
    const session = open({ transport: transport('/nowhere') });
    const failure = await Promise.race([
      reached(session, 'waiting').then(({ cause }) => cause),
      session.ready().then(() => undefined),
    ]);
    ok(failure === undefined || failure.status === undefined, `The status is ${failure?.status}.`);
    await session.close();
  },

  async ping({ open, holdfast }) {
    const session = open();
    await session.ready();
    matches(session.state, { liveness: 'none' });
    await rejection(session.ping(), holdfast.ConnectError, { message: /no connection that can be pinged/ });
  },

  parking: holdsBack,

  'holding-back': parks,

  async 'syntax-errors'({ open, holdfast }) {
    const session = open();
    await rejection(session.execute('{ echo(text: ) }'), holdfast.OperationRejectedError, {
      closeCode: 4500,
      attempts: 2,
    });
    equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
  },

  async abort({ open, control, holdfast }) {
    const clock = clockToSkip();
    const session = open({ clock });
    const call = rejection(session.execute('{ held(gate: "g") }', {}, { deadlineMs: 20_000 }), holdfast.DeadlineError);
    await control.until({ held: 1 });
    clock.skip(20_000);
    await call;
    equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
    matches(await control.counts(), { held: 1, aborted: 0 });
  },

  async 'early-stop'({ open, control }) {
    const session = open();
    await session.ready();
    await session.subscribe('subscription { topic(name: "orders") }').return?.();
    equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
    matches(await control.counts(), { sources: 1 });
    // Its end is the only thing that closes it.
    await control.finish('orders');
    await control.until({ sources: 0 });
  },
};
