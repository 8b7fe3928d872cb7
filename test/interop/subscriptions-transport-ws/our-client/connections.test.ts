// Our client against the server of subscriptions-transport-ws: how connections begin, are refused, break and come back, and
// what that means for queries, mutations and subscriptions.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../../src/session/errors/connect-error.js';
import { OperationRejectedError } from '../../../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../../../src/session/errors/outcome-unknown-error.js';
import { connect } from '../../../../src/session/session.js';
import { webSocket } from '../../../../src/transport/websocket/index.js';
import { reached, readyAgain, rejection, statesOf, until } from '../../../session/behaviour/support/waiting.js';
import { nextOf, ourClient } from '../support/our-client.js';
import { theirServer } from '../support/their-server.js';

const numbers = 'subscription { numbers }';

describe('a connection to the server of subscriptions-transport-ws', () => {
  test('is made by connect(), and ended by close() with a farewell and nothing left behind', async () => {
    let disconnected = 0;
    const server = await theirServer({
      onDisconnect: () => {
        disconnected += 1;
      },
    });
    const session = await connect({ transport: webSocket(server.url, { protocols: ['graphql-ws'] }) });
    const events = session.subscribe(numbers);
    expect(await session.execute('{ echo(text: "a") }')).toEqual({ echo: 'a' });
    await session.close();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await until(() => server.liveSockets === 0 && disconnected === 1);
    expect(server.world.subscribers).toBe(0);
    expect(server.told.map(({ type }) => type)).toEqual([
      'connection_init',
      'start',
      'start',
      'stop',
      'connection_terminate',
    ]);
  });

  test('carries the connection parameters, and no operation before the acknowledgement', async () => {
    let accept = (): void => {};
    const held = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const server = await theirServer({
      onConnect: async (params: { user: string }) => {
        if (params.user === 'ann') await held;
        return params;
      },
    });
    const session = ourClient(server, { credentials: { connectionParams: { user: 'ann' } } });
    const call = session.execute('{ whoami }');
    await until(() => server.count('connection_init') === 1);
    // Another session comes through meanwhile: an early operation of the first would be here by then.
    const other = ourClient(server, { credentials: { connectionParams: { user: 'bob' } } });
    expect(await other.execute('{ whoami }')).toEqual({ whoami: 'bob' });
    expect(server.count('start')).toBe(1);
    accept();
    expect(await call).toEqual({ whoami: 'ann' });
  });

  test('is made with the next subprotocol that we offer, where it selects the first one and does not speak it', async () => {
    const server = await theirServer();
    const session = ourClient(server, { socket: { protocols: ['graphql-transport-ws', 'graphql-ws'] } });
    expect(await session.execute('{ echo(text: "a") }')).toEqual({ echo: 'a' });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    server.kill();
    await reached(session, 'waiting');
    expect(await session.execute('{ echo(text: "b") }')).toEqual({ echo: 'b' });
  });
});

describe('a refusal by the server of subscriptions-transport-ws', () => {
  const refusals = [
    ['returns false', () => false, 'Prohibited connection!'],
    [
      'throws',
      () => {
        throw new Error('No such tenant');
      },
      'No such tenant',
    ],
    ['rejects', () => Promise.reject(new Error('No such tenant')), 'No such tenant'],
  ] as const;

  test.each(refusals)('at first contact is final where its hook %s', async (_how, onConnect, message) => {
    const server = await theirServer({ onConnect });
    const session = ourClient(server, { credentials: { connectionParams: { token: 'wrong' } } });
    const call = rejection(session.execute('mutation { add(key: "a") }'));
    const error = await rejection(session.ready());
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: 'refused', phase: 'handshake', attempts: 1, retryable: false });
    expect((error as Error).message).toContain(message);
    expect(await call).toMatchObject({ code: 'refused', delivery: 'not-sent' });
    expect(session.state.status).toBe('failed');
    await until(() => server.liveSockets === 0);
    expect(server.connections).toBe(1);
    expect(server.world.journal).toEqual([]);
  });

  test('at first contact is met with new credentials once, and is final when they are refused as well', async () => {
    const server = await theirServer({ onConnect: () => false });
    const asked: string[] = [];
    const session = ourClient(server, {
      credentials: ({ reason }) => {
        asked.push(reason);
        return { connectionParams: { token: asked.length } };
      },
    });
    expect(await rejection(session.ready())).toMatchObject({ code: 'refused', attempts: 2, retryable: false });
    expect(asked).toEqual(['open', 'refused']);
    expect(server.connections).toBe(2);
  });

  test('at first contact is over when the new credentials are good', async () => {
    const server = await theirServer({ onConnect: ({ user }: { user: string }) => user === 'ann' && { user } });
    const users = ['bob', 'ann'];
    const session = ourClient(server, { credentials: () => ({ connectionParams: { user: users.shift() ?? '' } }) });
    expect(await session.execute('{ whoami }')).toEqual({ whoami: 'ann' });
    expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
  });

  test('of a connection that comes later is tried again, and waiting calls see nothing of it', async () => {
    let refusing = false;
    const server = await theirServer({ onConnect: () => !refusing });
    const asked: string[] = [];
    const session = ourClient(server, {
      credentials: ({ reason, failure }) => {
        asked.push(reason);
        if (failure !== undefined) refusing = false;
        return {};
      },
    });
    await session.ready();
    refusing = true;
    server.kill();
    await reached(session, 'waiting');
    expect(await session.execute('mutation { add(key: "a") }')).toEqual({ add: 1 });
    expect(asked).toEqual(['open', 'open', 'refused']);
    expect(server.world.journal).toEqual(['a']);
  });
});

