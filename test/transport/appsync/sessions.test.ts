// The promises of a session, over AppSync: lost connections, refusals, errors, silence, garbage, cancelling.

import { describe, expect, test } from 'vitest';
import { createSession } from '../../../src/session/session.js';
import { apiKey, iam, jwt } from '../../../src/transport/appsync/index.js';
import { reached, rejection, turns, until } from '../../session/behaviour/support/waiting.js';
import { acknowledgement, appSyncServer, unauthorized } from './support/server.js';
import { nextOf, orders, realtimeOf, sessionFor } from './support/sessions.js';

const key = apiKey({ key: 'da2-1' });

/** Tokens in order; whether each was to be fresh. */
function countedTokens() {
  const fresh: boolean[] = [];
  const auth = jwt({
    token: ({ forceRefresh }) => {
      fresh.push(forceRefresh);
      return `token ${fresh.length}`;
    },
  });
  return { auth, fresh };
}

describe('a subscription', () => {
  test('goes on after its connection was lost, with a gap and with a new proof of who asks', async () => {
    const { auth } = countedTokens();
    const server = await appSyncServer();
    const session = sessionFor(server, auth);
    const events = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(events);
    const before = await server.peer(0, 1);
    before.event(before.starts[0]?.id ?? '', { order: { id: 'a' } });
    expect(await first).toEqual({ order: { id: 'a' } });
    before.drop();
    const next = nextOf(events);
    const after = await server.peer(1, 1);
    expect(after.header.Authorization).toBe('token 3');
    expect(after.starts[0]?.payload.extensions.authorization.Authorization).toBe('token 4');
    after.event(after.starts[0]?.id ?? '', { order: { id: 'b' } });
    expect([await next, await nextOf(events)]).toEqual(['gap: connection-lost', { order: { id: 'b' } }]);
  });

  test('that is ended is stopped at the server', async () => {
    const server = await appSyncServer();
    const session = sessionFor(server, key);
    const events = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(events);
    const peer = await server.peer(0, 1);
    const id = peer.starts[0]?.id ?? '';
    peer.event(id, { order: { id: 'a' } });
    await first;
    await events.return?.();
    await until(() => peer.received.some((message) => message.type === 'stop' && message.id === id));
  });

  test('that is ended while it waits for its signature is never sent', async () => {
    const released: (() => void)[] = [];
    let asked = 0;
    const server = await appSyncServer();
    const auth = jwt({
      token: async () => {
        asked += 1;
        if (asked === 2) await new Promise<void>((resolve) => released.push(resolve));
        return `token ${asked}`;
      },
    });
    const session = sessionFor(server, auth);
    const signal = new AbortController();
    const left = nextOf(session.subscribe(orders, {}, { signal: signal.signal })[Symbol.asyncIterator]());
    await until(() => released.length === 1);
    signal.abort();
    expect(await rejection(left)).toMatchObject({ name: 'CancelledError', delivery: 'not-sent' });
    released[0]?.();
    void nextOf(session.subscribe('subscription Others { other { id } }')[Symbol.asyncIterator]());
    const peer = await server.peer(0, 1);
    await turns(5);
    expect(peer.received.map(({ type }) => type)).toEqual(['connection_init', 'start']);
    expect(peer.starts[0]?.payload.data).toContain('Others');
  });

  test('that the server refuses fails with its errors', async () => {
    const errors = [{ errorType: 'BadRequestException', message: 'Field "order" is undefined' }];
    const server = await appSyncServer({
      start: ({ id }, peer) => peer.send({ type: 'error', id, payload: { errors } }),
    });
    const session = sessionFor(server, key);
    const error = await rejection(nextOf(session.subscribe(orders)[Symbol.asyncIterator]()));
    expect(error).toMatchObject({ name: 'GraphQLResultError', errors });
    expect(server.peers).toHaveLength(1);
  });

  test('whose proof has expired is started once more with a fresh one, on the same connection', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({
      start(message, peer) {
        const accepted = message.payload.extensions.authorization.Authorization === 'token 3';
        if (accepted) peer.event(message.id, { order: { id: 'a' } });
        else peer.send({ type: 'error', id: message.id, payload: { errors: [unauthorized] } });
      },
    });
    const session = sessionFor(server, auth);
    expect(await nextOf(session.subscribe(orders)[Symbol.asyncIterator]())).toEqual({ order: { id: 'a' } });
    expect(fresh).toEqual([false, false, true]);
    expect(server.peers).toHaveLength(1);
    expect(new Set(server.peers[0]?.starts.map(({ id }) => id)).size).toBe(2);
  });

  test('whose fresh proof is not accepted either fails', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({
      start: ({ id }, peer) => peer.send({ type: 'error', id, payload: { errors: [unauthorized] } }),
    });
    const session = sessionFor(server, auth);
    const error = await rejection(nextOf(session.subscribe(orders)[Symbol.asyncIterator]()));
    expect(error).toMatchObject({ name: 'GraphQLResultError', errors: [unauthorized] });
    expect(fresh).toEqual([false, false, true]);
  });

  test('is tried again while the program cannot say who asks', async () => {
    let asked = 0;
    const server = await appSyncServer({ start: ({ id }, peer) => peer.event(id, { order: { id: 'a' } }) });
    const auth = jwt({
      token: () => {
        asked += 1;
        if (asked === 2) throw new Error('The vault is closed.');
        return 'token';
      },
    });
    const session = sessionFor(server, auth);
    expect(await nextOf(session.subscribe(orders)[Symbol.asyncIterator]())).toEqual({ order: { id: 'a' } });
    expect(asked).toBe(3);
  });
});

