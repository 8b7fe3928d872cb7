// What may be given to webSocket(): addresses, options and their combinations. A wrong one is refused before anything is opened,
// and what may be shown of an address holds no secret.

import { Agent } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { type WebSocketConstructor, type WebSocketOptions, webSocket } from '../../../src/transport/websocket/index.js';
import { deadPort, failureOf, open, startServer } from './support/opening.js';

const address = 'wss://example.com/graphql';
const platform = WebSocket as unknown as WebSocketConstructor;

function refusal(given: string | URL, options?: unknown): OptionError {
  try {
    webSocket(given, options as WebSocketOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    return error as OptionError;
  }
  throw new Error('It was expected to be refused.');
}

describe('an address', () => {
  test.each([
    ['ws://example.com/graphql', 'ws://example.com/graphql'],
    ['wss://example.com/graphql', 'wss://example.com/graphql'],
    ['http://example.com/graphql', 'ws://example.com/graphql'],
    ['https://example.com:8443/graphql', 'wss://example.com:8443/graphql'],
    ['HTTPS://Example.com/graphql#part', 'wss://example.com/graphql'],
  ])('%s is opened as %s', (given, opened) => {
    expect(webSocket(given).name).toBe(`websocket ${opened}`);
    expect(webSocket(new URL(given)).name).toBe(`websocket ${opened}`);
  });

  test.each(['example.com/graphql', '', '/graphql', 'ftp://example.com/graphql', 'localhost:4000/graphql'])(
    '"%s" is refused',
    (given) => {
      expect(refusal(given)).toMatchObject({ option: 'address', code: 'bad-option', phase: 'prepare' });
    },
  );

  test('that begins with http: reaches a WebSocket', async () => {
    const server = await startServer();
    await open(webSocket(server.url.replace('ws:', 'http:')));
    expect(server.connections).toHaveLength(1);
  });

  test('keeps its query and its user on the way, and shows neither', async () => {
    const server = await startServer();
    const secret = new URL(server.url);
    secret.username = 'alice';
    secret.password = 'pa55word';
    secret.search = '?token=t0ken';
    const transport = webSocket(secret);
    expect(transport.name).toBe(`websocket ${server.url}`);
    await open(transport);
    expect(server.connections[0]?.url).toBe('/graphql?token=t0ken');
    expect(server.connections[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('alice:pa55word').toString('base64')}`,
    );
    server.use({ upgrade: () => ({ kind: 'refuse', status: 500 }) });
    const refused = await failureOf(transport);
    const nowhere = new URL(secret);
    nowhere.port = String(deadPort);
    const unreachable = await failureOf(webSocket(nowhere));
    expect([refused.code, unreachable.code]).toEqual(['http-status', 'network']);
    expect(refused.message).toContain(server.url);
    expect(unreachable.message).toContain(`ws://127.0.0.1:${deadPort}/graphql`);
    for (const { message } of [refused, unreachable]) {
      expect(message).not.toMatch(/alice|pa55word|t0ken/);
    }
  });
});

describe('an option', () => {
  test('that is unknown is refused with the nearest one', () => {
    expect(refusal(address, { protocol: ['graphql-ws'] })).toMatchObject({
      option: 'protocol',
      message: expect.stringContaining('Did you mean "protocols"?'),
    });
    expect(refusal(address, { lazy: true }).message).toContain('Known options: protocols, assume, headers');
  });

  test.each([
    ['protocols', { protocols: [] }],
    ['protocols', { protocols: 'graphql-ws' }],
    ['protocols', { protocols: ['graphql-ws', 'soap'] }],
    ['assume', { assume: 'soap' }],
    ['assume', { assume: 'graphql-ws', protocols: ['graphql-transport-ws'] }],
    ['proxy', { proxy: 'proxy:3128' }],
    ['proxy', { proxy: 'https://proxy:3128' }],
    ['proxy', { proxy: 'http://us%er@proxy:3128' }],
    ['proxy', { proxy: 'http://proxy:3128', agent: new Agent() }],
    ['headers', { WebSocket: platform, headers: { 'X-A': '1' } }],
    ['agent', { WebSocket: platform, agent: new Agent() }],
    ['tls', { WebSocket: platform, tls: {} }],
    ['proxy', { WebSocket: platform, proxy: 'http://proxy:3128' }],
    ['compression', { WebSocket: platform, compression: true }],
    ['WebSocket', { WebSocket: 'ws' }],
  ])('"%s" is refused in %j', (option, options) => {
    expect(refusal(address, options)).toMatchObject({ option, code: 'bad-option' });
  });

  test('that an injected WebSocket cannot honour is refused with the reason and both ways out', () => {
    const { message } = refusal(address, { WebSocket: platform, headers: { 'X-A': '1' } });
    expect(message).toContain("sends no headers of a program's own");
    expect(message).toContain('connectionParams');
    expect(message).toContain('leave out the option "WebSocket"');
  });

  test.each([
    ['a header that HTTP does not know', { credentials: { headers: { 'X Y': '1' } } }],
    ['a header with a line break', { credentials: { headers: { 'X-Y': '1\r\nX-Z: 2' } } }],
  ])('of a connection that cannot work, as %s, fails it as what it is', async (_what, opening) => {
    const server = await startServer();
    const failure = await failureOf(webSocket(server.url), opening as never);
    expect(failure.code).toBe('bad-option');
  });
});