describe('when the sockets of the server of subscriptions-transport-ws are killed', () => {
  test('a subscription goes on after a gap, a query is asked again, a mutation is not', async () => {
    const server = await theirServer();
    const { world } = server;
    const session = ourClient(server);
    const events = session.subscribe(numbers);
    const query = session.execute('{ held(text: "a") }');
    const mutation = rejection(session.execute('mutation { addHeld(key: "a") }'));
    await until(() => world.subscribers === 1 && world.held === 2);
    world.publish(1);
    expect(await nextOf(events)).toEqual({ numbers: 1 });

    server.kill();
    expect(await mutation).toBeInstanceOf(OutcomeUnknownError);
    await readyAgain(session, 2);
    await until(() => world.subscribers === 1 && world.queries.length === 2);
    world.publish(2);
    expect([await nextOf(events), await nextOf(events)]).toEqual(['connection-lost', { numbers: 2 }]);
    world.release();
    expect(await query).toEqual({ held: 'a' });
    expect(world.journal).toEqual(['a']);
    expect(world.queries).toEqual(['a', 'a']);
    expect(session.operations).toBe(1);
  });

  test('again and again, one session keeps its one subscription', async () => {
    const server = await theirServer();
    const session = ourClient(server);
    const events = session.subscribe(numbers);
    for (let round = 1; round <= 5; round++) {
      await readyAgain(session, round);
      await until(() => server.world.subscribers === 1);
      server.world.publish(round);
      if (round > 1) expect(await nextOf(events)).toBe('connection-lost');
      expect(await nextOf(events)).toEqual({ numbers: round });
      server.kill();
      await reached(session, 'waiting');
    }
    expect(server.connections).toBe(5);
  });
});

describe('when the server of subscriptions-transport-ws is restarted on its port', () => {
  test('calls made meanwhile wait for it and are sent once each', async () => {
    const server = await theirServer();
    const session = ourClient(server);
    const events = session.subscribe(numbers);
    await until(() => server.world.subscribers === 1);
    const states = statesOf(session);
    await server.stop();
    await reached(session, 'waiting', ({ cause }) => cause.code === 'network');
    const calls = [
      session.execute('{ echo(text: "a") }'),
      session.execute('mutation { add(key: "b") }'),
      session.execute('mutation { add(key: "c") }'),
    ];
    await server.start();
    expect(await Promise.all(calls)).toEqual([{ echo: 'a' }, { add: 1 }, { add: 2 }]);
    expect(server.world.journal).toEqual(['b', 'c']);
    await until(() => server.world.subscribers === 1);
    server.world.publish(1);
    expect([await nextOf(events), await nextOf(events)]).toEqual(['connection-lost', { numbers: 1 }]);
    expect(states.some(({ status }) => status === 'failed')).toBe(false);
  });

  test('a session that began while it was down comes through', async () => {
    const server = await theirServer();
    await server.stop();
    const session = ourClient(server);
    const call = session.execute('{ echo(text: "a") }');
    await reached(session, 'waiting', ({ cause }) => cause.code === 'network');
    await server.start();
    expect(await call).toEqual({ echo: 'a' });
  });
});

test('a query too large for the server of subscriptions-transport-ws is the one that fails, and all else goes on', async () => {
  const server = await theirServer({ maxPayload: 2_000 });
  const session = ourClient(server);
  const events = session.subscribe(numbers);
  await until(() => server.world.subscribers === 1);
  const error = await rejection(
    session.execute('query Large($t: String!) { echo(text: $t) }', { t: 'x'.repeat(3_000) }),
  );
  expect(error).toBeInstanceOf(OperationRejectedError);
  expect(error).toMatchObject({ closeCode: 1009 });
  expect(await session.execute('{ echo(text: "small") }')).toEqual({ echo: 'small' });
  await until(() => server.world.subscribers === 1);
  server.world.publish(1);
  expect([await nextOf(events), await nextOf(events)]).toEqual(['connection-lost', { numbers: 1 }]);
  expect(server.world.queries).toEqual(['small']);
});
