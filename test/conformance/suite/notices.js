// What a session tells of its connections and operations to whoever listens.

import { equal, matches, ok, rejection } from './support/assert.js';
import { all, counting, nextOf, readyAgain } from './support/waiting.js';

/** @typedef {import('../../../src/index.js').OperationNotice} OperationNotice */
/** @typedef {import('../../../src/index.js').ConnectionNotice} ConnectionNotice */

/**
 * @param {import('../../../src/index.js').Session} session
 * @param {string} [name] Of the operations that are looked at; all where it is left out.
 */
function operationsOf(session, name) {
  /** @type {OperationNotice[]} */
  const notices = [];
  session.on('operation', (notice) => {
    if (name === undefined || notice.operation.name === name) notices.push(notice);
  });
  return notices;
}

/** @param {import('../../../src/index.js').Session} session */
function connectionsOf(session) {
  /** @type {ConnectionNotice[]} */
  const notices = [];
  session.on('connection', (notice) => notices.push(notice));
  return notices;
}

/** @param {readonly { readonly type: string }[]} notices */
const types = (notices) => notices.map(({ type }) => type);

/** @type {readonly import('../environment.js').Case[]} */
export const notices = [
  {
    name: 'a connection is told of when it opens and when it ends',
    async run({ open }) {
      const session = open();
      const told = connectionsOf(session);
      await session.ready();
      await session.close();
      equal(types(told).slice(-2), ['opened', 'ended']);
      matches(told.at(-2), { type: 'opened', generation: 1, liveness: /** @type {any} */ (/ping|none/) });
      matches(told.at(-1), { type: 'ended', generation: 1, failure: { code: 'aborted', phase: 'close' } });
      ok(
        told.every(({ at }) => Math.abs(at - Date.now()) < 60_000),
        'Their moments are wrong.',
      );
    },
  },
  {
    name: 'attempts that fail are told of, and connections that are lost',
    needs: ['network', 'one-connection'],
    async run(env) {
      const { open, control, lost } = env;
      const session = open();
      await session.ready();
      const told = connectionsOf(session);
      await control.refuse();
      session.on('connection', ({ type }) => {
        if (type === 'open-failed') void control.accept();
      });
      await control.cut();
      await readyAgain(session, 3, env);
      await session.execute('{ __typename }');
      equal(types(told).slice(0, 4), ['ended', 'opening', 'open-failed', 'opening']);
      equal(types(told).at(-1), 'opened');
      matches(told[0], { generation: 1, failure: lost });
      matches(told[1], { generation: 2, attempt: 2 });
      matches(told[2], { generation: 2, failure: { code: 'network' } });
    },
  },
  {
    name: 'a query is told of from start to end',
    async run({ open }) {
      const session = open();
      await session.ready();
      const told = operationsOf(session);
      const ended = counting(session, ({ type }) => type === 'ended');
      await session.execute('query Book($secret: String!) { echo(text: $secret) }', { secret: 'hidden' });
      await ended.reached(1);
      equal(types(told), ['started', 'sending', 'ended']);
      matches(told[0], { operation: { number: 1, kind: 'query', name: 'Book' } });
      matches(told[1], { generation: 1, send: 1 });
      matches(told[2], { error: undefined, sends: 1 });
      ok(!JSON.stringify(told).includes('hidden'), 'They hold variables.');
    },
  },
  {
    name: 'a mutation that fails is told of with its error',
    needs: ['network', 'sent-once'],
    async run({ open, control, holdfast }) {
      const session = open();
      const told = operationsOf(session);
      const ended = counting(session, ({ type }) => type === 'ended');
      const call = rejection(
        session.execute('mutation { addHeld(key: "k", gate: "g") }'),
        holdfast.OutcomeUnknownError,
      );
      await control.until({ held: 1 });
      await control.cut();
      const error = await call;
      await ended.reached(1);
      equal(types(told), ['started', 'sending', 'ended']);
      equal(
        told.at(-1)?.type === 'ended' && /** @type {any} */ (told.at(-1)).error === error,
        true,
        'Whether it is the same',
      );
    },
  },
  {
    name: 'a subscription is told of with its events and interruptions',
    needs: ['network'],
    async run({ open, control, lost }) {
      const session = open();
      const told = operationsOf(session, 'Live');
      const subscription = session.subscribe('subscription Live { topic(name: "orders") }');
      await control.until({ sources: 1 });
      await control.publish('orders', 'a');
      await nextOf(subscription);
      await control.cut();
      await control.until({ opened: { 'topic:orders': 2 } });
      await control.publish('orders', 'b');
      equal([await nextOf(subscription), await nextOf(subscription)], ['connection-lost', { topic: 'b' }]);
      await subscription.return?.();
      await session.execute('query Other { __typename }');
      equal(types(told), ['started', 'sending', 'event', 'interrupted', 'sending', 'event', 'ended']);
      matches(told[3], { reason: 'connection-lost', failure: lost });
      matches(told[6], { error: undefined });
      const [, , event] = told;
      ok(event?.type === 'event' && event.bytes > 10, 'The event has no size.');
    },
  },
  {
    name: 'every operation ends once, however it ends',
    async run({ open, control, holdfast }) {
      const session = open();
      await session.ready();
      const told = operationsOf(session);
      const ended = counting(session, ({ type }) => type === 'ended');
      const abort = new AbortController();
      const calls = [
        session.execute('{ held(gate: "g") }', {}, { deadlineMs: 20 }),
        session.execute('{ held(gate: "g") }', {}, { signal: abort.signal }),
        session.execute('{ held(gate: "g") }', {}, { signal: AbortSignal.abort() }),
        session.execute('{ nothing }'),
        session.execute('{ held(gate: "g") }'),
      ].map((call) => rejection(call, holdfast.SessionError));
      await all(session.subscribe('subscription { countTo(last: 2) }'));
      session.subscribe('subscription { topic(name: "orders") }');
      await control.until({ sources: 1 });
      abort.abort();
      await Promise.all(calls.slice(0, 4));
      const closed = session.close({ graceMs: 0 });
      await Promise.all(calls);
      await control.release('g');
      await closed;
      await ended.reached(7);
      const numbers = told.flatMap(({ type, operation }) => (type === 'ended' ? [operation.number] : []));
      equal(numbers.sort(), [1, 2, 3, 4, 5, 6, 7]);
    },
  },
  {
    name: 'there are no other events to listen to',
    async run({ open, holdfast }) {
      const session = open();
      const listen = async () => session.on(/** @type {any} */ ('close'), () => {});
      await rejection(listen(), holdfast.OptionError);
      const told = operationsOf(session);
      const off = session.on('operation', () => told.push(/** @type {any} */ ('never')));
      off();
      await session.execute('{ __typename }');
      ok(!told.includes(/** @type {any} */ ('never')), 'A listener that was taken off was called.');
    },
  },
];
