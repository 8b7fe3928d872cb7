// Subscriptions on real sockets: every event in order, one stop however they are left, a clean end or a typed
// failure.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import type { Subscription } from '../../../src/session/subscription.js';
import { document, live, publish, settled } from './support/live-subscription.js';
import { countOf, nextEvent, open, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { reached } from './support/waiting.js';

const plain = { retry: { connect: false, subscribe: false } } as const;

describe.each(dialects)('a subscription over %s', (dialect) => {
  const stop = dialect === 'graphql-ws' ? 'stop' : 'complete';

  test('gives every event in order and ends when the server completes it', async () => {
    const all = await live(dialect);
    publish(all, 1, 2, 3);
    all.operation.complete();
    const seen: number[] = [];
    for await (const n of all.subscription.data({ onGap: 'fail' })) seen.push(n.n);
    expect(seen).toEqual([1, 2, 3]);
    expect(await all.subscription.next()).toEqual({ done: true, value: undefined });
    await settled(all.session);
    expect(countOf(all.server, 'stop')).toBe(0);
    expect(all.session.operations).toBe(0);
  });

  test('gives events to a consumer that waits for them, as they come', async () => {
    const all = await live(dialect);
    const waiting = [all.subscription.next(), all.subscription.next()];
    publish(all, 1, 2);
    expect(await Promise.all(waiting)).toMatchObject([{ value: { data: { n: 1 } } }, { value: { data: { n: 2 } } }]);
  });

  test('is stopped once when its consumer leaves the loop, and nothing is left of it', async () => {
    const all = await live(dialect);
    publish(all, 1, 2, 3);
    for await (const event of all.subscription) {
      expect(event).toMatchObject({ type: 'data', data: { n: 1 }, replayed: false });
      break;
    }
    await all.subscription.return?.();
    await all.server.received(stop);
    // An event that was on its way already is nobody's.
    all.operation.connection.next(all.operation.id, { data: { n: 4 } });
    await settled(all.session);
    expect(await all.subscription.next()).toEqual({ done: true, value: undefined });
    expect(countOf(all.server, 'stop')).toBe(1);
    expect(all.session.operations).toBe(0);
    expect(all.server.connections).toHaveLength(1);
  });

  test('is stopped at the end of its block', async () => {
    const all = await live(dialect);
    {
      await using subscription = all.subscription;
      publish(all, 1);
      expect(await nextEvent(subscription)).toMatchObject({ data: { n: 1 } });
    }
    await all.server.received(stop);
    await settled(all.session);
    expect(countOf(all.server, 'stop')).toBe(1);
  });

  test('left before there was a connection is never sent', async () => {
    const server = await serve(dialect);
    const session = open(server);
    await session.subscribe(document).return?.();
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(countOf(server, 'start')).toBe(1);
    expect(countOf(server, 'stop')).toBe(0);
  });

  test('cancelled by its signal is stopped, and its consumer gets the reason instead of what was buffered', async () => {
    const server = await serve(dialect);
    const session = open(server);
    const cancelling = new AbortController();
    const [waited, buffered] = [document, document].map((text) =>
      session.subscribe(text, {}, { signal: cancelling.signal }),
    ) as [Subscription, Subscription];
    await server.received('start', { count: 2 });
    const pending = rejection(waited.next(), CancelledError);
    server.subscriptions.at(1)?.next({ data: { n: 1 } });
    await settled(session);
    const reason = new Error('enough');
    cancelling.abort(reason);
    expect(await pending).toMatchObject({ code: 'cancelled', cause: reason, attempts: 1 });
    expect(await rejection(buffered.next(), CancelledError)).toMatchObject({ cause: reason });
    expect(await buffered.next()).toEqual({ done: true, value: undefined });
    await server.received(stop, { count: 2 });
    expect(session.operations).toBe(0);
  });

  test('ends without an error when the session is closed, after what was buffered', async () => {
    const all = await live(dialect);
    const waiting = all.session.subscribe(document);
    await all.server.received('start', { count: 2 });
    const pending = waiting.next();
    publish(all, 1, 2);
    await settled(all.session);
    const closed = all.session.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    const seen: unknown[] = [];
    for await (const event of all.subscription) if (event.type === 'data') seen.push(event.data.n);
    expect(seen).toEqual([1, 2]);
    await closed;
    expect(await all.server.connections[0]?.ended).toMatchObject({ code: 1000 });
    expect(all.session.state.status).toBe('closed');
  });

  test('of a session that does not reconnect gives what was buffered before the failure', async () => {
    const all = await live(dialect, plain);
    publish(all, 1, 2);
    await settled(all.session);
    all.operation.connection.drop();
    await reached(all.session, 'failed');
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 1 } });
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 2 } });
    const error = await rejection(all.subscription.next(), ConnectionLostError);
    expect(error).toMatchObject({ code: 'closed', closeCode: 1006, attempts: 1 });
    expect(await all.subscription.next()).toEqual({ done: true, value: undefined });
    await rejection(all.session.execute('{ ok }'), ConnectError);
    await rejection(all.session.subscribe(document).next(), ConnectError);
    expect(all.server.upgrades).toBe(1);
  });

  test('is sent with its operation name, variables and extensions', async () => {
    const server = await serve(dialect);
    const session = open(server);
    const text = 'subscription A($x: Int) { a(x: $x) } subscription B { b }';
    session.subscribe(text, { x: 1 }, { operationName: 'A', extensions: { trace: { id: 'abc' } } });
    const [message] = await server.received('start');
    expect(JSON.parse(message?.text ?? '')).toEqual({
      type: dialect === 'graphql-ws' ? 'start' : 'subscribe',
      id: expect.any(String),
      payload: { query: text, operationName: 'A', variables: { x: 1 }, extensions: { trace: { id: 'abc' } } },
    });
  });

  test('shows errors and partial data of an event together, and goes on', async () => {
    const all = await live(dialect);
    const errors = [{ message: 'no price today', path: ['n'] }];
    all.operation.next({ data: { n: null }, errors, extensions: { cost: 1 } });
    publish(all, 2);
    expect(await nextEvent(all.subscription)).toMatchObject({
      type: 'data',
      data: { n: null },
      errors,
      extensions: { cost: 1 },
    });
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 2 } });
  });

  test('as data alone throws at an event with errors, partial data included, and is stopped', async () => {
    const all = await live(dialect);
    publish(all, 1);
    all.operation.next({ data: { n: null }, errors: [{ message: 'no price today' }] });
    const data = all.subscription.data({ onGap: 'fail' });
    expect(await data.next()).toEqual({ done: false, value: { n: 1 } });
    const error = await rejection(data.next(), GraphQLResultError);
    expect(error).toMatchObject({ data: { n: null }, errors: [{ message: 'no price today' }] });
    await all.server.received(stop);
    expect(all.session.operations).toBe(0);
    expect(await data.next()).toEqual({ done: true, value: undefined });
  });

  test('answered with errors fails with them, after the events before', async () => {
    const all = await live(dialect);
    publish(all, 1);
    all.operation.error([{ message: 'not allowed', extensions: { code: 'FORBIDDEN' } }]);
    expect(await nextEvent(all.subscription)).toMatchObject({ data: { n: 1 } });
    const error = await rejection(all.subscription.next(), GraphQLResultError);
    expect(error.errors).toEqual([{ message: 'not allowed', extensions: { code: 'FORBIDDEN' } }]);
    await settled(all.session);
    expect(countOf(all.server, 'stop')).toBe(0);
    expect(all.server.connections).toHaveLength(1);
  });

  test('is stopped when the body of its loop throws, and the session lives on', async () => {
    const all = await live(dialect);
    publish(all, 1, 2);
    const mistake = new Error('a mistake in the loop');
    const loop = async (): Promise<void> => {
      for await (const _event of all.subscription) throw mistake;
    };
    expect(await rejection(loop(), Error)).toBe(mistake);
    await all.server.received(stop);
    await settled(all.session);
    expect(countOf(all.server, 'stop')).toBe(1);
    expect(all.session.operations).toBe(0);
    expect(all.session.state).toMatchObject({ status: 'ready', generation: 1 });
    expect(all.server.connections).toHaveLength(1);
  });

  test('on a session that is closing or closed fails with a typed error', async () => {
    const { session } = await live(dialect);
    const closing = session.close();
    expect(await rejection(session.subscribe(document).next(), SessionClosedError)).toMatchObject({
      code: 'session-closed',
      delivery: 'not-sent',
    });
    await closing;
    await rejection(session.subscribe(document).next(), SessionClosedError);
    await rejection(session.subscribe(document).data({ onGap: 'continue' }).next(), SessionClosedError);
  });
});
