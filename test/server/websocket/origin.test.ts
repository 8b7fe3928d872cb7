import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isOriginAllowed } from '../../../src/server/origin.js';
import { RawClient } from '../support/client.js';
import { startServer, until } from '../support/serving.js';

describe('which origins may open a WebSocket', () => {
  const own = 'app.example.com';
  test.each<[string, string | undefined, string | undefined, readonly string[], boolean]>([
    ['whoever sends none is no browser', undefined, own, [], true],
    ['the own origin', 'https://app.example.com', own, [], true],
    ['the own origin over plain HTTP', 'http://app.example.com', own, [], true],
    ['the own origin, whose default port is named', 'https://app.example.com', 'app.example.com:443', [], true],
    ['the own origin on a port', 'http://127.0.0.1:4000', '127.0.0.1:4000', [], true],
    ['the own origin on an IPv6 address', 'http://[::1]:4000', '[::1]:4000', [], true],
    ['the own origin in capitals', 'HTTPS://APP.Example.com', own, [], true],
    ['another port of the own host', 'https://app.example.com:8443', own, [], false],
    ['the default port of another scheme', 'http://app.example.com', 'app.example.com:443', [], false],
    ['a foreign one', 'https://evil.example', own, [], false],
    ['one that ends like the own', 'https://evil-app.example.com', own, [], false],
    ['one that begins like the own', 'https://app.example.com.evil.example', own, [], false],
    ['one with the own host as its user', 'https://app.example.com@evil.example', own, [], false],
    ['null', 'null', own, [], false],
    ['null although it is listed as an origin', 'null', own, ['https://app.example.com'], false],
    ['an empty one', '', own, [], false],
    ['one that is no URL', 'app.example.com', own, [], false],
    ['the own, where the request names no host', 'https://app.example.com', undefined, [], false],
    ['the own, where the host is no host', 'https://app.example.com', 'a b', [], false],
    ['a browser extension', 'chrome-extension://app.example.com', own, [], false],
    ['a listed one', 'https://other.example', own, ['https://other.example'], true],
    ['a listed one, whose port is named', 'https://other.example', own, ['https://other.example:443/'], true],
    ['a listed one, by the scheme of sockets', 'https://other.example', own, ['wss://other.example'], true],
    ['a listed extension', 'chrome-extension://abc', own, ['chrome-extension://abc'], true],
    ['another scheme than the listed', 'http://other.example', own, ['https://other.example'], false],
    ['another scheme on the port of the listed', 'http://other.example:443', own, ['https://other.example'], false],
    [
      'a page without TLS, by the scheme of sockets with it',
      'http://other.example',
      own,
      ['wss://other.example'],
      false,
    ],
    ['a part of the listed', 'https://sub.other.example', own, ['https://other.example'], false],
    ['anybody', 'https://evil.example', own, ['*'], true],
    ['anybody, also null', 'null', own, ['*'], true],
  ])('%s', (_, origin, host, allowed, expected) => {
    expect(isOriginAllowed(origin, host, allowed)).toBe(expected);
  });
});

describe('an upgrade', () => {
  const refused = (url: string, origin: string): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(url, 'graphql-transport-ws', { origin });
      ws.on('open', () => reject(new Error('It was opened')));
      ws.on('error', () => {});
      ws.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
    });

  test('from a foreign page is refused with 403 before any socket is opened, and told which option allows it', async () => {
    const events: string[] = [];
    await using t = await startServer({
      onConnect: () => void events.push('connect'),
      onDisconnect: () => void events.push('disconnect'),
      allowedOrigins: ['https://friend.example'],
    });
    for (const origin of ['https://evil.example', 'null']) {
      const { status, body } = await refused(t.ws, origin);
      expect(status).toBe(403);
      expect(body).toContain('"allowedOrigins"');
      expect(body).toContain(origin);
    }
    expect(events).toEqual([]);
    expect(t.server.stats().connections).toBe(0);
    // Browsers do not tell a page why; the operator hears of each once.
    expect(t.failures).toMatchObject([
      {
        source: 'limit',
        error: {
          code: 'origin-not-allowed',
          message: expect.stringMatching(/"https:\/\/evil.example".*"allowedOrigins"/),
        },
      },
      { source: 'limit', error: { message: expect.stringContaining('"null"') } },
    ]);
  });

  test('from the own page, a listed one and no page at all is accepted', async () => {
    await using t = await startServer({ allowedOrigins: ['https://friend.example'] });
    for (const origin of [new URL(t.url).origin, 'https://friend.example', undefined]) {
      const ws = new WebSocket(t.ws, 'graphql-transport-ws', origin === undefined ? {} : { origin });
      await new Promise((resolve, reject) => {
        ws.once('open', resolve);
        ws.once('error', reject);
      });
      ws.close();
    }
    await until(() => t.server.stats().connections === 0);
    await RawClient.accepted(t.ws);
  });
});
