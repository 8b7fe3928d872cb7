// Subscriptions outlive their connections: the same iterator goes on, new ones work from their first event, and no consumer,
// however slow and of whatever connection, costs another one its events.

import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/session/session.js';
import type { Subscription } from '../../../src/session/subscription.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startJournal, startProxy, startScripted, startSession } from './support/starting.js';
import { readyAgain, turns, until } from './support/waiting.js';

const document = 'subscription { n }';

/** The next `count` events in short: the number of a data event, or the reason of a gap. */
async function take(events: Subscription, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) {
    const { done, value } = await events.next();
    if (done) return [...taken, 'end'];
    taken.push(value.type === 'gap' ? value.gap.reason : (value.data as { n: number }).n);
  }
  return taken;
}

describe.each(dialects)('over %s', (dialect) => {
  test('events that a server sends at once are delivered, whenever their consumer begins to read', async () => {
    const script: Script = {
      operation: (operation, proceed) => {
        for (const n of [1, 2, 3]) operation.next({ data: { n } });
        return proceed();
      },
    };
    const server = await startScripted({ subprotocols: [dialect], script });
    const session = startSession({ transport: webSocket(server.url) });
    const events = session.subscribe(document);
    await server.received('start');
    await session.ping();
    expect(await take(events, 3)).toEqual([1, 2, 3]);
  });

  test('a subscription that is new after a drop works from its first event, beside one that survived it', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    const old = session.subscribe(document);
    await server.received('start');
    server.publish({ data: { n: 1 } });
    expect(await take(old, 1)).toEqual([1]);
    server.connections[0]?.drop();
    await readyAgain(session, 2);
    const fresh = session.subscribe(document);
    await until(() => server.subscriptions.length === 2);
    server.publish({ data: { n: 2 } });
    expect(await take(fresh, 1)).toEqual([2]);
    expect(await take(old, 2)).toEqual(['connection-lost', 2]);
  });

  test('a slow consumer that ends after the reconnect takes no listener of the new connection with it', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    const slow = session.subscribe(document);
    await server.received('start');
    for (const n of [1, 2, 3]) server.publish({ data: { n } });
    await session.ping();
    server.connections[0]?.drop();
    await readyAgain(session, 2);
    const others = [1, 2, 3].map(() => session.subscribe(document));
    await until(() => server.subscriptions.length === 4);
    // Only now it reads what it had from the first connection, and leaves.
    expect(await take(slow, 2)).toEqual([1, 2]);
    await slow.return?.();
    await server.received('stop');
    for (const n of [4, 5]) server.publish({ data: { n } });
    for (const other of others) expect(await take(other, 2)).toEqual([4, 5]);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
  });

  test('several interruptions before the next event are one gap, from the first loss to the last start', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    const events = session.subscribe(document);
    await server.received('start');
    for (let generation = 1; generation <= 3; generation++) {
      server.connections[generation - 1]?.drop();
      await readyAgain(session, generation + 1);
      await until(() => server.subscriptions.length === 1);
    }
    server.publish({ data: { n: 1 } });
    expect(await take(events, 2)).toEqual(['connection-lost', 1]);
  });

  test('a slow consumer costs the others nothing: they get everything, calls are answered, its buffer stays bounded', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const buffer = { maxEvents: 10 };
    const session = startSession({ transport: webSocket(server.url), buffer });
    const slow = session.subscribe('subscription slow { n }');
    const quick = session.subscribe('subscription quick { n }');
    await server.received('start', { count: 2 });
    for (let n = 1; n <= 200; n++) {
      server.publish({ data: { n } });
      expect(await take(quick, 1)).toEqual([n]);
    }
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    const [stop] = await server.received('stop');
    expect(stop?.meaning).toMatchObject({ id: server.executions[0]?.id });
    const head = await take(slow, 10);
    expect(head).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await until(() => server.subscriptions.length === 2);
    server.publish({ data: { n: 201 } });
    expect(await take(slow, 2)).toEqual(['parked', 201]);
    expect(await take(quick, 1)).toEqual([201]);
  });
});

test('a consumer that leaves its loop releases the source of the real server, also after a reconnect', async () => {
  const server = await startJournal();
  const proxy = await startProxy(server);
  const session: Session = startSession({ transport: webSocket(proxy.url('ws', '/graphql')) });
  const numbers = session.subscribe<{ numbers: number }>('subscription { numbers }');
  await until(() => server.subscriptions.running === 1);
  proxy.cut();
  await until(() => server.subscriptions.started === 2 && server.subscriptions.running === 1);
  server.publish(1);
  server.publish(2);
  for await (const number of numbers.data({ onGap: 'continue' })) if (number.numbers === 2) break;
  await until(() => server.subscriptions.running === 0 && server.server.stats().operations === 0);
  expect(session.operations).toBe(0);
  expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
});

test('one that was stopped in the turn in which it was made never reaches the server', async () => {
  const server = await startJournal();
  const session = startSession({ transport: webSocket(server.url) });
  const numbers = session.subscribe('subscription { numbers }');
  await numbers.return?.();
  await session.execute('{ echo(text: "a") }');
  await turns(5);
  expect(server.subscriptions.started).toBe(0);
});
