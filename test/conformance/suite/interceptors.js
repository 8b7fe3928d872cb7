// Interceptors around calls and around each send: what they see, change, answer and break.

import { equal, matches, rejection } from './support/assert.js';
import { all, nextOf } from './support/waiting.js';

/**
 * Writes down what passes, under a name.
 *
 * @param {string} name
 * @param {string[]} journal
 * @returns {import('../../../src/index.js').Interceptor}
 */
const journaling = (name, journal) => (next) => (request, sink) => {
  journal.push(`${name} start`);
  return next(request, {
    sending: () => sink.sending(),
    next: (result, bytes) => {
      journal.push(`${name} next`);
      sink.next(result, bytes);
    },
    error: (failure) => {
      journal.push(`${name} error`);
      sink.error(failure);
    },
    complete: () => {
      journal.push(`${name} complete`);
      sink.complete();
    },
  });
};

/** @type {readonly import('../environment.js').Case[]} */
export const interceptors = [
  {
    name: 'interceptors see a call in order on the way in, and in reverse on the way out',
    async run({ open }) {
      /** @type {string[]} */
      const journal = [];
      const session = open({
        interceptors: {
          call: [journaling('outer', journal), journaling('inner', journal)],
          attempt: [journaling('attempt', journal)],
        },
      });
      equal(await session.execute('{ echo(text: "a") }'), { echo: 'a' });
      equal(journal.slice(0, 6), [
        'outer start',
        'inner start',
        'attempt start',
        'attempt next',
        'inner next',
        'outer next',
      ]);
      equal(session.operations, 0);
    },
  },
  {
    name: 'interceptors see every event of a subscription, and its end',
    async run({ open }) {
      /** @type {string[]} */
      const journal = [];
      const session = open({ interceptors: { call: [journaling('call', journal)] } });
      const data = session.subscribe('subscription { countTo(last: 2) }').data({ onGap: 'fail' });
      equal(await all(data), [{ countTo: 1 }, { countTo: 2 }]);
      equal(journal, ['call start', 'call next', 'call next', 'call complete']);
    },
  },
  {
    name: 'a call that is sent twice passes the interceptors of calls once, and those of attempts twice',
    needs: ['network', 'sent-once'],
    async run({ open, control }) {
      /** @type {string[]} */
      const journal = [];
      const session = open({
        interceptors: { call: [journaling('call', journal)], attempt: [journaling('attempt', journal)] },
      });
      const call = session.execute('{ held(gate: "g") }');
      await control.until({ held: 1 });
      await control.cut();
      await control.until({ executed: { 'held:g': 2 } });
      await control.release('g');
      equal(await call, { held: 'g' });
      equal(journal.slice(0, 5), ['call start', 'attempt start', 'attempt error', 'attempt start', 'attempt next']);
      equal(journal.filter((line) => line === 'call start').length, 1);
    },
  },
  {
    name: 'what an interceptor changes is what the server gets',
    async run({ open, holdfast }) {
      const { mapRequest, JsonText } = holdfast;
      const signing = mapRequest(async (request) => ({
        ...request,
        extensions: JsonText.of({ ...request.extensions?.value, signature: 's1' }),
      }));
      const renaming = mapRequest((request) => ({ ...request, variables: JsonText.of({ text: 'changed' }) }));
      const session = open({ interceptors: { call: [renaming], attempt: [signing] } });
      const document = 'query ($text: String!) { echo(text: $text) extensions }';
      const answer = await session.execute(document, { text: 'given' }, { extensions: { own: 1 } });
      equal(answer, { echo: 'changed', extensions: '{"own":1,"signature":"s1"}' });
    },
  },
  {
    name: 'an interceptor may answer by itself, and nothing is sent',
    async run({ open, control }) {
      /** @type {import('../../../src/index.js').Interceptor} */
      const answering = (next) => (request, sink) => {
        if (request.operationName !== 'Cached') return next(request, sink);
        sink.next({ data: { echo: 'from the cache' } }, 0);
        sink.complete();
        return { cancel: () => {} };
      };
      const session = open({ interceptors: { call: [answering] } });
      equal(await session.execute('query Cached { echo(text: "a") }'), { echo: 'from the cache' });
      equal(await session.execute('query Asked { echo(text: "b") }'), { echo: 'b' });
      equal((await control.counts()).executed, { 'echo:b': 1 });
      equal(session.operations, 0);
    },
  },
  {
    name: 'an interceptor that throws fails the operation at hand, and nothing else',
    async run({ open, control, holdfast }) {
      /** @type {import('../../../src/index.js').Interceptor} */
      const throwing = (next) => (request, sink) => {
        if (request.operationName === 'Bad') throw new Error('A mistake of the program');
        return next(request, sink);
      };
      for (const place of ['call', 'attempt']) {
        const session = open({ interceptors: { [place]: [throwing] } });
        const running = session.subscribe('subscription Good { topic(name: "orders") }');
        await control.until({ sources: 1 });
        const error = await rejection(session.execute('mutation Bad { add(key: "k") }'), holdfast.InterceptorError);
        matches(error, { delivery: 'not-sent', message: /A mistake of the program/ });
        await rejection(session.subscribe('subscription Bad { countTo(last: 1) }').next(), holdfast.InterceptorError);
        await control.publish('orders', place);
        equal(await nextOf(running), { topic: place });
        equal(await session.execute('query Good { echo(text: "a") }'), { echo: 'a' });
        await running.return?.();
        await control.until({ sources: 0 });
      }
      equal((await control.counts()).executed['add:k'], undefined);
    },
  },
  {
    name: 'a call that is cancelled while an interceptor keeps it is never sent',
    async run({ open, control, holdfast }) {
      /** @type {(() => void)[]} */
      const letGo = [];
      const keeping = holdfast.mapRequest((request) => {
        if (request.operationName !== 'Kept') return request;
        return new Promise((resolve) => letGo.push(() => resolve(request)));
      });
      const session = open({ interceptors: { call: [keeping] } });
      const abort = new AbortController();
      const call = session.execute('mutation Kept { add(key: "k") }', {}, { signal: abort.signal });
      const late = session.execute('mutation Kept { add(key: "k") }', {}, { deadlineMs: 20 });
      const fails = rejection(late, holdfast.DeadlineError, { delivery: 'not-sent' });
      abort.abort();
      await rejection(call, holdfast.CancelledError, { delivery: 'not-sent' });
      await fails;
      equal(letGo.length, 2);
      for (const go of letGo) go();
      equal(session.operations, 0);
      equal(await session.execute('{ echo(text: "after") }'), { echo: 'after' });
      equal((await control.counts()).executed, { 'echo:after': 1 });
    },
  },
];
