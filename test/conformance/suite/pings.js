// Pings, where the platform and the subprotocol have one.

import { equal, matches, ok, rejection } from './support/assert.js';
import { clockToSkip } from './support/clock.js';
import { bounded, reached } from './support/waiting.js';

/** @type {readonly import('../environment.js').Case[]} */
export const pings = [
  {
    name: 'a ping is answered, any number at once, and told of',
    needs: ['ping'],
    async run({ open }) {
      const session = open();
      await session.ready();
      /** @type {string[]} */
      const told = [];
      session.on('connection', ({ type }) => told.push(type));
      const pongs = await Promise.all([
        session.ping(),
        session.ping({ n: 1 }),
        session.ping({}, { deadlineMs: 5_000 }),
      ]);
      ok(
        pongs.every(({ elapsedMs }) => elapsedMs >= 0 && elapsedMs < 10_000),
        JSON.stringify(pongs),
      );
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
      equal(
        told.filter((type) => type === 'pong'),
        ['pong', 'pong', 'pong'],
      );
    },
  },
  {
    name: 'a quiet connection is kept by pings alone',
    needs: ['ping'],
    async run({ open }) {
      const clock = clockToSkip();
      const session = open({ clock, liveness: { silenceMs: 15_000, answerMs: 5_000 } });
      await session.ready();
      for (const round of ['first', 'second']) {
        const answered = new Promise((resolve) => {
          const off = session.on('connection', ({ type }) => {
            if (type !== 'pong') return;
            off();
            resolve(undefined);
          });
        });
        for (const ms of [5_000, 5_000, 5_000]) clock.skip(ms);
        await bounded(answered, () => `the ${round} pong`);
      }
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'a ping that is not answered passes its deadline',
    needs: ['ping', 'network'],
    async run({ open, control, holdfast }) {
      const session = open({ liveness: false, limits: { closeTimeoutMs: 50 } });
      await session.ready();
      await control.halfOpen();
      await rejection(session.ping({}, { deadlineMs: 50 }), holdfast.DeadlineError, { deadlineMs: 50 });
      matches(session.state, { status: 'ready', generation: 1 });
    },
  },
  {
    name: 'without a connection there is nothing to ping',
    async run({ open, holdfast }) {
      const session = open();
      await rejection(session.ping(), holdfast.ConnectError, { retryable: true });
      await session.ready();
      await rejection(session.ping({}, /** @type {any} */ ({ timeout: 5 })), holdfast.OptionError);
      await session.close();
      await rejection(session.ping(), holdfast.ConnectError);
    },
  },
  {
    name: 'a ping whose connection ends before the answer fails',
    needs: ['ping', 'network'],
    async run({ open, control, holdfast }) {
      const session = open({ liveness: false, limits: { closeTimeoutMs: 50 } });
      await session.ready();
      await control.halfOpen();
      const ping = rejection(session.ping(), holdfast.ConnectError, { retryable: true });
      await session.close({ graceMs: 0 });
      await ping;
      await reached(session, 'closed');
    },
  },
];
