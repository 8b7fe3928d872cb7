import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/protocol/result.js';
import type { OperationContext } from '../../../src/server/index.js';
import { selectSubprotocol } from '../../../src/server/websocket/accept.js';
import { RawClient } from '../support/client.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, until } from '../support/serving.js';
import { type Dialect, dialects, fakeServer, settled, starts, stops } from './support/peer.js';

const start = (dialect: Dialect, id: string, query: string, rest: object = {}) => ({
  type: starts[dialect],
  id,
  payload: { query, ...rest },
});

test('of what a client offers its first choice is taken; what is no WebSocket subprotocol never', () => {
  expect(selectSubprotocol(['graphql-ws', 'graphql-transport-ws'])).toBe('graphql-ws');
  expect(selectSubprotocol(['graphql-sse', 'graphql-transport-ws'])).toBe('graphql-transport-ws');
  expect(selectSubprotocol(['graphql-sse', 'multipart-subscription', 'constructor', ''])).toBeUndefined();
  expect(selectSubprotocol([])).toBeUndefined();
});

describe.each(dialects)('%s', (dialect) => {
  test('parameters and what the hook kept reach the resolvers of their own connection and no other', async () => {
    const seen: OperationContext[] = [];
    await using t = await startServer({
      onConnect: ({ connectionParams, connection }) => {
        connection.user = connectionParams?.token;
      },
      context: (own) => {
        seen.push(own);
        return own;
      },
    });
    const clients = [
      await RawClient.accepted(t.ws, dialect, { token: 'a' }),
      await RawClient.accepted(t.ws, dialect, { token: 'b' }),
    ];
    for (const client of [...clients, ...clients]) {
      client.send(start(dialect, '1', '{ hello }'));
      await client.next();
      await client.next('complete');
    }
    expect(seen.map(({ connectionParams, connection }) => [connectionParams?.token, connection])).toEqual(
      ['a', 'b', 'a', 'b'].map((user) => [user, { user }]),
    );
    expect(seen[0]?.connection).toBe(seen[2]?.connection);
    expect(new Set(seen.map(({ remoteAddress }) => remoteAddress))).toEqual(new Set(['127.0.0.1']));
  });

  test('the name that the application gives a client reaches the pipeline, and no address does', async () => {
    const seen: unknown[] = [];
    const named = fakeServer({ principal: () => 'ada' });
    const unnamed = fakeServer();
    for (const server of [named, unnamed]) {
      const execute = server.core.pipeline.execute;
      Object.assign(server.core.pipeline, {
        execute: (...args: Parameters<typeof execute>) => {
          seen.push([args[1].principal, args[1].remoteAddress]);
          return execute(...args);
        },
      });
      server.connect(dialect, undefined, '10.0.0.1').init().start();
    }
    expect(seen).toEqual([
      ['ada', '10.0.0.1'],
      [undefined, '10.0.0.1'],
    ]);
  });

  test('no signal is made for an operation that nobody asks for one', () => {
    const server = fakeServer();
    let aborted: boolean | undefined;
    Object.assign(server.core.pipeline, {
      execute: (_: unknown, context: { readonly aborted?: boolean }) => {
        aborted = context.aborted;
        return { kind: 'result', result: { data: {} } };
      },
    });
    const made: unknown[] = [];
    const Original = globalThis.AbortController;
    globalThis.AbortController = class extends Original {
      constructor() {
        super();
        made.push(this);
      }
    };
    try {
      const peer = server.connect(dialect).init();
      const before = made.length;
      peer.start();
      expect(peer.types()).toContain('complete');
      expect(made).toHaveLength(before);
      expect(aborted).toBe(false);
    } finally {
      globalThis.AbortController = Original;
    }
  });

  test('a signal that is asked for after its operation was stopped is aborted already, and one before is then', () => {
    const server = fakeServer();
    const contexts: { readonly signal: AbortSignal; readonly aborted?: boolean | undefined }[] = [];
    Object.assign(server.core.pipeline, {
      execute: (_: unknown, context: (typeof contexts)[number]) => {
        contexts.push(context);
        return new Promise(() => {});
      },
    });
    const peer = server.connect(dialect).init();
    peer.start('early');
    peer.start('late');
    const early = contexts[0]?.signal;
    expect([early?.aborted, contexts[0]?.aborted]).toEqual([false, false]);
    peer.stop('early');
    peer.stop('late');
    expect([early?.aborted, contexts[0]?.aborted, contexts[1]?.aborted]).toEqual([true, true, true]);
    expect(contexts[1]?.signal.aborted).toBe(true);
    expect(contexts[1]?.signal.reason).toMatchObject({ name: 'AbortError' });
  });

  test('three thousand events arrive, all of them and in order', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, dialect);
    client.send(start(dialect, 's', 'subscription { count(to: 3000) }'));
    for (let i = 1; i <= 3_000; i++) expect((await client.next()).payload).toEqual({ data: { count: i } });
    await client.next('complete');
  });

  test('an answer in parts is several messages, then complete', async () => {
    const parts: Result[] = [
      { data: { a: 1 }, hasNext: true },
      { incremental: [], hasNext: true },
      { hasNext: false },
    ] as Result[];
    const server = fakeServer({}, () => {
      let next = 0;
      const end = { done: true, value: undefined } as const;
      return {
        kind: 'stream',
        incremental: true,
        events: {
          next: () => {
            const value = parts[next++];
            return Promise.resolve(value === undefined ? end : { done: false, value });
          },
          return: () => Promise.resolve(end),
        },
      };
    });
    const peer = server.connect(dialect).init();
    peer.read();
    const id = peer.start();
    await settled();
    const type = dialect === 'graphql-ws' ? 'data' : 'next';
    expect(peer.read()).toEqual([...parts.map((payload) => ({ type, id, payload })), { type: 'complete', id }]);
  });

  test('an id of 10,000 bytes and an operation name of 200 characters of several bytes harm nobody but themselves', async () => {
    await using t = await startServer({ limits: { idBytes: 20_000 } });
    const client = await RawClient.accepted(t.ws, dialect);
    const id = '\u{1F980}'.repeat(2_500);
    client.send(start(dialect, id, '{ hello }', { operationName: '名'.repeat(200) }));
    expect((await client.next('error')).id).toBe(id);
    client.send(start(dialect, id, '{ hello }'));
    expect((await client.next()).id).toBe(id);
    await client.next('complete');
  });

  test('a source that hangs for ever is told by its signal, and its connection is let go when its time is over', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ finaliseTimeoutMs: 500, keepAliveMs: 1_000_000 }, { timers });
    const client = await RawClient.accepted(t.ws, dialect);
    client.send(start(dialect, '1', 'subscription { stuck(name: "s") }'));
    await client.next();
    client.cut();
    await until(() => t.server.stats().connections === 0);
    expect(t.probe.finalised).toEqual(['s aborted']);
    timers.advance(500);
    await until(() => t.server.stats().sources === 0);
  });

  test('a source that is slow to close does not delay another operation, and the stop of the server waits for it', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, dialect);
    client.send(start(dialect, '1', 'subscription { slowToClose(gate: "g") }'));
    await until(() => t.server.stats().sources === 1);
    client.send({ type: stops[dialect], id: '1' });
    if (dialect === 'graphql-ws') await client.next('complete');
    client.send(start(dialect, '1', '{ hello }'));
    await client.next();
    await client.next('complete');
    let closed = false;
    const closing = t.serving.close({ graceMs: 100 }).then(() => {
      closed = true;
    });
    expect((await client.ended).code).toBe(1001);
    await until(() => t.server.stats().connections === 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    t.probe.open('g');
    await closing;
    expect(t.probe.finalised).toEqual(['g']);
  });

  test('without an init in time no hook is asked', async () => {
    let asked = 0;
    const onConnect = (): void => {
      asked += 1;
    };
    const server = fakeServer({ initTimeoutMs: 3_000, onConnect });
    const peer = server.connect(dialect);
    server.core.timers.advance(3_000);
    expect(peer.closes).toEqual([{ code: 4408, reason: 'Connection initialisation timeout' }]);
    peer.init();
    expect(asked).toBe(0);
  });
});
