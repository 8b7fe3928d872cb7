import { describe, expect, test } from 'vitest';
import {
  type AcceptOrRefuse,
  ConnectionRefused,
  type DisconnectContext,
  HookTimeoutError,
  type OperationContext,
} from '../../src/server/index.js';
import { RawClient } from './support/client.js';
import { ManualTimers } from './support/manual-timers.js';
import { RawTcp } from './support/raw-tcp.js';
import { advertisedLimits, startServer, until } from './support/serving.js';

const init = { type: 'connection_init' };
/** Nothing is advertised but the limits, and what a connect hook makes possible. */
const silent = { idempotency: false } as const;
const bounded = { v: 1, limits: advertisedLimits };
const holdfast = { ...bounded, reauth: true };
const hello = (id: string) => ({ type: 'subscribe', id, payload: { query: '{ hello }' } });

describe('subprotocols', () => {
  test('the client that offers both gets the one it named first', async () => {
    await using t = await startServer();
    for (const offered of [
      ['graphql-transport-ws', 'graphql-ws'],
      ['graphql-ws', 'graphql-transport-ws'],
      ['unknown', 'graphql-ws'],
    ]) {
      const client = await RawClient.open(t.ws, offered);
      expect(client.ws.protocol).toBe(offered.find((name) => name !== 'unknown'));
      await client.close();
    }
  });

  test('a client that offers none or only unknown ones is closed with 4406, and the hook hears of it', async () => {
    const endings: DisconnectContext[] = [];
    await using t = await startServer({ onDisconnect: (ending) => void endings.push(ending) });
    const none = await RawClient.open(t.ws, []);
    expect(await none.ended).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
    const unknown = await RawTcp.upgrade(t.ws, 'graphql-something-else');
    expect(unknown.head).toContain('101');
    expect(unknown.head.toLowerCase()).not.toContain('sec-websocket-protocol');
    unknown.socket.end();
    expect(await unknown.closeCodes()).toEqual([4406]);
    await until(() => endings.length === 2);
    expect(endings.map(({ code, operations }) => ({ code, operations }))).toEqual([
      { code: 4406, operations: 0 },
      { code: 4406, operations: 0 },
    ]);
  });
});

describe('init', () => {
  test.each(['graphql-transport-ws', 'graphql-ws'])(
    '%s: without an init in time the socket is closed with 4408 and no context is made',
    async (protocol) => {
      const timers = new ManualTimers();
      let contexts = 0;
      const context = (): object => {
        contexts += 1;
        return {};
      };
      await using t = await startServer({ initTimeoutMs: 3_000, context }, { timers });
      const client = await RawClient.open(t.ws, protocol);
      timers.advance(2_999);
      if (protocol === 'graphql-transport-ws') expect(await client.settled()).toEqual([]);
      timers.advance(1);
      expect(await client.ended).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
      expect(contexts).toBe(0);
    },
  );

  test('the init timer does not fire while the hook takes longer than it', async () => {
    const timers = new ManualTimers();
    let accept = (): void => {};
    const asked = new Promise<void>((resolve) => {
      accept = resolve;
    });
    let calls = 0;
    const onConnect = async (): Promise<void> => {
      calls += 1;
      await asked;
    };
    await using t = await startServer(
      { initTimeoutMs: 1_000, hookTimeoutMs: 60_000, onConnect, ...silent },
      { timers },
    );
    const client = await RawClient.open(t.ws);
    client.send(init);
    await until(() => calls === 1);
    timers.advance(30_000);
    expect(await client.settled()).toEqual([]);
    accept();
    expect((await client.next()).type).toBe('connection_ack');
  });

  test.each([undefined, null, {}, { token: 'x' }])('the payload %j is accepted', async (payload) => {
    await using t = await startServer(silent);
    const client = await RawClient.open(t.ws);
    client.send({ type: 'connection_init', payload });
    expect(await client.next()).toEqual({ type: 'connection_ack', payload: { holdfast: bounded } });
  });

  test.each(['x', [1], 5, true])('the payload %j is refused with 4400', async (payload) => {
    await using t = await startServer();
    const client = await RawClient.open(t.ws);
    client.send({ type: 'connection_init', payload });
    expect((await client.ended).code).toBe(4400);
  });

  test('a second init is closed with 4429, after the ack and also while the first is being judged; the hook is asked once', async () => {
    let asked = 0;
    let slow = false;
    let late = (): void => {};
    const onConnect = (): Promise<void> | undefined => {
      asked += 1;
      if (!slow) return undefined;
      return new Promise((resolve) => {
        late = resolve;
      });
    };
    await using t = await startServer({ onConnect });
    const client = await RawClient.accepted(t.ws);
    client.send(init);
    expect((await client.ended).code).toBe(4429);
    expect(asked).toBe(1);

    slow = true;
    const hasty = await RawClient.open(t.ws);
    hasty.send(init);
    hasty.send(init);
    expect((await hasty.ended).code).toBe(4429);
    late();
    expect(hasty.unread).toEqual([]);
    expect(asked).toBe(2);
  });

  test('legacy: a second init is acknowledged again, asks no hook and starts no second keep-alive', async () => {
    const timers = new ManualTimers();
    let asked = 0;
    const onConnect = (): object => {
      asked += 1;
      return { hello: 'there' };
    };
    await using t = await startServer(
      { keepAliveMs: 1_000, onConnect: () => onConnect() as { hello: string }, ...silent },
      { timers },
    );
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    const armed = timers.armed;
    client.send(init);
    expect(await client.next()).toEqual({ type: 'connection_ack', payload: { hello: 'there', holdfast: bounded } });
    expect(timers.armed).toBe(armed);
    expect(asked).toBe(1);
    timers.advance(1_000);
    await client.next('ka');
    expect(await client.settled()).toEqual([]);
  });
});

