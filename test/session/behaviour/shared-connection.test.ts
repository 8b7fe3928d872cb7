// One connection, any number of callers: however many there are, and whenever they come, the server sees one socket and one
// connection_init; and sessions that share a transport never affect each other.

import { describe, expect, test } from 'vitest';
import { QueueFullError } from '../../../src/session/errors/queue-full-error.js';
import { connect } from '../../../src/session/session.js';
import { holdsOperations } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, endSession, startJournal, startProxy, startScripted, startSession } from './support/starting.js';
import { reached, readyAgain, rejection, turns, until } from './support/waiting.js';

const echo = 'query ($t: String!) { echo(text: $t) }';
const numbered = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe.each(dialects)('over %s', (dialect) => {
  test('fifty operations started at once share one socket and one connection_init, and nothing is sent before the ack', async () => {
    let acknowledge = (): void => {};
    const script: Script = {
      init: (_event, proceed) => {
        acknowledge = proceed;
      },
    };
    const server = await startScripted({ subprotocols: [dialect], script });
    const session = startSession({ transport: webSocket(server.url) });
    const ready = numbered(10).map(() => session.ready());
    const calls = numbered(50).map((i) => session.execute(i % 2 === 0 ? '{ ok }' : 'mutation { ok }'));
    await server.received('init');
    await turns(20);
    expect(server.connections[0]?.received.map(({ meaning }) => meaning.type)).toEqual(['init']);
    acknowledge();
    await Promise.all(ready);
    expect(await Promise.all(calls)).toHaveLength(50);
    expect(server.upgrades).toBe(1);
    expect(server.connections[0]?.received.filter(({ meaning }) => meaning.type === 'init')).toHaveLength(1);
  });

  test('a thousand concurrent queries share one connection, and each caller gets its own answer', async () => {
    const server = await startJournal({ limits: { operationsPerConnection: 1_000, messageBurst: 1_001 } });
    const proxy = await startProxy(server);
    const session = startSession({ transport: webSocket(proxy.url('ws', '/graphql'), { protocols: [dialect] }) });
    const answers = await Promise.all(numbered(1_000).map((i) => session.execute(echo, { t: `text ${i}` })));
    expect(answers).toEqual(numbered(1_000).map((i) => ({ echo: `text ${i}` })));
    expect(proxy.accepted).toBe(1);
    expect(session.state).toMatchObject({ generation: 1 });
  });
});

test('a hundred calls during an outage open one socket between them', async () => {
  const server = await startJournal();
  const proxy = await startProxy(server);
  const transport = webSocket(proxy.url('ws', '/graphql'));
  let permitted = (): void => {};
  const permission = new Promise<void>((resolve) => {
    permitted = resolve;
  });
  let opened = 0;
  const session = startSession({
    transport: {
      name: 'held back',
      open: async (context, events) => {
        opened += 1;
        if (opened > 1) await permission;
        return transport.open(context, events);
      },
    },
  });
  await session.ready();
  proxy.cut();
  await reached(session, 'connecting');
  const calls = numbered(100).map((i) => session.execute(echo, { t: `${i}` }));
  for (const _ of numbered(20)) session.reconnect();
  const ready = numbered(20).map(() => session.ready());
  permitted();
  await Promise.all(ready);
  expect(await Promise.all(calls)).toEqual(numbered(100).map((i) => ({ echo: `${i}` })));
  expect(opened).toBe(2);
  expect(proxy.accepted).toBe(2);
});

test('callers of one document keep their own variables, also when the connection breaks in between', async () => {
  const server = await startJournal();
  const proxy = await startProxy(server);
  const session = startSession({ transport: webSocket(proxy.url('ws', '/graphql')) });
  await session.ready();
  const document = 'query ($t: String!) { held(text: $t) }';
  const calls = numbered(40).map((i) => session.execute(document, { t: `caller ${i}` }));
  await until(() => server.held === 40);
  proxy.cut();
  await until(() => server.held === 80);
  server.release();
  expect(await Promise.all(calls)).toEqual(numbered(40).map((i) => ({ held: `caller ${i}` })));
});

describe('Two sessions on one transport', () => {
  test('have a socket each, and closing one leaves the other and its calls alone', async () => {
    const held = holdsOperations();
    const server = await startScripted({ script: held });
    const transport = webSocket(server.url);
    const [first, second] = await Promise.all([connect({ transport }), connect({ transport })]);
    const call = second.execute('{ ok }');
    await server.received('start');
    await first.close();
    expect(second.state).toMatchObject({ status: 'ready', generation: 1 });
    held.release();
    expect(await call).toEqual({ ok: true });
    expect(server.connections).toHaveLength(2);
    await endSession(second, undefined);
  });

  test('fail and heal each for itself', async () => {
    const server = await startScripted();
    const transport = webSocket(server.url);
    const first = startSession({ transport });
    await first.ready();
    const second = startSession({ transport });
    await second.ready();
    server.connections[0]?.drop();
    await readyAgain(first, 2);
    expect(second.state).toMatchObject({ generation: 1 });
    expect(await Promise.all([first.execute('{ ok }'), second.execute('{ ok }')])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(server.connections).toHaveLength(3);
  });
});

describe('The bounds of a session', () => {
  test('calls beyond maxInFlight wait their turn, in order', async () => {
    const held = holdsOperations();
    const server = await startScripted({ script: held });
    const session = startSession({ transport: webSocket(server.url), maxInFlight: 2 });
    const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => session.execute(`query ${name} { ok }`));
    const names = (): (string | undefined)[] => server.executions.map(({ operationName }) => operationName);
    await until(() => held.held.length === 2);
    expect(names()).toEqual(['a', 'b']);
    while (names().length < 5) {
      const before = names().length;
      held.release();
      await until(() => names().length > before);
    }
    await until(() => held.held.length > 0);
    held.release();
    await Promise.all(calls);
    expect(names()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('calls beyond maxWaiting are refused at once', async () => {
    const server = await startScripted({ script: { init: () => {} } });
    const session = startSession({ transport: webSocket(server.url), maxWaiting: 3 });
    const waiting = numbered(3).map(() => session.execute('{ ok }').catch((error: Error) => error.name));
    const error = await rejection(session.execute('{ ok }'));
    expect(error).toBeInstanceOf(QueueFullError);
    expect(error).toMatchObject({ code: 'queue-full', delivery: 'not-sent', retryable: true });
    void session.close();
    expect(await Promise.all(waiting)).toEqual(Array(3).fill('SessionClosedError'));
  });
});
