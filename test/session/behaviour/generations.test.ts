// Each connection is a generation: a late sign of life or death of an old one never touches the new one, at most one takes
// new operations, and at most one more retires.

import { describe, expect, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { holdsOperations } from '../../../src/testing/index.js';
import type { ScriptedConnection } from '../../../src/testing/scripted-server/connection.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Subprotocol } from '../../../src/transport/websocket/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { BelatedSocket } from './support/belated.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { isSettled, readyAgain, rejection, turns, until } from './support/waiting.js';

/** The server asks to move to another connection. */
function sendAway(connection: ScriptedConnection | undefined, dialect: Subprotocol, withinMs?: number): void {
  const payload = { holdfast: { goingAway: { reason: 'draining', ...(withinMs === undefined ? {} : { withinMs }) } } };
  if (dialect === 'graphql-ws') connection?.keepAlive(payload);
  else connection?.ping(payload);
}

describe.each(dialects)('over %s', (dialect) => {
  test('the late messages and the late death of a connection that was given up do not touch its successor', async () => {
    const clock = new VirtualClock(1_000_000);
    const held = holdsOperations({ matching: ({ operationName }) => operationName === 'late' });
    const server = await startScripted({ subprotocols: [dialect], script: held });
    const first = new BelatedSocket(server.url);
    const liveness = { silenceMs: 1_000, answerMs: 1_000 };
    const session = startSession({ transport: first.transport, clock, liveness });
    await session.ready();
    const events = session.subscribe('subscription { n }');
    const late = session.result('query late { ok }');
    await server.received('start', { count: 2 });
    // From here on the first connection is deaf: what the server sends arrives much later.
    first.mute();
    held.release();
    server.publish({ data: { n: 1 } });
    await until(() => first.waiting.includes('text'));
    await clock.advance(2_000);
    await clock.advance(1);
    const ready = await readyAgain(session, 2);
    await server.received('start', { count: 4 });
    await until(() => first.waiting.includes('socketClosed'));

    first.release((old) => {
      // Nothing that an ended connection could still say may count.
      old.text('[]', 2);
      old.binary();
      old.socketClosed({ code: 4403, reason: 'late', clean: true, failedByUs: false, error: undefined });
    });
    await turns(20);
    expect(session.state).toBe(ready);
    expect(await isSettled(late)).toBe(false);
    held.release();
    expect((await late).meta).toMatchObject({ attempts: 2, generation: 2 });
    server.publish({ data: { n: 2 } });
    expect(await events.next()).toMatchObject({ value: { type: 'gap' } });
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: 2 } } });
    expect(server.connections).toHaveLength(2);
  });

  test('a connection that is asked away finishes its calls beside its successor, which takes everything new', async () => {
    const clock = new VirtualClock(1_000_000);
    const held = holdsOperations({ matching: ({ operationName }) => operationName === 'old' });
    const server = await startScripted({ subprotocols: [dialect], script: held });
    const session = startSession({ transport: webSocket(server.url), clock, liveness: false });
    await session.ready();
    await clock.advance(10_000);
    const events = session.subscribe('subscription { n }');
    const old = session.result('mutation old { ok }');
    await server.received('start', { count: 2 });
    sendAway(server.connections[0], dialect);
    expect(await readyAgain(session, 2)).toMatchObject({ retiring: [1] });
    expect((await session.result('query new { ok }')).meta).toMatchObject({ generation: 2 });
    await until(() => server.subscriptions[0]?.connection.index === 1);
    expect(server.subscriptions).toHaveLength(1);
    server.publish({ data: { n: 1 } });
    expect(await events.next()).toMatchObject({ value: { type: 'gap', gap: { reason: 'going-away' } } });
    expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: 1 } } });
    held.release();
    expect((await old).meta).toMatchObject({ attempts: 1, generation: 1 });
    // Nothing is left to do on it, so it is closed in order.
    expect(await server.connections[0]?.ended).toMatchObject({ code: 1000 });
    await until(() => session.state.status === 'ready' && session.state.retiring.length === 0);
    expect(session.state).toMatchObject({ generation: 2 });
  });

  test('a retiring connection is ended when its time is over; its death concerns its own calls alone', async () => {
    const clock = new VirtualClock(1_000_000);
    const held = holdsOperations({ times: 2 });
    const server = await startScripted({ subprotocols: [dialect], script: held });
    const session = startSession({ transport: webSocket(server.url), clock, liveness: false });
    await session.ready();
    await clock.advance(10_000);
    const query = session.result('query slow { ok }');
    const mutation = rejection(session.result('mutation slow { ok }'));
    await server.received('start', { count: 2 });
    sendAway(server.connections[0], dialect, 5_000);
    await readyAgain(session, 2);
    await clock.advance(4_999);
    expect(server.connections[0]?.end).toBeUndefined();
    await clock.advance(1);
    expect(await mutation).toBeInstanceOf(OutcomeUnknownError);
    expect((await query).meta).toMatchObject({ attempts: 2, generation: 2 });
    expect(session.state).toMatchObject({ status: 'ready', generation: 2, retiring: [] });
    expect(server.connections).toHaveLength(2);
  });

  test('ids are never used twice, over all connections of a session', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    for (let generation = 1; generation <= 3; generation++) {
      await readyAgain(session, generation);
      session.subscribe('subscription { n }');
      await session.execute('{ ok }');
      await until(() => server.subscriptions.length === generation);
      server.connections.at(-1)?.drop();
    }
    await readyAgain(session, 4);
    await until(() => server.subscriptions.length === 3);
    const ids = server.executions.map(({ id }) => id);
    expect(ids).toHaveLength(1 + 2 + 3 + 3 + 3);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('a server that sends every new connection away at once is not stormed', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ subprotocols: ['graphql-transport-ws'] });
  const retry = { connect: { delayMs: () => 1_000 } };
  const session = startSession({ transport: webSocket(server.url), clock, retry, liveness: false });
  for (let generation = 1; generation <= 3; generation++) {
    await readyAgain(session, generation);
    sendAway(server.connections[generation - 1], 'graphql-transport-ws');
    await until(() => session.state.status === 'waiting');
    await clock.advance(999);
    expect(server.upgrades).toBe(generation);
    await clock.advance(1);
  }
  await readyAgain(session, 4);
});
