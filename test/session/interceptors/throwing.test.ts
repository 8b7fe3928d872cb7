// Interceptors that throw, wherever they can. It ends the operation it concerns, with an InterceptorError, and nothing else.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { mapRequest } from '../../../src/session/map-request.js';
import type { Sink } from '../../../src/transport/contract.js';
import { makeSession, readySession, rejection, watch } from '../support/harness.js';
import { changing, KeepsRequests, mutedConsole, recording } from './support.js';

const levels = ['call', 'attempt'] as const;
const cause = new RangeError('a mistake');

function boom(): never {
  throw cause;
}

let muted: { readonly lines: string[] };
beforeEach(() => {
  muted = mutedConsole();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Another operation on the same session, to see that it is not concerned. */
async function expectToGoOn({ session, connection, settle }: Awaited<ReturnType<typeof readySession>>): Promise<void> {
  const other = watch(session.execute('{ other }'));
  await settle();
  connection.latest.data({ other: 1 });
  await settle();
  expect(other.value).toEqual({ other: 1 });
  expect(session.operations).toBe(0);
}

/** Throws for operations named `Bad`, with whatever it does. */
function onlyBad(interceptor: Interceptor): Interceptor {
  return (next, session) => {
    const bad = interceptor(next, session);
    return (request, sink) => (request.operationName === 'Bad' ? bad(request, sink) : next(request, sink));
  };
}

describe.each(levels)('an interceptor of %ss that throws', (level) => {
  test('when the session is made makes no session', () => {
    expect(() => makeSession({ interceptors: { [level]: [boom] } })).toThrow(cause);
  });

  test('as it is given a request ends that call, which was not sent', async () => {
    const log: string[] = [];
    const harness = await readySession({
      interceptors: { [level]: [recording(log), onlyBad(() => boom)] },
    });
    const error = await rejection(harness.session.execute('mutation Bad { a }'), InterceptorError);
    expect(error).toMatchObject({ cause, delivery: 'not-sent', code: 'interceptor' });
    expect(error.message).toContain('a mistake');
    expect(harness.connection.requests).toHaveLength(0);
    expect(log).toEqual(['seen: start mutation', 'seen: cancel']);
    await expectToGoOn(harness);
  });

  test('after it passed the request on ends that call, which was sent, and the server is told to stop', async () => {
    const careless: Interceptor = (next) => (request, sink) => {
      next(request, sink);
      return boom();
    };
    const harness = await readySession({ interceptors: { [level]: [onlyBad(careless)] } });
    const error = await rejection(harness.session.execute('mutation Bad { a }'), InterceptorError);
    expect(error).toMatchObject({ cause, delivery: 'unknown', attempts: 1 });
    expect(harness.connection.latest.cancelled).toBe(true);
    await expectToGoOn(harness);
  });

  test('as it is given the answer ends that call, which was answered', async () => {
    const log: string[] = [];
    const harness = await readySession({
      interceptors: { [level]: [recording(log), onlyBad(changing({ sink: () => ({ next: boom }) }))] },
    });
    const rejected = rejection(harness.session.execute('mutation Bad { a }'), InterceptorError);
    harness.connection.latest.data({ a: 1 });
    expect(await rejected).toMatchObject({ cause, delivery: level === 'call' ? 'answered' : 'unknown' });
    expect(log.at(-1)).toBe('seen: cancel');
    await expectToGoOn(harness);
  });

  test('as it is given an event ends that subscription, and the server is told to stop', async () => {
    const harness = await readySession({
      interceptors: { [level]: [onlyBad(changing({ sink: () => ({ next: boom }) }))] },
    });
    const subscription = harness.session.subscribe('subscription Bad { s }');
    const { latest } = harness.connection;
    latest.data(1);
    latest.data(2);
    expect(await rejection(subscription.next(), InterceptorError)).toMatchObject({ cause });
    expect(latest.cancelled).toBe(true);
    await expectToGoOn(harness);
  });

  test('as it is given a failure ends that call', async () => {
    const harness = await readySession({
      connection: { kind: 'pool' },
      retry: { execute: false },
      interceptors: { [level]: [onlyBad(changing({ sink: () => ({ error: boom }) }))] },
    });
    const rejected = rejection(harness.session.execute('query Bad { a }'), InterceptorError);
    harness.connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
    expect(await rejected).toMatchObject({ cause });
    await expectToGoOn(harness);
  });

  test('as it is given the completion of a subscription ends that', async () => {
    const harness = await readySession({
      interceptors: { [level]: [onlyBad(changing({ sink: () => ({ complete: boom }) }))] },
    });
    const subscription = harness.session.subscribe('subscription Bad { s }');
    harness.connection.latest.complete();
    expect(await rejection(subscription.next(), InterceptorError)).toMatchObject({ cause });
    await expectToGoOn(harness);
  });

  test('as it is told to cancel changes nothing about the cancellation: deadlines of others included', async () => {
    const careless: Interceptor = (next) => (request, sink) => ({ ...next(request, sink), cancel: boom });
    const harness = await readySession({ interceptors: { [level]: [onlyBad(careless)] } });
    const { session, connection, clock, settle } = harness;
    const options = { deadlineMs: 1_000 };
    const bad = watch(session.execute('query Bad { a }', undefined, options));
    const good = watch(session.execute('query Good { a }', undefined, options));
    const subscription = session.subscribe('subscription Bad { s }');
    await clock.advance(1_000);
    for (const { error } of [bad, good]) expect(error).toBeInstanceOf(DeadlineError);
    expect(await subscription.return?.()).toEqual({ done: true, value: undefined });
    await settle();
    // The server is told all the same.
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, true, true]);
    expect(muted.lines.filter((line) => line.includes('a mistake'))).toHaveLength(2);
    await expectToGoOn(harness);
    const closed = session.close();
    await clock.advance(0);
    await closed;
    expect(clock.pending).toBe(0);
  });

  test('after the end changes nothing, and is not lost', async () => {
    const late = changing({
      sink: (sink) => ({
        next: (result, bytes) => {
          sink.next(result, bytes);
          boom();
        },
        complete: boom,
      }),
    });
    const harness = await readySession({ interceptors: { [level]: [onlyBad(late)] } });
    const call = watch(harness.session.execute('query Bad { a }'));
    harness.connection.latest.data({ a: 1 });
    await harness.settle();
    expect(call.value).toEqual({ a: 1 });
    expect(muted.lines).toHaveLength(2);
    expect(muted.lines[0]).toContain('an interceptor threw after its operation had ended');
    await expectToGoOn(harness);
  });

  test('while a server answers several throws into none of the others, nor into the transport', async () => {
    const harness = await readySession({
      interceptors: { [level]: [onlyBad(changing({ sink: () => ({ next: boom }) }))] },
    });
    const { session, connection, settle } = harness;
    const calls = ['Good', 'Bad', 'Better'].map((name) => watch(session.execute(`query ${name} { a }`)));
    for (const request of connection.requests) request.data({ a: 1 });
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['resolved', 'rejected', 'resolved']);
  });

  test('out of a promise of mapRequest ends that call', async () => {
    const harness = await readySession({
      interceptors: { [level]: [onlyBad(mapRequest(() => Promise.reject(cause)))] },
    });
    const error = await rejection(harness.session.execute('query Bad { a }'), InterceptorError);
    expect(error).toMatchObject({ cause, delivery: 'not-sent', phase: 'prepare' });
    expect(error.message).toContain('a mistake');
    await expectToGoOn(harness);
  });

  test.each([
    ['undefined', undefined],
    ['a promise, as an async function does', Promise.resolve({ cancel: () => {} })],
  ])('because it answers with %s and no handle is told so', async (_name, answer) => {
    const harness = await readySession({
      interceptors: { [level]: [onlyBad(() => () => answer as never)] },
    });
    const error = await rejection(harness.session.execute('query Bad { a }'), InterceptorError);
    expect(error.message).toContain('must answer a request with a handle');
    expect(error.cause).toBeInstanceOf(OptionError);
    await expectToGoOn(harness);
  });

  test('because it is none is refused at once', () => {
    const through: Interceptor = (next) => next;
    const nothing = (() => undefined) as never;
    expect(() => makeSession({ interceptors: { [level]: [through, nothing] } })).toThrow(
      new OptionError(
        `interceptors.${level}[1]`,
        'The interceptor must return a function, as in (next) => (request, sink) => next(request, sink); it returned undefined.',
      ),
    );
  });
});