describe('the connect hook', () => {
  type Word = AcceptOrRefuse | Promise<AcceptOrRefuse>;
  const accepting: readonly [string, () => Word, unknown][] = [
    ['nothing', () => undefined, { holdfast }],
    ['null', () => null, null],
    ['a promise of null', () => Promise.resolve(null), null],
    ['an object', () => ({ region: 'eu' }), { region: 'eu', holdfast }],
    ['a promise of an object', () => Promise.resolve({ region: 'eu' }), { region: 'eu', holdfast }],
  ];

  test.each(accepting)('%s accepts', async (_, onConnect, payload) => {
    await using t = await startServer({ onConnect, ...silent });
    const client = await RawClient.open(t.ws);
    client.send(init);
    expect((await client.next('connection_ack')).payload).toEqual(payload);
  });

  test.each([
    [
      'throws',
      () => Promise.reject(new ConnectionRefused('Token expired', { payload: { message: 'Token expired', hint: 1 } })),
    ],
    ['returns', () => new ConnectionRefused('Token expired', { payload: { message: 'Token expired', hint: 1 } })],
  ])(
    'a hook that %s a refusal: 4403 with the reason; legacy: connection_error with the payload, then 1011',
    async (_, onConnect) => {
      await using t = await startServer({ onConnect: () => onConnect() });
      const client = await RawClient.open(t.ws);
      client.send(init);
      expect(await client.ended).toEqual({ code: 4403, reason: 'Token expired' });
      const legacy = await RawClient.open(t.ws, 'graphql-ws');
      legacy.send(init);
      expect(await legacy.next()).toEqual({ type: 'connection_error', payload: { message: 'Token expired', hint: 1 } });
      expect((await legacy.ended).code).toBe(1011);
      expect(t.failures).toEqual([]);
    },
  );

  test('a refusal may have a code of its own', async () => {
    await using t = await startServer({
      onConnect() {
        throw new ConnectionRefused('Moved', { code: 4321 });
      },
    });
    const client = await RawClient.open(t.ws);
    client.send(init);
    expect(await client.ended).toEqual({ code: 4321, reason: 'Moved' });
    expect(() => new ConnectionRefused('x', { code: 1000 })).toThrow(/4000 to 4999/);
  });

  test('a long reason is cut to what a close frame holds, between characters', async () => {
    await using t = await startServer({
      onConnect() {
        throw new ConnectionRefused('é'.repeat(200));
      },
    });
    const client = await RawClient.open(t.ws);
    client.send(init);
    expect(await client.ended).toEqual({ code: 4403, reason: 'é'.repeat(61) });
  });

  test.each([
    ['throws', () => Promise.reject(new Error('database down'))],
    [
      'throws at once',
      () => {
        throw new Error('database down');
      },
    ],
    ['throws something that is no error', () => Promise.reject('database down')],
    ['returns false', () => false],
    ['returns a text', () => 'yes'],
    ['returns a payload that is no JSON', () => ({ big: 10n })],
    [
      'returns a thenable whose then throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: that is the point
        get then(): unknown {
          throw new Error('trap');
        },
      }),
    ],
  ])(
    'a hook that %s: 4500; legacy: connection_error, then 1011; reported once; the next client is served',
    async (_, hook) => {
      let broken = true;
      await using t = await startServer({ onConnect: (() => (broken ? hook() : undefined)) as () => undefined });
      const client = await RawClient.open(t.ws);
      client.send(init);
      expect(await client.ended).toEqual({ code: 4500, reason: 'Internal server error' });
      expect(t.failures.map(({ source }) => source)).toEqual(['onConnect']);
      const legacy = await RawClient.open(t.ws, 'graphql-ws');
      legacy.send(init);
      expect(await legacy.next()).toEqual({ type: 'connection_error', payload: { message: 'Internal server error' } });
      expect((await legacy.ended).code).toBe(1011);
      expect(t.failures).toHaveLength(2);
      broken = false;
      await RawClient.accepted(t.ws);
    },
  );

  test('a hook that never settles counts as failed after its time', async () => {
    const timers = new ManualTimers();
    let asked = 0;
    const onConnect = (): Promise<never> => {
      asked += 1;
      return new Promise(() => {});
    };
    await using t = await startServer({ onConnect, hookTimeoutMs: 2_000 }, { timers });
    const client = await RawClient.open(t.ws);
    client.send(init);
    await until(() => asked === 1);
    timers.advance(2_000);
    expect((await client.ended).code).toBe(4500);
    expect(t.failures).toHaveLength(1);
    expect(t.failures[0]?.error).toBeInstanceOf(HookTimeoutError);
  });

  test('a client that leaves while it is being judged aborts the signal of the hook, and nothing is reported', async () => {
    let signal: AbortSignal | undefined;
    const endings: DisconnectContext[] = [];
    await using t = await startServer({
      onConnect: (connection) => {
        signal = connection.signal;
        return new Promise((_, reject) => connection.signal.addEventListener('abort', () => reject(new Error('gone'))));
      },
      onDisconnect: (ending) => void endings.push(ending),
    });
    const client = await RawClient.open(t.ws);
    client.send(init);
    await until(() => signal !== undefined);
    client.cut();
    await until(() => endings.length === 1);
    expect(signal?.aborted).toBe(true);
    expect(t.failures).toEqual([]);
  });
});

