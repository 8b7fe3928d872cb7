// What a program learns of the HTTP answer behind its result or error, and of when everything happened.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../src/session/errors/response-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import type { SessionError } from '../../src/session/errors/session-error.js';
import type { Interceptor } from '../../src/session/interceptors.js';
import type { Failure, ResponseHead } from '../../src/transport/contract.js';
import { httpStatus } from './support/failures.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

const ok: ResponseHead = { status: 200, headers: { 'x-trace': '1' } };
const refused: ResponseHead = { status: 400, headers: { 'x-trace': '2' } };
const told = { status: 400, headers: { 'x-trace': '2' } };
const wrong = { errors: [{ message: 'wrong' }] };

/** A failure of an HTTP answer that is no GraphQL. */
function answered(status: number, headers: Record<string, string> = {}): Failure {
  return { ...httpStatus(status), headers, delivery: 'answered' };
}

describe('a result', () => {
  test('carries status and headers of its HTTP answer', async () => {
    const { session, connection } = await readySession();
    const result = session.result('{ a }');
    connection.latest.next({ data: {} }, 10, ok);
    expect((await result).meta).toMatchObject(ok);
  });

  test('carries those of the last part, where it came in parts', async () => {
    const { session, connection } = await readySession();
    const result = session.result('{ a }');
    connection.latest.next({ data: {}, hasNext: true }, 10, ok);
    connection.latest.next({ hasNext: false }, 10, ok);
    expect((await result).meta).toMatchObject(ok);
  });

  test('that did not come over HTTP carries none, also where an answer before it did', async () => {
    const { session, connection, clock } = await readySession();
    const result = session.result('{ a }');
    connection.latest.fail(answered(503));
    await clock.advance(250);
    connection.latest.data({});
    expect((await result).meta).toMatchObject({ attempts: 2, status: undefined, headers: undefined });
  });
});

describe('interceptors cannot lose', () => {
  const dropping: Interceptor = (next) => (request, sink) =>
    next(request, { ...sink, next: (result, bytes) => sink.next({ ...result }, bytes) });

  test.each([['call'], ['attempt']])('what an answer came with: those around a %s', async (around) => {
    const { session, connection } = await readySession({ interceptors: { [around]: [dropping] } });
    const result = session.result('{ a }');
    connection.latest.next({ data: {} }, 10, ok);
    expect((await result).meta).toMatchObject(ok);
  });

  test('what errors came with that are an answer to a call', async () => {
    const { session, connection } = await readySession({ interceptors: { attempt: [dropping] } });
    const result = session.result('{ a }');
    connection.latest.fail({ code: 'graphql-errors', phase: 'operation', message: 'wrong', ...wrong, ...told });
    expect((await result).meta).toMatchObject(told);
  });

  test('what a failure came with, of which they make an answer', async () => {
    const cached: Interceptor = (next) => (request, sink) =>
      next(request, {
        ...sink,
        error: () => {
          sink.next({ data: { old: true } }, 10);
          sink.complete();
        },
      });
    const { session, connection } = await readySession({ interceptors: { attempt: [cached] } });
    const result = session.result('{ a }');
    connection.latest.fail(answered(500, { 'x-trace': '3' }));
    expect(await result).toMatchObject({ data: { old: true }, meta: { status: 500, headers: { 'x-trace': '3' } } });
  });

  test('nor does what comes for an attempt that is over reach the next one', async () => {
    const { session, connection, clock } = await readySession({ interceptors: { attempt: [dropping] } });
    const result = session.result('{ a }');
    const [first] = connection.requests;
    first?.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(250);
    first?.next({ data: { late: true } }, 10, refused);
    connection.latest.next({ data: {} }, 10, ok);
    expect((await result).meta).toMatchObject(ok);
  });
});

describe('an answer with errors', () => {
  test('carries status and headers in what execute throws', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ a }');
    connection.latest.next(wrong, 10, refused);
    const error = await rejection(call, GraphQLResultError);
    expect(error).toMatchObject({ ...told, errors: wrong.errors, failure: { code: 'graphql-errors', ...told } });
  });

  test('carries them in what a stream and a subscription end with', async () => {
    const { session, connection, settle } = await readySession();
    const stream = watch(session.stream('{ a }').next());
    const subscription = watch(session.subscribe('subscription { s }').next());
    for (const request of connection.requests) request.next(wrong, 10, refused);
    await settle();
    expect([stream.error, subscription.error]).toMatchObject([told, told]);
  });

  test('carries them in what .data() throws for an event', async () => {
    const { session, connection } = await readySession();
    const data = session.subscribe('subscription { s }').data({ onGap: 'fail' });
    connection.latest.next({ data: { s: null }, ...wrong }, 10, ok);
    expect(await rejection(data.next(), GraphQLResultError)).toMatchObject(ok);
  });

  test('keeps the original of errors that the transport made', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }').next();
    const cause = new Error('a BigInt');
    connection.latest.fail({ code: 'graphql-errors', phase: 'operation', message: 'wrong', ...wrong, cause });
    expect(await rejection(stream, GraphQLResultError)).toMatchObject({ cause });
  });

  test('is shown with its status to a verdict of the program', async () => {
    const asked: Failure[] = [];
    const verdict = (failure: Failure): undefined => void asked.push(failure);
    const { session, connection, settle } = await readySession({ retry: { execute: { verdict } } });
    void session.execute('{ a }').catch(() => {});
    connection.latest.next(wrong, 10, refused);
    await settle();
    expect(asked).toMatchObject([{ code: 'graphql-errors', ...told }]);
  });
});