test.each(['sending', 'next', 'error', 'complete'] as const)(
  'What an outer interceptor throws in "%s" does not come out of the timers and promises of an inner one',
  async (method) => {
    const keeps = new KeepsRequests();
    const { session, settle } = await readySession({
      interceptors: { call: [changing({ sink: () => ({ [method]: boom }) }), keeps.interceptor] },
    });
    const call = watch(session.execute('{ a }'));
    const { sink } = keeps.latest;
    const hand: Record<keyof Sink, () => void> = {
      sending: () => sink.sending(),
      next: () => sink.next({ data: { a: 1 } }, 0),
      error: () => sink.error({ code: 'interceptor', phase: 'operation', message: 'mine' }),
      complete: () => sink.complete(),
    };
    expect(hand[method]).not.toThrow();
    await settle();
    expect(call.error).toMatchObject({ name: 'InterceptorError', cause });
  },
);

test('A mistake while it is told of a lost connection does not hide that the mutation may have run', async () => {
  const { session, connection, settle, accept } = await readySession({
    interceptors: { attempt: [changing({ sink: () => ({ error: boom }) })] },
  });
  const [mutation, query] = [watch(session.execute('mutation { pay }')), watch(session.execute('{ a }'))];
  connection.lose();
  await settle();
  expect(mutation.error).toBeInstanceOf(OutcomeUnknownError);
  const next = await accept();
  expect(next.queries).toEqual(['{ a }']);
  next.latest.data({ a: 1 });
  await settle();
  expect(query.value).toEqual({ a: 1 });
  expect(muted.lines).toHaveLength(2);
});

test('A call that is cancelled from within its own interceptor is cancelled on the server too', async () => {
  for (const level of levels) {
    const controller = new AbortController();
    const log: string[] = [];
    const aborting: Interceptor = (next) => (request, sink) => {
      const handle = next(request, sink);
      controller.abort();
      return handle;
    };
    const { session, connection, settle } = await readySession({
      interceptors: { [level]: [aborting, recording(log)] },
    });
    const call = watch(session.execute('{ a }', undefined, { signal: controller.signal }));
    await settle();
    expect(call.error).toMatchObject({ name: 'CancelledError', delivery: 'unknown' });
    expect(connection.latest.cancelled).toBe(true);
    expect(log.at(-1)).toBe('seen: cancel');
    expect(session.operations).toBe(0);
  }
});
