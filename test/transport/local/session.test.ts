// Sessions with a server in the same process: the same session and the same pipeline as over a socket, without one.

import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../../src/server/adapters/node/serve.js';
import { ConnectionRefused } from '../../../src/server/index.js';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import { connect } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { local } from '../../../src/transport/local/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { until } from '../../server/support/serving.js';
import { nextEvent, rejection } from '../../session/behaviour/support/sessions.js';
import { startSession } from '../../session/behaviour/support/starting.js';
import { executorOf, turns } from './support/opening.js';
import { makeServer, outcomeOf, signalOf } from './support/sessions.js';

describe('a session in process', () => {
  test('runs queries and mutations with their variables, at once and many at a time', async () => {
    const { server, probe } = makeServer();
    await using session = await connect({ transport: local(server.executor) });
    expect(session.state.status).toBe('ready');
    expect(await session.execute('query ($name: String) { hello(name: $name) }', { name: 'Ada' })).toEqual({
      hello: 'Hello Ada',
    });
    const amounts = [1, 2, 3];
    const sums = amounts.map((amount) => session.execute('mutation ($n: Int!) { add(amount: $n) }', { n: amount }));
    expect(await Promise.all(sums)).toEqual([{ add: 1 }, { add: 3 }, { add: 6 }]);
    expect(probe.began).toEqual(['hello', 'add', 'add', 'add']);
  });

  test('hands on every event of a subscription in order, and its end', async () => {
    const { server, probe, session } = makeServer();
    const counted: unknown[] = [];
    for await (const data of session().subscribe('subscription { count(to: 500) }').data({ onGap: 'fail' })) {
      counted.push(data);
    }
    expect(counted).toEqual(Array.from({ length: 500 }, (_, index) => ({ count: index + 1 })));
    expect(probe.finalised).toEqual(['count']);
    expect(server.stats().sources).toBe(0);
  });

  test('opens no connection that the server would have to accept', async () => {
    const accepted: unknown[] = [];
    const refuse = (): never => {
      accepted.push('asked');
      throw new ConnectionRefused();
    };
    const { session, server } = makeServer({ onConnect: refuse, onDisconnect: () => void accepted.push('told') });
    const own = session();
    expect(await own.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    await own.close();
    expect(accepted).toEqual([]);
    expect(server.stats()).toEqual({ connections: 0, operations: 0, sources: 0, failedSockets: 0 });
  });

  test('shows its credentials to the server, and the headers of a call', async () => {
    const { probe, session } = makeServer();
    const credentials = { headers: { Authorization: 'Bearer t' }, connectionParams: { user: 'ada' } };
    const own = session({ credentials: () => credentials });
    await own.execute('{ context }');
    await own.execute('{ context }', {}, { headers: { 'X-Trace': '1' } });
    expect(probe.contexts).toMatchObject([
      { headers: { authorization: 'Bearer t' }, connectionParams: { user: 'ada' }, connection: {} },
      { headers: { authorization: 'Bearer t', 'x-trace': '1' }, connectionParams: { user: 'ada' } },
    ]);
  });
});

describe('what an operation comes to is the same over a WebSocket and in process', () => {
  test.each([
    ['a query', '{ hello }'],
    ['a query with variables', 'query ($name: String) { hello(name: $name) }', { name: 'Zoë' }],
    ['a mutation', 'mutation { add(amount: 1) }'],
    ['a field that fails', '{ hello fails }'],
    ['a field that does not exist', '{ goodbye }'],
    ['a document that is no GraphQL', '{ hello(name: ) }'],
    ['a variable of the wrong type', 'mutation ($n: Int!) { add(amount: $n) }', { n: 'one' }],
    ['a variable that is missing', 'mutation ($n: Int!) { add(amount: $n) }', {}],
    ['an answer that is no JSON', '{ unserialisable }'],
    ['a subscription', 'subscription { count(to: 3) }'],
    ['a subscription that is left', 'subscription { blob(bytes: 10) }'],
    ['a subscription with an event that fails', 'subscription { oneBadEvent }'],
    ['a subscription with an event that is no JSON', 'subscription { unserialisable }'],
    ['a subscription whose source breaks', 'subscription { throwsAfterTwo }'],
    ['a subscription whose source cannot be made', 'subscription { throwsAtOnce }'],
    ['a subscription whose source is none', 'subscription { notIterable }'],
    ['a subscription that does not exist', 'subscription { gone }'],
  ])('%s', async (_what, document, variables?: object) => {
    const [near, far] = [makeServer(), makeServer()];
    const serving = await serve(far.server, { port: 0, quiet: true });
    onTestFinished(() => serving.close());
    const over = startSession({ transport: webSocket(serving.webSocketUrl) });
    const own = near.session();
    const outcome = await outcomeOf(own, document, variables);
    expect(outcome).toEqual(await outcomeOf(over, document, variables));
    expect(JSON.stringify(outcome)).toMatch(/"data"|"errors"/);
    await own.close();
    expect(near.server.stats().sources).toBe(0);
  });
});

describe('ending an operation', () => {
  test('by its deadline tells the server to stop', async () => {
    const { probe, session } = makeServer();
    const clock = new VirtualClock();
    const own = session({ clock });
    const slow = rejection(own.execute('{ slow(gate: "a") }', {}, { deadlineMs: 500 }), DeadlineError);
    await until(() => probe.began.includes('slow'));
    await clock.advance(500);
    expect(await slow).toMatchObject({ delivery: 'unknown' });
    expect(signalOf(probe).aborted).toBe(true);
    probe.open('a');
  });

  test('by its signal tells the server to stop, and its late answer goes nowhere', async () => {
    const { probe, session } = makeServer();
    const own = session();
    const controller = new AbortController();
    const slow = rejection(own.execute('{ slow(gate: "a") }', {}, { signal: controller.signal }), CancelledError);
    await until(() => probe.began.includes('slow'));
    controller.abort();
    expect(await slow).toMatchObject({ delivery: 'unknown' });
    expect(signalOf(probe).aborted).toBe(true);
    probe.open('a');
    expect(await own.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(own.operations).toBe(0);
  });

  test('before the server was asked means that it never is', async () => {
    const { probe, session } = makeServer();
    const own = session();
    await own.ready();
    const controller = new AbortController();
    const call = rejection(
      own.execute('mutation { add(amount: 1) }', {}, { signal: controller.signal }),
      CancelledError,
    );
    controller.abort();
    expect(await call).toMatchObject({ delivery: 'not-sent' });
    await turns();
    expect(probe.began).toEqual([]);
  });

  test.each([
    ['waits for its signal', 'forever(name: "a")', ['a']],
    ['hangs in an await that nothing ends', 'stuck(name: "a")', ['a aborted']],
    ['waits for something else', 'gated(gate: "a")', []],
  ])('by leaving the loop closes a source that %s', async (_what, field, finalised) => {
    const { server, probe, session } = makeServer({ finaliseTimeoutMs: 20 });
    for await (const event of session().subscribe(`subscription { ${field} }`)) {
      expect(event).toMatchObject({ type: 'data' });
      break;
    }
    expect(signalOf(probe).aborted).toBe(true);
    await until(() => server.stats().sources === 0);
    expect(probe.finalised).toEqual(finalised);
    probe.open('a');
  });

  test('whose source comes late closes it when it comes', async () => {
    const { server, probe, session } = makeServer();
    const own = session();
    const events = own.subscribe('subscription { late(gate: "a") }');
    await until(() => probe.began.includes('late'));
    await events.return?.();
    probe.open('a');
    await until(() => probe.finalised.includes('a'));
    expect(server.stats().sources).toBe(0);
    expect(own.operations).toBe(0);
  });

  test('whose source cannot be closed is reported to the server, and disturbs nobody', async () => {
    const { server, probe, failures, session } = makeServer();
    const own = session();
    const events = own.subscribe('subscription { badReturn }');
    await until(() => server.stats().sources === 1);
    await events.return?.();
    await until(() => server.stats().sources === 0);
    expect(failures).toMatchObject([{ source: 'source', error: { message: 'Cannot close' } }]);
    expect(probe.began).toEqual(['badReturn']);
    expect(await own.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });
});

describe('closing a session', () => {
  test('lets a call in flight be answered, and leaves nothing', async () => {
    const { server, probe, session } = makeServer();
    const own = session();
    const call = own.execute('{ slow(gate: "a") }');
    const events = own.subscribe('subscription { forever(name: "f") }');
    await nextEvent(events);
    const closing = own.close();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(own.state.status).toBe('closing');
    probe.open('a');
    expect(await call).toEqual({ slow: 'after a' });
    await closing;
    expect(own.state.status).toBe('closed');
    expect(probe.finalised).toEqual(['f']);
    expect(server.stats().sources).toBe(0);
  });

  test('without grace rejects what is in flight and aborts it', async () => {
    const { server, probe, session } = makeServer();
    const own = session();
    const call = rejection(own.execute('{ slow(gate: "a") }'), SessionClosedError);
    await until(() => probe.began.includes('slow'));
    const closing = own.close({ graceMs: 0 });
    expect(await call).toMatchObject({ delivery: 'unknown' });
    expect(signalOf(probe).aborted).toBe(true);
    probe.open('a');
    await closing;
    expect([own.operations, server.stats().sources]).toEqual([0, 0]);
    await rejection(own.execute('{ hello }'), SessionClosedError);
  });

  test('waits until sources have closed, within its bound', async () => {
    // The server's own bound is in real time, which is none of this test's.
    const { server, probe, session } = makeServer({ finaliseTimeoutMs: 60_000 });
    const clock = new VirtualClock();
    const own = session({ clock, limits: { closeTimeoutMs: 300 } });
    own.subscribe('subscription { slowToClose(gate: "a") }');
    await until(() => server.stats().sources === 1);
    let closed = false;
    const closing = own.close().then(() => {
      closed = true;
    });
    await clock.advance(299);
    expect([closed, server.stats().sources]).toEqual([false, 1]);
    await clock.advance(1);
    await closing;
    expect(clock.pending).toBe(0);
    probe.open('a');
    await until(() => server.stats().sources === 0);
    expect(probe.finalised).toEqual(['a']);
  });
});

test('two sessions over one transport have rooms of their own, and one outlives the other', async () => {
  const { server, probe } = makeServer();
  const transport = local(server.executor);
  const [one, other] = [startSession({ transport }), startSession({ transport })];
  const events = other.subscribe('subscription { gated(gate: "g") }');
  await nextEvent(events);
  await one.execute('{ context }');
  await other.execute('{ context }');
  const [, first, second] = probe.contexts as { readonly connection: object }[];
  expect(first?.connection).not.toBe(second?.connection);
  await one.close();
  probe.open('g');
  expect(await nextEvent(events)).toMatchObject({ data: { gated: 2 } });
  expect(other.state).toMatchObject({ status: 'ready', generation: 1 });
});

test('a consumer that does not read bounds what is read for it, and holds nobody up', async () => {
  const { server, probe, session } = makeServer();
  const own = session({ buffer: { maxEvents: 10 } });
  const events = own.subscribe('subscription { blob(bytes: 1000) }');
  await until(() => probe.began.filter((name) => name === 'blob pulled').length >= 10);
  for (let calls = 0; calls < 20; calls++) await own.execute('{ hello }');
  await turns(20);
  expect(probe.began.filter((name) => name === 'blob pulled').length).toBeLessThan(20);
  await events.return?.();
  await until(() => server.stats().sources === 0);
});

test('a consumer that reads slowly gets every event, without a gap and out of one source', async () => {
  const { probe, session } = makeServer();
  const own = session({ buffer: { maxEvents: 8 } });
  const counted: unknown[] = [];
  for await (const event of own.subscribe('subscription { count(to: 100) }')) {
    counted.push(event.type === 'data' ? event.data : event);
    await turns(2);
  }
  expect(counted).toEqual(Array.from({ length: 100 }, (_, index) => ({ count: index + 1 })));
  expect(probe.began).toEqual(['count']);
});

test('a consumer that reads an endless source leaves the event loop to others, also while it is held back and let go', async () => {
  const { probe, session } = makeServer();
  const own = session({ buffer: { maxEvents: 4 } });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  onTestFinished(() => clearInterval(timer));
  // A bound, so that starvation fails and does not hang.
  let events = 0;
  for await (const _event of own.subscribe('subscription { blob(bytes: 10) }')) {
    events += 1;
    if (ticks >= 3 || events >= 200_000) break;
  }
  expect(ticks).toBeGreaterThanOrEqual(3);
  await until(() => probe.finalised.includes('blob'));
});

describe('an executor that breaks its word', () => {
  const boom = new Error('Boom');
  const broken = executorOf(() => Promise.reject(boom));

  test('costs a mutation its certainty, and it is not repeated', async () => {
    const session = startSession({ transport: local(broken) });
    const before = broken.payloads.length;
    await rejection(session.execute('mutation { a }'), OutcomeUnknownError);
    expect(broken.payloads.length - before).toBe(1);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });

  test('is asked a query as often as its rule says, and then it fails with the original', async () => {
    const session = startSession({ transport: local(broken) });
    const before = broken.payloads.length;
    const error = await rejection(session.execute('{ a }', {}, { retry: { attempts: 2 } }), ConnectionLostError);
    expect(broken.payloads.length - before).toBe(2);
    expect(error).toMatchObject({ delivery: 'unknown', failure: { cause: boom } });
  });
});
