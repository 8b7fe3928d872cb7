// What a session shows of itself: its states, in order, to whoever looks or listens.

import { equal, matches, ok } from './support/assert.js';
import { readyAgain, statesOf } from './support/waiting.js';

/** @type {readonly import('../environment.js').Case[]} */
export const states = [
  {
    name: 'a life without trouble: connecting, ready, closing, closed',
    async run({ open }) {
      const session = open();
      const seen = statesOf(session);
      await session.execute('{ __typename }');
      await session.close();
      equal(seen, ['connecting', 'ready', 'closing', 'closed']);
    },
  },
  {
    name: 'an outage: ready, waiting, connecting, and ready on the next connection',
    needs: ['network', 'one-connection'],
    async run(env) {
      const { open, control, lost } = env;
      const session = open();
      await session.ready();
      const seen = [session.state];
      session.on('state', (state) => {
        if (seen.at(-1)?.status !== state.status) seen.push(state);
      });
      await control.cut();
      await readyAgain(session, 2, env);
      equal(
        seen.map(({ status }) => status),
        ['ready', 'waiting', 'connecting', 'ready'],
      );
      matches(seen[1], { attempt: 1, cause: lost });
      matches(seen[2], { generation: 2, attempt: 2 });
      matches(seen[3], { generation: 2, retiring: [] });
    },
  },
  {
    name: 'an attempt that fails: connecting and waiting in turn, each counted',
    needs: ['network', 'one-connection'],
    async run({ open, control }) {
      await control.refuse();
      const session = open();
      const seen = [session.state];
      session.on('state', (state) => {
        seen.push(state);
        if (state.status === 'waiting' && state.attempt === 3) void control.accept();
      });
      await session.ready();
      equal(
        seen.slice(0, 6).map((state) => [state.status, 'attempt' in state ? state.attempt : undefined]),
        [1, 2, 3].flatMap((attempt) => [
          ['connecting', attempt],
          ['waiting', attempt],
        ]),
      );
      equal(seen.at(-1)?.status, 'ready');
    },
  },
  {
    name: 'a listener hears nothing more once it is taken off',
    async run({ open }) {
      const session = open();
      let heard = 0;
      const off = session.on('state', () => {
        heard += 1;
      });
      const others = statesOf(session);
      off();
      off();
      await session.ready();
      await session.close();
      equal(heard, 0);
      equal(others.at(-1), 'closed');
    },
  },
  {
    name: 'ready says how a dead peer would be noticed',
    needs: ['ping'],
    async run({ open }) {
      const session = open();
      await session.ready();
      matches(session.state, { liveness: 'ping' });
      const unwatched = open({ liveness: false });
      await unwatched.ready();
      matches(unwatched.state, { liveness: 'none' });
    },
  },
  {
    name: 'operations counts what is in progress: calls, subscriptions, and what waits',
    async run({ open, control }) {
      const session = open({ maxInFlight: 1 });
      const calls = ['a', 'b'].map((gate) => session.execute(`{ held(gate: "${gate}") }`));
      const subscription = session.subscribe('subscription { topic(name: "orders") }');
      equal(session.operations, 3);
      await control.until({ held: 1, sources: 1 });
      await control.release('a');
      await calls[0];
      equal(session.operations, 2);
      await subscription.return?.();
      equal(session.operations, 1);
      await control.release('b');
      await calls[1];
      equal(session.operations, 0);
      ok(session.state.status === 'ready', 'It is not ready.');
    },
  },
];
