// Interceptors that refuse operations with errors of their own, and that run operations of their own in their session.

import { describe, expect, test } from 'vitest';
import { DocumentError } from '../../../src/protocol/errors/document-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import type { Interceptor, InterceptorSession } from '../../../src/session/interceptors.js';
import type { Failure } from '../../../src/transport/contract.js';
import { makeSession, readySession, rejection, watch } from '../support/harness.js';
import { readyLanes } from '../support/lanes.js';

const refusal = new DocumentError('This document is not allowed here.');
const failure: Failure = { code: 'invalid-operation', phase: 'prepare', message: refusal.message, cause: refusal };

const refuses: Interceptor = () => (_request, sink) => {
  sink.error(failure);
  return { cancel: () => {} };
};

describe.each(['call', 'attempt'] as const)('an interceptor of %ss that refuses an operation', (level) => {
  test('gives its caller its own error, the very same', async () => {
    const { session, transport } = await readySession({ interceptors: { [level]: [refuses] } });
    expect(await rejection(session.execute('{ a }'), DocumentError)).toBe(refusal);
    const events = session.subscribe('subscription { a }')[Symbol.asyncIterator]();
    expect(await rejection(Promise.resolve(events.next()), DocumentError)).toBe(refusal);
    expect(transport.opens.length).toBe(1);
    expect(session.operations).toBe(0);
  });

  test('after it was sent is no refusal: what its error says of delivery would be wrong', async () => {
    const late: Interceptor = (next) => (request, sink) =>
      next(request, { ...sink, next: () => sink.error(failure), complete: () => {} });
    const { session, connection, settle } = await readySession({ interceptors: { [level]: [late] } });
    const call = watch(session.execute('mutation { a }'));
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.error).toBeInstanceOf(InterceptorError);
    expect(call.error).toMatchObject({ delivery: 'answered', cause: refusal });
  });
});

describe('the session that an interceptor is given', () => {
  function meeting(): { readonly interceptor: Interceptor; readonly met: InterceptorSession[] } {
    const met: InterceptorSession[] = [];
    return {
      met,
      interceptor: (next, session) => {
        met.push(session);
        return next;
      },
    };
  }

  test('says when it is ready for the first time, and nothing of failures is heard by that', async () => {
    const { interceptor, met } = meeting();
    const { clock, accept, session } = makeSession({ interceptors: { call: [interceptor] } });
    expect(met[0]?.clock).toBe(clock);
    let ready = 0;
    void met[0]?.firstReady.then(() => {
      ready += 1;
    });
    await clock.advance(0);
    expect(ready).toBe(0);
    const connection = await accept();
    expect(ready).toBe(1);
    connection.lose();
    await accept();
    expect(session.state.status).toBe('ready');
    expect(ready).toBe(1);
  });

  test('runs operations of its own', async () => {
    const { interceptor, met } = meeting();
    const { connection } = await readySession({ interceptors: { call: [interceptor] } });
    const answer = met[0]?.result<{ a: number }>('{ a }');
    connection.latest.data({ a: 1 });
    expect((await answer)?.data).toEqual({ a: 1 });
  });

  test('is the same for every way to the server', async () => {
    const { interceptor, met } = meeting();
    const { session } = await readyLanes({ interceptors: { call: [interceptor], attempt: [interceptor] } });
    session.subscribe('subscription { a }');
    expect(met.length).toBe(4);
    expect(new Set(met).size).toBe(1);
  });
});
