import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { PrincipalContext } from '../../../src/server/hook-types.js';
import { HookTimeoutError } from '../../../src/server/index.js';
import { RawClient } from '../support/client.js';
import { RawTcp } from '../support/raw-tcp.js';
import { startServer, until } from '../support/serving.js';
import { dialects, fakeServer, type Peer, settled } from './support/peer.js';

/** The answer to an upgrade that is refused. */
function refusal(url: string): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, 'graphql-transport-ws');
    ws.on('open', () => reject(new Error('It was opened')));
    ws.on('error', () => {});
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
  });
}

describe('connections in all', () => {
  test('as many as the limit are opened; one more is answered with 503, Retry-After and the name of the option', async () => {
    await using t = await startServer({ limits: { connections: 2 } });
    const first = await RawClient.accepted(t.ws);
    await RawClient.open(t.ws, 'graphql-ws');
    const { status, headers, body } = await refusal(t.ws);
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body).toContain('"limits.connections"');
    await first.close();
    await until(() => t.server.stats().connections === 1);
    await RawClient.accepted(t.ws);
  });

  test('a socket that is cut and a handshake that fails give their places back', async () => {
    await using t = await startServer({ limits: { connections: 1 } });
    const cut = await RawClient.accepted(t.ws);
    cut.cut();
    await until(() => t.server.stats().connections === 0);
    const { hostname, port, pathname } = new URL(t.ws);
    // No Sec-WebSocket-Key.
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    await new Promise<void>((resolve, reject) => {
      const request = get({ hostname, port, path: pathname, headers, agent: false }, (response) => {
        expect(response.statusCode).toBe(400);
        response.resume().on('close', resolve);
      });
      request.on('error', reject);
    });
    await RawTcp.upgrade(t.ws, 'graphql-transport-ws').then(({ head }) => expect(head).toContain('101'));
  });

  test('a socket that another runtime opened without asking is closed with 1013', () => {
    const server = fakeServer({ limits: { connections: 1 } });
    const first = server.connect();
    const second = server.connect();
    expect(first.closes).toEqual([]);
    expect(second.closes).toEqual([{ code: 1013, reason: expect.stringContaining('"limits.connections"') }]);
    expect(server.limited()).toEqual({ 'limits.connections': 1 });
    second.events.closed(1013, '', undefined);
    expect(server.connect().closes).toHaveLength(1);
    first.events.closed(1000, '', undefined);
    expect(server.connect().closes).toEqual([]);
  });
});