describe('a connection', () => {
  const refusal = { type: 'connection_error', payload: { errors: [unauthorized] } };

  test('that is refused is opened once more with something fresh', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({ init: (peer, index) => peer.send(index === 0 ? refusal : acknowledgement) });
    const session = sessionFor(server, auth);
    void nextOf(session.subscribe(orders)[Symbol.asyncIterator]());
    await server.peer(1, 1);
    expect(fresh).toEqual([false, true, false]);
  });

  test('that is refused for good fails what waits for it, and says why', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({ init: (peer) => peer.send(refusal) });
    const session = sessionFor(server, auth);
    const error = await rejection(nextOf(session.subscribe(orders)[Symbol.asyncIterator]()));
    expect(error).toMatchObject({ name: 'ConnectError', message: expect.stringContaining('not authorized') });
    expect(session.state).toMatchObject({ status: 'failed', cause: { code: 'refused' } });
    expect(fresh).toEqual([false, true]);
  });

  test('that is refused under a key is not tried again: asking again gives the same key', async () => {
    const server = await appSyncServer({ init: (peer) => peer.send(refusal) });
    const session = sessionFor(server, key);
    await rejection(nextOf(session.subscribe(orders)[Symbol.asyncIterator]()));
    expect(server.peers).toHaveLength(1);
  });

  test('that is refused because there are too many is tried again', async () => {
    const errors = [{ errorType: 'LimitExceededError', message: 'Rate limit exceeded' }];
    const server = await appSyncServer({
      init: (peer, index) => peer.send(index < 2 ? { type: 'connection_error', payload: { errors } } : acknowledgement),
    });
    const session = sessionFor(server, key);
    void nextOf(session.subscribe(orders)[Symbol.asyncIterator]());
    await server.peer(2, 1);
  });

  test('waits for credentials that are not there yet, and says so', async () => {
    let asked = 0;
    const server = await appSyncServer();
    const session = sessionFor(
      server,
      iam({
        region: 'eu-central-1',
        credentials: () => {
          asked += 1;
          return (asked === 1 ? undefined : { accessKeyId: 'a', secretAccessKey: 'b' }) as never;
        },
      }),
    );
    const failed = reached(session, 'waiting');
    void nextOf(session.subscribe(orders)[Symbol.asyncIterator]());
    expect((await failed).cause).toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(/iam\(\) has no/),
    });
    await server.peer(0, 1);
  });

  test.for([
    ['an error that names no operation', { type: 'error', payload: { errors: [{ message: 'Bad request' }] } }],
    ['what is no JSON', 'garbage'],
    ['what is no message', { type: 'surprise' }],
  ] as const)('is replaced after %s, and its subscriptions go on', async ([, message]) => {
    const server = await appSyncServer();
    const session = sessionFor(server, key);
    const events = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(events);
    const before = await server.peer(0, 1);
    before.event(before.starts[0]?.id ?? '', { order: { id: 'a' } });
    await first;
    before.send(message);
    const after = await server.peer(1, 1);
    after.event(after.starts[0]?.id ?? '', { order: { id: 'b' } });
    expect([await nextOf(events), await nextOf(events)]).toEqual(['gap: connection-lost', { order: { id: 'b' } }]);
  });

  test('that is silent for longer than the server said is dead', async () => {
    const server = await appSyncServer({
      init: (peer, index) =>
        peer.send({ type: 'connection_ack', payload: { connectionTimeoutMs: index === 0 ? 20 : 300_000 } }),
    });
    const causes: unknown[] = [];
    const session = sessionFor(server, key);
    session.on('state', (state) => {
      if (state.status === 'waiting') causes.push(state.cause.code);
    });
    void nextOf(session.subscribe(orders)[Symbol.asyncIterator]());
    await server.peer(1, 1);
    expect(causes).toEqual(['silent']);
  });

  test('is told to live by its keep-alives', async () => {
    const server = await appSyncServer();
    await using session = createSession({ transport: realtimeOf(server, key) });
    const peer = await server.peer(0);
    expect((await reached(session, 'ready')).liveness).toBe('none');
    peer.send({ type: 'ka' });
    await reached(session, 'ready', ({ liveness }) => liveness === 'keep-alive');
  });
});

