// Errors stay whole on their way through interceptors: what the session makes is what the caller gets, the very same object.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { QueueFullError } from '../../../src/session/errors/queue-full-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import type { Failure } from '../../../src/transport/contract.js';
import { closedWith, httpStatus } from '../support/failures.js';
import { type Harness, makeSession, readySession, rejection } from '../support/harness.js';
import { changing, KeepsRequests, recording } from './support.js';

/** Two interceptors that hand failures on, and what they saw. */
function watching(): { readonly failures: Failure[]; readonly call: ReturnType<typeof changing>[] } {
  const failures: Failure[] = [];
  const seeing = changing({
    sink: (sink) => ({
      error: (failure) => {
        failures.push(failure);
        // As interceptors do that add something.
        sink.error({ ...failure, message: `Seen: ${failure.message}` });
      },
    }),
  });
  return { failures, call: [seeing, seeing] };
}

async function expectWhole(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => Error,
  failures: readonly Failure[],
) {
  const error = await rejection(promise, kind);
  expect(failures.at(-1)?.cause).toBe(error);
  return error;
}

describe('through interceptors of calls, the caller gets the same', () => {
  test('OutcomeUnknownError', async () => {
    const { failures, call } = watching();
    const { session, connection } = await readySession({ interceptors: { call } });
    const promise = session.execute('mutation Pay { pay }');
    connection.lose(closedWith(1012, 'restart'));
    const error = await expectWhole(promise, OutcomeUnknownError, failures);
    expect(error).toMatchObject({ closeCode: 1012, delivery: 'unknown', attempts: 1 });
    expect(failures[0]).toMatchObject({ code: 'closed', closeCode: 1012, closeReason: 'restart', delivery: 'unknown' });
  });

  test('ConnectionLostError', async () => {
    const { failures, call } = watching();
    const { session, connection } = await readySession({ retry: { execute: false }, interceptors: { call } });
    const promise = session.execute('{ a }');
    connection.lose();
    await expectWhole(promise, ConnectionLostError, failures);
  });

  test('OperationRejectedError', async () => {
    const { failures, call } = watching();
    const { session, connection, accept } = await readySession({ interceptors: { call } });
    const promise = session.execute('{ a }');
    const rejected = expectWhole(promise, OperationRejectedError, failures);
    connection.lose(closedWith(1009));
    (await accept()).lose(closedWith(1009));
    await rejected;
  });

  test('ResponseError, for an answer that cannot be used and for none at all', async () => {
    const { failures, call } = watching();
    const { session, connection } = await readySession({ interceptors: { call } });
    const unusable = session.execute('{ a }');
    connection.latest.fail({ ...httpStatus(404), delivery: 'answered' });
    expect(await expectWhole(unusable, ResponseError, failures)).toMatchObject({ status: 404 });
    const none = session.execute('{ a }');
    connection.latest.complete();
    expect(await expectWhole(none, ResponseError, failures)).toMatchObject({ code: 'no-answer' });
  });

  test('ConnectError, of a session that gave up', async () => {
    const { failures, call } = watching();
    const { session, refuse } = makeSession({ interceptors: { call } });
    const before = expectWhole(session.execute('{ a }'), ConnectError, failures);
    await refuse(httpStatus(404));
    expect(await before).toMatchObject({ status: 404 });
    await expectWhole(session.execute('{ a }'), ConnectError, failures);
  });

  test('GraphQLResultError that ends a subscription', async () => {
    const { failures, call } = watching();
    const { session, connection } = await readySession({ interceptors: { call } });
    const subscription = session.subscribe('subscription { s }');
    connection.latest.errors({ message: 'no' });
    await expectWhole(subscription.next(), GraphQLResultError, failures);
    expect(failures[0]).toMatchObject({ code: 'graphql-errors', errors: [{ message: 'no' }] });
  });
});

describe.each(['call', 'attempt'] as const)('interceptors of %ss see as a cancellation', (level) => {
  const endings: readonly [string, (harness: Harness, controller: AbortController) => void | Promise<void>][] = [
    ['DeadlineError', ({ clock }) => clock.advance(1_000)],
    ['CancelledError', (_harness, controller) => controller.abort()],
    ['SessionClosedError', ({ session }) => void session.close({ graceMs: 0 })],
  ];
  test.each(endings)('%s', async (name, end) => {
    const log: string[] = [];
    const harness = await readySession({ deadlineMs: 1_000, interceptors: { [level]: [recording(log)] } });
    const controller = new AbortController();
    const rejected = expect(
      harness.session.execute('{ a }', undefined, { signal: controller.signal }),
    ).rejects.toMatchObject({ name, delivery: 'unknown' });
    await end(harness, controller);
    await harness.clock.advance(0);
    await rejected;
    expect(log.filter((line) => line.endsWith('cancel'))).toHaveLength(1);
    expect(log.at(-1)).toBe('seen: cancel');
  });
});

describe.each(['call', 'attempt'] as const)('a failure that an interceptor of %ss makes itself', (level) => {
  const own: Failure = {
    code: 'interceptor',
    phase: 'prepare',
    message: 'No credit.',
    cause: new RangeError('credit'),
  };

  test('is an InterceptorError to the caller, with its cause', async () => {
    const keeps = new KeepsRequests();
    const { session, connection } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const promise = session.execute('mutation Pay { pay }');
    keeps.latest.sink.error(own);
    const error = await rejection(promise, InterceptorError);
    expect(error).toMatchObject({
      cause: own.cause,
      delivery: 'not-sent',
      phase: 'prepare',
      failure: { code: 'interceptor' },
    });
    expect(error.message).toBe('Mutation "Pay" was ended by an interceptor: No credit.');
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('ends a subscription', async () => {
    const keeps = new KeepsRequests();
    const { session } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const subscription = session.subscribe('subscription { s }');
    keeps.latest.sink.error(own);
    expect(await rejection(subscription.next(), InterceptorError)).toMatchObject({ cause: own.cause });
    expect((await subscription.next()).done).toBe(true);
  });

  test('is not taken for the error of another call that it holds', async () => {
    const keeps = new KeepsRequests();
    const { session } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const foreign = new DeadlineError('Query "Token"', 5, 'unknown', 1, undefined);
    const promise = session.execute('{ a }');
    keeps.latest.sink.error({ ...own, cause: foreign });
    expect(await rejection(promise, InterceptorError)).toMatchObject({ cause: foreign });
  });
});

test('A refusal for want of room does not reach the interceptors of a call that was never taken in', async () => {
  const log: string[] = [];
  const keeps = new KeepsRequests();
  const { session } = await readySession({
    maxWaiting: 2,
    interceptors: { call: [recording(log), keeps.interceptor] },
  });
  for (let n = 0; n < 2; n++) session.execute('{ a }').catch(() => {});
  await rejection(session.execute('{ a }'), QueueFullError);
  expect(log).toEqual(['seen: start query', 'seen: start query']);
  await session.close({ graceMs: 0 });
});