describe.each(dialects)('%s: connections of one principal', (dialect) => {
  const limits = { connectionsPerPrincipal: 2 };
  const isAccepted = (peer: Peer): boolean => peer.types().includes('connection_ack');

  test('as many as the limit are accepted; one more is closed with 1013 and the name of the option, and the operator is told once', async () => {
    const server = fakeServer({ limits });
    const connect = (address: string): Peer => server.connect(dialect, undefined, address).init();
    expect([connect('10.0.0.1'), connect('10.0.0.1'), connect('10.0.0.2')].map(isAccepted)).toEqual([true, true, true]);
    for (let i = 0; i < 2; i++) {
      const peer = connect('10.0.0.1');
      expect(peer.types()).toEqual(dialect === 'graphql-ws' ? ['connection_error'] : []);
      expect(peer.closes).toEqual([
        { code: 1013, reason: '"limits.connectionsPerPrincipal" allows one principal 2 connections' },
      ]);
    }
    expect(server.failures.map(({ source }) => source)).toEqual(['limit']);
    const message = String(server.failures[0]?.error);
    expect(message).toContain('"limits.connectionsPerPrincipal"');
    expect(message).toContain('behind a proxy');
    expect(message).toContain('the option "principal"');
    expect(server.limited()).toEqual({ 'limits.connectionsPerPrincipal': 2 });
  });

  test('every end of a socket gives its place back, once', () => {
    const server = fakeServer({ limits: { connectionsPerPrincipal: 1 } });
    const ways: ((peer: Peer) => void)[] = [
      (peer) => peer.events.closed(1000, '', undefined),
      (peer) => peer.events.closed(1006, '', new Error('cut')),
      (peer) => {
        peer.events.failed(new Error('bad frame'), 1002);
        peer.events.closed(1006, '', undefined);
      },
      (peer) => {
        peer.events.binary();
        peer.events.closed(1003, '', undefined);
      },
    ];
    for (const end of ways) {
      const peer = server.connect(dialect, undefined, '10.0.0.1').init();
      expect(isAccepted(peer)).toBe(true);
      const other = server.connect(dialect, undefined, '10.0.0.1').init();
      expect(isAccepted(other)).toBe(false);
      other.events.closed(1013, '', undefined);
      end(peer);
    }
    expect(server.core.admission.principals).toBe(0);
  });

  test('the application may say who is one: it sees what it needs, and those it does not name are one', async () => {
    const asked: PrincipalContext[] = [];
    const server = fakeServer({
      limits,
      onConnect: ({ connection, connectionParams }) => {
        connection.user = connectionParams?.user;
      },
      principal: (of) => {
        asked.push(of);
        return (of.connection as { user?: string }).user;
      },
    });
    const connect = (user: string | undefined): Peer =>
      server.connect(dialect, undefined, '10.0.0.1').init(user === undefined ? {} : { user });
    expect(['a', 'a', 'a', 'b'].map((user) => isAccepted(connect(user)))).toEqual([true, true, false, true]);
    expect([1, 2, 3].map(() => isAccepted(connect(undefined)))).toEqual([true, true, false]);
    expect(asked[0]).toEqual({
      headers: { 'user-agent': 'test' },
      remoteAddress: '10.0.0.1',
      connection: { user: 'a' },
      connectionParams: { user: 'a' },
    });
    expect(asked).toHaveLength(7);
    expect(String(server.failures[0]?.error)).toContain('tells clients apart');
  });

  test('clients whose address is not known count for themselves', () => {
    const server = fakeServer({ limits: { connectionsPerPrincipal: 1 } });
    expect([1, 2, 3].map(() => isAccepted(server.connect(dialect).init()))).toEqual([true, true, true]);
  });

  test('a client that is refused takes no place', () => {
    let refuse = true;
    const server = fakeServer({
      limits: { connectionsPerPrincipal: 1 },
      onConnect: () => {
        if (refuse) throw new Error('no');
      },
    });
    server.connect(dialect, undefined, '10.0.0.1').init();
    refuse = false;
    expect(isAccepted(server.connect(dialect, undefined, '10.0.0.1').init())).toBe(true);
  });

  test.each<[string, () => string | undefined | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('no principal');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no principal'))],
    ['returns something that is no text', () => 5 as unknown as string],
    ['never settles', () => new Promise(() => {})],
  ])('a principal hook that %s fails the connection and is reported once', async (name, principal) => {
    const server = fakeServer({ principal, hookTimeoutMs: 1_000 });
    const peer = server.connect(dialect).init();
    const op = dialect === 'graphql-ws' ? peer.start() : undefined;
    await settled();
    server.core.timers.advance(1_000);
    await settled();
    expect(peer.types()).toEqual(dialect === 'graphql-ws' ? ['connection_error'] : []);
    expect(peer.closes).toEqual([{ code: dialect === 'graphql-ws' ? 1011 : 4500, reason: 'Internal server error' }]);
    expect(server.failures.map(({ source }) => source)).toEqual(['principal']);
    if (name === 'never settles') expect(server.failures[0]?.error).toBeInstanceOf(HookTimeoutError);
    expect(op === undefined || server.core.counters.operations === 0).toBe(true);
  });

  test('a client that leaves while it is being named takes no place', async () => {
    let name = (_principal: string): void => {};
    const server = fakeServer({
      principal: () =>
        new Promise((resolve) => {
          name = resolve;
        }),
    });
    const peer = server.connect(dialect).init();
    peer.events.closed(1006, '', undefined);
    name('a');
    await settled();
    expect(server.core.admission.principals).toBe(0);
    expect(server.failures).toEqual([]);
    expect(peer.read()).toEqual([]);
  });
});

describe.each(dialects)('%s: what one connection may have', (dialect) => {
  test('operations: as many as the limit run, one more is one error with a code that names the option', () => {
    const server = fakeServer({ limits: { operationsPerConnection: 3 } }, () => new Promise(() => {}));
    const peer = server.connect(dialect).init();
    for (let i = 0; i < 3; i++) peer.start();
    expect(peer.types()).not.toContain('error');
    const id = peer.start();
    const [error] = peer.read();
    expect(error).toMatchObject({ type: 'error', id });
    const [first] = [error?.payload].flat() as { message: string; extensions: object }[];
    expect(first?.message).toContain('"limits.operationsPerConnection"');
    expect(first?.extensions).toEqual({ code: 'TOO_MANY_OPERATIONS' });
    expect(server.core.counters.operations).toBe(3);
    expect(server.limited()).toEqual({ 'limits.operationsPerConnection': 1 });
    peer.stop('1');
    peer.read();
    peer.start();
    expect(peer.read()).toEqual([]);
  });

  test('an id: as many bytes as the limit are fine, one more is a fault that names the option', () => {
    const server = fakeServer({ limits: { idBytes: 6 } });
    const peer = server.connect(dialect).init();
    peer.read();
    peer.start('ééé');
    expect(peer.types()).toContain('complete');
    peer.start('éééx');
    if (dialect === 'graphql-ws') {
      expect(peer.read()).toEqual([
        {
          type: 'error',
          id: 'éééx',
          payload: { message: expect.stringContaining('"limits.idBytes"'), extensions: { code: 'ID_TOO_LONG' } },
        },
      ]);
      expect(peer.closes).toEqual([]);
    } else {
      expect(peer.read()).toEqual([]);
      expect(peer.closes).toEqual([{ code: 4400, reason: expect.stringContaining('"limits.idBytes"') }]);
    }
    expect(server.limited()).toEqual({ 'limits.idBytes': 1 });
  });

  test('a message: as many bytes as the limit are read, one more is closed with 1009', async () => {
    await using t = await startServer({ limits: { messageBytes: 1_000 } });
    const client = await RawClient.accepted(t.ws, dialect);
    const message = (bytes: number): string => {
      const text = JSON.stringify({ type: 'pong', payload: { fill: '' } });
      return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
    };
    client.send(message(1_000));
    expect(await client.settled()).toEqual([]);
    client.send(message(1_001));
    expect((await client.ended).code).toBe(1009);
  });
});