describe('an answer that cannot be used carries status and headers', () => {
  test('where it holds neither data nor errors', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ a }');
    connection.latest.next({ data: null }, 10, ok);
    expect(await rejection(call, ResponseError)).toMatchObject({ code: 'no-answer', ...ok });
  });

  test('where it was cut short, or its parts break the rules', async () => {
    const { session, connection, settle } = await readySession();
    const cut = watch(session.execute('{ a }'));
    connection.latest.next({ data: {}, hasNext: true }, 10, ok);
    connection.latest.complete();
    const broken = watch(session.execute('{ b }'));
    connection.latest.next({ data: {}, hasNext: true }, 10, ok);
    connection.latest.next({ incremental: [{ id: 'unknown', data: {} }], hasNext: false } as object, 10, ok);
    await settle();
    expect([cut.error, broken.error]).toMatchObject([
      { code: 'no-answer', ...ok },
      { code: 'protocol-error', ...ok },
    ]);
  });
});

describe('the times of a call that failed', () => {
  const calledAt = 1_000_000;

  /** The error of a call that was made at `calledAt`. */
  async function timesOf(failed: Promise<unknown>): Promise<SessionError['timings']> {
    const error = await failed.then(
      () => undefined,
      (reason: unknown) => reason as SessionError,
    );
    return error?.timings;
  }

  test('that was answered with errors: the answer ended it', async () => {
    const { session, connection, clock } = await readySession();
    const call = timesOf(session.execute('{ a }'));
    await clock.advance(30);
    connection.latest.next(wrong, 10);
    await clock.advance(30);
    expect(await call).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt + 30 });
  });

  test('that was answered with nothing usable', async () => {
    const { session, connection, clock } = await readySession();
    const empty = timesOf(session.execute('{ a }'));
    connection.latest.next({ data: null }, 10);
    const refusal = timesOf(session.execute('{ b }'));
    await clock.advance(30);
    connection.latest.fail(answered(404));
    expect(await empty).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt });
    expect(await refusal).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt + 30 });
  });

  test('that was never sent: there is no send', async () => {
    const { session, clock, settle } = makeSession({ deadlineMs: 100 });
    const late = timesOf(session.execute('{ a }'));
    const stopped = timesOf(session.execute('{ b }', {}, { signal: AbortSignal.abort() }));
    await settle();
    await clock.advance(100);
    expect(await late).toEqual({ calledAt, sentAt: undefined, endedAt: calledAt + 100 });
    expect(await stopped).toEqual({ calledAt, sentAt: undefined, endedAt: calledAt });
  });

  test('that was sent several times: the last send counts', async () => {
    const { session, connection, clock, accept } = await readySession({ retry: { execute: { attempts: 2 } } });
    const call = timesOf(session.execute('{ a }'));
    connection.lose();
    const next = await accept();
    await clock.advance(50);
    next.lose();
    expect(await call).toEqual({ calledAt, sentAt: calledAt + 250, endedAt: calledAt + 300 });
  });

  test('that may have run, and one that the session was closed over', async () => {
    const { session, connection, clock } = await readySession();
    const pay = rejection(session.execute('mutation { a }'), OutcomeUnknownError);
    await clock.advance(10);
    connection.lose();
    expect((await pay).timings).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt + 10 });
    const closed = rejection(session.execute('{ b }'), SessionClosedError);
    void session.close();
    expect((await closed).timings).toEqual({ calledAt: calledAt + 10, sentAt: undefined, endedAt: calledAt + 10 });
  });

  test('and those of a subscription: its last start, and when it ended', async () => {
    const { session, connection, clock, accept } = await readySession();
    const controller = new AbortController();
    const refused = timesOf(session.subscribe('subscription { a }').next());
    await clock.advance(30);
    connection.latest.fail({ ...answered(404), delivery: 'answered' });
    expect(await refused).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt + 30 });
    const stopped = session.subscribe('subscription { b }', {}, { signal: controller.signal });
    connection.lose();
    await accept();
    const restartedAt = clock.now();
    await clock.advance(20);
    controller.abort();
    expect(await timesOf(stopped.next())).toEqual({
      calledAt: calledAt + 30,
      sentAt: restartedAt,
      endedAt: restartedAt + 20,
    });
  });

  test('that an interceptor ended, or answered by itself', async () => {
    const denying: Interceptor = () => (_request, sink) => {
      sink.error({ code: 'interceptor', phase: 'prepare', message: 'no' });
      return { cancel: () => {} };
    };
    const { session } = await readySession({ interceptors: { call: [denying] } });
    expect(await timesOf(session.execute('{ a }'))).toEqual({ calledAt, sentAt: undefined, endedAt: calledAt });
    const answering: Interceptor = () => (_request, sink) => {
      sink.next({ data: {} }, 10);
      sink.complete();
      return { cancel: () => {} };
    };
    const other = await readySession({ interceptors: { call: [answering] } });
    const { meta } = await other.session.result('{ a }');
    expect(meta.timings).toEqual({ calledAt, sentAt: calledAt, answeredAt: calledAt });
  });

  test('and of a stream', async () => {
    const { session, connection, clock } = await readySession();
    const stream = session.stream('{ a }', {}, { as: 'patch' });
    await clock.advance(10);
    connection.latest.next({ data: {}, hasNext: true }, 10);
    await stream.next();
    await clock.advance(10);
    connection.lose();
    expect(await timesOf(stream.next())).toEqual({ calledAt, sentAt: calledAt, endedAt: calledAt + 20 });
  });

  test('are none where no call is concerned', async () => {
    const { session } = makeSession();
    expect(await timesOf(session.ping())).toBeUndefined();
    expect(await timesOf(session.ready({ deadlineMs: 0, signal: AbortSignal.abort() }))).toBeUndefined();
  });
});