describe('what resolvers see of their connection', () => {
  test('parameters, headers and what the hook kept, each of its own connection', async () => {
    const seen: OperationContext[] = [];
    await using t = await startServer({
      onConnect: ({ connectionParams, connection, headers }) => {
        connection.user = `user of ${connectionParams?.token} at ${headers.host}`;
      },
      context: (own) => {
        seen.push(own);
        return own;
      },
    });
    const [a, b] = await Promise.all([
      RawClient.accepted(t.ws, 'graphql-transport-ws', { token: 'a' }),
      RawClient.accepted(t.ws, 'graphql-transport-ws', { token: 'b' }),
    ]);
    a.send(hello('1'));
    await a.next('next');
    b.send(hello('1'));
    await b.next('next');
    a.send(hello('2'));
    await a.next('complete');
    await a.next('next');
    const host = new URL(t.url).host;
    expect(seen.map(({ connectionParams, connection }) => ({ connectionParams, connection }))).toEqual([
      { connectionParams: { token: 'a' }, connection: { user: `user of a at ${host}` } },
      { connectionParams: { token: 'b' }, connection: { user: `user of b at ${host}` } },
      { connectionParams: { token: 'a' }, connection: { user: `user of a at ${host}` } },
    ]);
    expect(seen[0]?.payload.query).toBe('{ hello }');
    expect(t.probe.contexts[0]).toBe(seen[0]);
  });
});
