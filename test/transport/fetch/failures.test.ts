// What goes wrong with requests over fetch in Node: each failure with its code, and with proof where nothing was sent.

import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { certificate, key } from '../websocket/support/certificate.js';
import { ask, clientOf, send, Told } from './support/exchanges.js';
import { deadOrigin, impossibleName, serve, serveTcp } from './support/servers.js';

const injected: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

describe.each([
  ['the global fetch', globalThis.fetch],
  ['an injected fetch', injected],
] as const)('with %s, it is proven that nothing was sent', (_name, fetch) => {
  test('where nobody listens', async () => {
    const told = await ask(clientOf(deadOrigin, { fetch }));
    expect(told.order).toEqual(['sending', 'failed']);
    expect(told.failure).toMatchObject({
      code: 'network',
      phase: 'connect',
      delivery: 'not-sent',
      message: expect.stringContaining(`${deadOrigin}/graphql`),
    });
  });

  test('where the name does not exist', async () => {
    const told = await ask(clientOf(`http://${impossibleName}`, { fetch }));
    expect(told.failure).toMatchObject({ code: 'network', phase: 'connect', delivery: 'not-sent' });
    expect(told.failure?.message).toContain('ENOTFOUND');
  });

  test('where the certificate is not accepted', async () => {
    const server = createServer({ cert: certificate, key }, (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = await ask(clientOf(origin, { fetch }));
    expect(told.failure).toMatchObject({ code: 'tls', delivery: 'not-sent' });
    expect(told.failure?.message).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('but not where the connection is lost before the answer', async () => {
    const endings: readonly ((socket: Socket) => void)[] = [
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end(),
    ];
    for (const end of endings) {
      const origin = await serveTcp(end);
      const told = await ask(clientOf(origin, { fetch }));
      expect(told.order).toEqual(['sending', 'failed']);
      expect(told.failure).toMatchObject({ code: 'network', phase: 'operation' });
      expect(told.failure).not.toHaveProperty('delivery');
    }
  });
});

describe('an answer that stops before its end fails, and never ends', () => {
  const cases: readonly (readonly [string, string, (socket: Socket) => void])[] = [
    ['a body shorter than its length', 'content-length: 10\r\n\r\nabc', (socket) => socket.end()],
    ['chunks without a last one', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', (socket) => socket.end()],
    ['a reset', 'content-length: 10\r\n\r\nabc', (socket) => socket.resetAndDestroy()],
  ];
  test.for(cases)('%s', async ([_name, text, end]) => {
    const origin = await serveTcp((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${text}`);
      told.first('chunk').then(() => end(socket));
    });
    const { told } = send(clientOf(origin));
    await told.over;
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'failed']);
    expect(told.failure).toMatchObject({ code: 'network', phase: 'operation' });
    expect(told.failure).not.toHaveProperty('delivery');
  });
});

test('an answer that had begun is proof that the request was sent, whatever its reading fails with', async () => {
  const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(error);
    },
  });
  const told = await ask(clientOf('https://example.com', { fetch: async () => new Response(body) }));
  expect(told.order).toEqual(['sending', 'head', 'failed']);
  expect(told.failure).not.toHaveProperty('delivery');
});

test('an answer that is not HTTP breaks the protocol', async () => {
  const origin = await serveTcp((socket) => socket.end('HELLO\r\n\r\n'));
  expect((await ask(clientOf(origin))).failure).toMatchObject({ code: 'protocol-error', phase: 'operation' });
});

test('a header that HTTP does not allow is refused before anything is sent, and its value is not repeated', async () => {
  const { origin } = await serve((_request, response) => response.end());
  for (const headers of [{ 'x key': '1' }, { authorization: 'Bearer s3cret\n' + 'x' }, { 'x-name': 'Zoë €' }]) {
    const told = await ask(clientOf(origin), { headers });
    expect(told.order).toEqual(['failed']);
    expect(told.failure).toMatchObject({ code: 'bad-option', delivery: 'not-sent' });
    expect(told.failure?.message).toContain(Object.keys(headers)[0]);
    expect(JSON.stringify(told.failure)).not.toContain('s3cret');
  }
});

describe('an injected fetch', () => {
  test('is called without "this" and with what any fetch understands', async () => {
    const calls: { self: unknown; url: unknown; init: RequestInit | undefined }[] = [];
    function fetch(this: unknown, url: unknown, init?: RequestInit): Promise<Response> {
      calls.push({ self: this, url, init });
      return Promise.resolve(new Response('{}'));
    }
    const told = await ask(clientOf('https://example.com', { fetch, credentials: 'include' }), { path: '/a?b' });
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
    expect(calls).toMatchObject([
      {
        self: undefined,
        url: 'https://example.com/a?b',
        init: { method: 'POST', redirect: 'manual', credentials: 'include', body: '{"query":"{ ok }"}' },
      },
    ]);
    // Members that mean something in browsers only: some servers' runtimes throw at them.
    expect(calls[0]?.init).not.toHaveProperty('cache');
  });

  test('that throws on the spot is a failure, told later', async () => {
    const fetch = (): never => {
      throw new TypeError('not today');
    };
    const { told } = send(clientOf('https://example.com', { fetch }));
    expect(told.order).toEqual(['sending']);
    await told.over;
    expect(told.failure).toMatchObject({ code: 'network', message: expect.stringContaining('not today') });
    expect(told.failure).not.toHaveProperty('delivery');
  });

  test('that gives no Response, or one whose body it has read, is a failure that says so', async () => {
    const given: readonly (() => Promise<unknown>)[] = [
      async () => undefined,
      async () => ({ ok: true, json: async () => ({}) }),
      async () => {
        const response = new Response('{}');
        await response.text();
        return response;
      },
    ];
    for (const fetch of given) {
      const told = await ask(clientOf('https://example.com', { fetch: fetch as typeof globalThis.fetch }));
      expect(told.order).toEqual(['sending', 'failed']);
      expect(told.failure).toMatchObject({ code: 'bad-option', message: expect.stringContaining('no Response') });
    }
  });

  test('whose bodies are no streams is read all the same', async () => {
    const fetch = async (): Promise<Response> =>
      ({
        status: 200,
        headers: new Headers({ 'x-a': '1' }),
        body: undefined,
        arrayBuffer: async () => new TextEncoder().encode('whole').buffer,
      }) as unknown as Response;
    const told = await ask(clientOf('https://example.com', { fetch }));
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
    expect(told.bytes.toString()).toBe('whole');
  });

  test('that hides a redirect, as a browser does, gives a failure that asks for the final address', async () => {
    const fetch = async (): Promise<Response> =>
      ({ type: 'opaqueredirect', status: 0, headers: new Headers(), body: null }) as Response;
    const told = await ask(clientOf('https://example.com', { fetch }));
    expect(told.failure).toMatchObject({ code: 'http-status', message: expect.stringContaining('final address') });
  });
});

test('what is told is never told synchronously, except for sending', async () => {
  const { origin } = await serve((_request, response) => response.end());
  const clients = [clientOf(origin), clientOf(deadOrigin)];
  for (const client of clients) {
    const { told } = send(client);
    expect(told.order).toEqual(['sending']);
    await told.over;
  }
  const refused = new Told();
  clients[0]?.send({ method: 'POST', path: '/', headers: { 'x y': '' }, body: '', longLived: false }, refused);
  expect(refused.order).toEqual([]);
  await refused.over;
});