describe('what goes over HTTP', () => {
  test('is signed once more after 401, even a mutation: it was not done', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({
      request({ headers }, response) {
        const accepted = /^token [24]$/.test(headers.authorization ?? '');
        response.statusCode = accepted ? 200 : 401;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(accepted ? { data: { ok: true } } : { errors: [unauthorized] }));
      },
    });
    const session = sessionFor(server, auth);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(await session.execute('mutation { ok }')).toEqual({ ok: true });
    expect(fresh).toEqual([false, true, false, true]);
  });

  test('is refused where something fresh is not accepted either', async () => {
    const { auth, fresh } = countedTokens();
    const server = await appSyncServer({
      request(_asked, response) {
        response.statusCode = 401;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ errors: [unauthorized] }));
      },
    });
    const session = sessionFor(server, auth);
    const error = await rejection(session.execute('mutation { ok }'));
    expect(error).toMatchObject({ name: 'GraphQLResultError', errors: [unauthorized], status: 401 });
    expect(fresh).toEqual([false, true]);
  });

  test('was not sent where the program cannot say who asks', async () => {
    const server = await appSyncServer();
    const token = (): never => {
      throw new Error('The vault is closed.');
    };
    const session = sessionFor(server, jwt({ token }));
    const error = await rejection(session.execute('mutation { ok }', {}, { deadlineMs: 100 }));
    expect(error).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent' });
    expect(server.asked).toEqual([]);
  });

  test('is no file', async () => {
    const server = await appSyncServer();
    const session = sessionFor(server, key);
    const { upload } = await import('../../../src/index.js');
    const file = upload(new Blob(['a']));
    const error = await rejection(session.execute('mutation M($file: Upload) { ok }', { file }));
    expect(error).toMatchObject({ message: expect.stringContaining('S3') });
    expect(server.asked).toEqual([]);
  });
});

test('the real-time side alone refuses queries and mutations, and says what takes them', async () => {
  const server = await appSyncServer();
  await using session = createSession({ transport: realtimeOf(server, key) });
  for (const document of ['{ ok }', 'mutation { ok }']) {
    expect(await rejection(session.execute(document))).toMatchObject({
      delivery: 'not-sent',
      message: expect.stringContaining('appSync(address, { auth })'),
    });
  }
  expect(server.peers[0]?.starts).toEqual([]);
});
