// What an environment says it lacks, it must lack: one proof for each capability. So no case is left out by mistake.

import { holdsBack, parks } from './buffers.js';
import { equal, matches, ok, rejection } from './support/assert.js';
import { reached } from './support/waiting.js';

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

  async 'connect-hook'({ open, control }) {
    await control.demand('a token that nobody has');
    equal(await open().execute('{ echo(text: "a") }'), { echo: 'a' });
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
