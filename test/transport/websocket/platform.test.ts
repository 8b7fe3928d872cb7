// An injected WebSocket, used through what the platform's (WHATWG) gives: with the class of the package ws on real sockets, and
// with a stand-in for what only a browser does.

import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createSession, type Session } from '../../../src/session/session.js';
import { neverUpgrades, refusesUpgrade } from '../../../src/testing/index.js';
import {
  type PlatformWebSocket,
  type Subprotocol,
  type WebSocketConstructor,
  webSocket,
} from '../../../src/transport/websocket/index.js';
import { ask, deadPort, ended, failureOf, open, startServer } from './support/opening.js';

const platform = { WebSocket: WebSocket as unknown as WebSocketConstructor };

describe.each<Subprotocol>(['graphql-transport-ws', 'graphql-ws'])('a session over %s', (dialect) => {
  function start(address: string): Session {
    const retry = { connect: { delayMs: () => 1 } };
    const session = createSession({ transport: webSocket(address, { ...platform, protocols: [dialect] }), retry });
    onTestFinished(() => session.close({ graceMs: 0 }));
    return session;
  }

  test('runs calls and subscriptions, and heals', async () => {
    const server = await startServer();
    const session = start(server.url);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    const subscription = session.subscribe('subscription { n }');
    await server.received('start', { count: 2 });
    server.publish({ data: { n: 1 } });
    expect(await subscription.next()).toMatchObject({ value: { type: 'data', data: { n: 1 } } });
    server.connections[0]?.drop();
    expect(await subscription.next()).toMatchObject({ value: { type: 'gap' } });
    await server.until('a subscription', () => server.subscriptions[0]);
    server.publish({ data: { n: 2 } });
    expect(await subscription.next()).toMatchObject({ value: { type: 'data', data: { n: 2 } } });
    await session.close();
    expect(await server.connections[1]?.ended).toMatchObject({ code: 1000 });
  });

  test('ends the connection at what is no message, and goes on with another', async () => {
    const server = await startServer();
    const session = start(server.url);
    await session.ready();
    server.connections[0]?.binary(Buffer.from('{}'));
    expect(await server.connections[0]?.ended).toEqual({ code: 4004, reason: 'Bad response' });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    server.connections[1]?.raw('[]');
    expect(await server.connections[1]?.ended).toEqual({ code: 4004, reason: 'Bad response' });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
  });
});

describe('one connection', () => {
  test('tells how the server closed it', async () => {
    const server = await startServer();
    const { connection } = await open(webSocket(server.url, platform));
    server.connections[0]?.close(4500, 'broken');
    expect(await connection.closed).toMatchObject({
      by: 'peer',
      code: 4500,
      reason: 'broken',
      clean: true,
      failure: { code: 'closed', closeCode: 4500 },
    });
  });

  test('tells that it was dropped', async () => {
    const server = await startServer();
    const { connection } = await open(webSocket(server.url, platform));
    server.connections[0]?.drop();
    expect(await connection.closed).toMatchObject({ by: 'network', code: 1006, clean: false });
  });

  test('that cannot be made is a failure of the network, which is all that the platform says', async () => {
    const server = await startServer({ script: refusesUpgrade({ status: 401 }) });
    expect(await failureOf(webSocket(server.url, platform))).toMatchObject({ code: 'network', phase: 'connect' });
    const nowhere = `ws://127.0.0.1:${deadPort}/graphql`;
    expect(await failureOf(webSocket(nowhere, platform))).toMatchObject({ code: 'network', phase: 'connect' });
  });

  test('that is given up while it is made says so', async () => {
    const server = await startServer({ script: neverUpgrades() });
    const giveUp = new AbortController();
    const failure = failureOf(webSocket(server.url, platform), { signal: giveUp.signal });
    await server.until('an upgrade', () => (server.upgrades === 1 ? true : undefined));
    giveUp.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
  });

  test('cannot send headers, and the failure says what to do instead', async () => {
    const server = await startServer();
    const credentials = { headers: { Authorization: 'Bearer abc' } };
    const failure = await failureOf(webSocket(server.url, platform), { credentials });
    expect(failure).toMatchObject({ code: 'bad-option', phase: 'connect' });
    expect(failure.message).toContain('connectionParams');
    expect(failure.message).not.toContain('abc');
    expect(server.upgrades).toBe(0);
  });

  test('that the platform refuses to make fails as a wrong option', async () => {
    class Refusing {
      constructor() {
        throw new SyntaxError('not from this page');
      }
    }
    const transport = webSocket('ws://127.0.0.1:1/', { WebSocket: Refusing as unknown as WebSocketConstructor });
    const failure = await failureOf(transport);
    expect(failure).toMatchObject({ code: 'bad-option', cause: { message: 'not from this page' } });
  });
});

describe('a platform that leaves the subprotocol empty', () => {
  /** Opens at once, as a browser does with a server that selects none, and acknowledges whatever is sent. */
  class Silent implements PlatformWebSocket {
    static last: Silent | undefined;
    readonly protocol = '';
    readonly bufferedAmount = 0;
    readonly sent: string[] = [];
    readyState = 0;
    binaryType = 'blob';
    closedWith: number | undefined;
    onopen: PlatformWebSocket['onopen'] = null;
    onmessage: PlatformWebSocket['onmessage'] = null;
    onerror: PlatformWebSocket['onerror'] = null;
    onclose: PlatformWebSocket['onclose'] = null;

    constructor() {
      Silent.last = this;
      queueMicrotask(() => {
        this.readyState = 1;
        this.onopen?.({} as never);
      });
    }

    send(text: string): void {
      this.sent.push(text);
      queueMicrotask(() => this.onmessage?.({ data: '{"type":"connection_ack"}' } as never));
    }

    close(code?: number): void {
      this.closedWith = code;
    }
  }
  const silent = { WebSocket: Silent };

  test('is left, and the failure names the option that helps', async () => {
    const failure = await failureOf(webSocket('wss://example.com/', silent));
    expect(failure).toMatchObject({ code: 'subprotocol', phase: 'handshake' });
    expect(failure.message).toContain("{ assume: 'graphql-transport-ws' }");
    expect(Silent.last).toMatchObject({ closedWith: 1000, sent: [] });
  });

  test('is understood with the option assume', async () => {
    const opened = await open(webSocket('wss://example.com/', { ...silent, assume: 'graphql-ws' }));
    ask(opened, '{ ok }');
    expect(Silent.last?.sent.map((text) => JSON.parse(text).type)).toEqual(['connection_init', 'start']);
    opened.connection.terminate(ended);
  });
});
