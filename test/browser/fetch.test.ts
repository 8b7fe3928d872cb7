// Requests over the browser's own fetch, in what a browser does unlike Node: it asks for permission, explains nothing, hides
// redirects, shares few connections, and streams no bodies out.

import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Failure, ResponseHead } from '../../src/transport/contract.js';
import { reservedPort } from '../support/reserved-port.js';
import { eventually } from '../testing/eventually.js';
import { certificate, key } from '../transport/websocket/support/certificate.js';
import { openPage } from './support/open-page.js';
import { answer } from './support/site.js';

const requestModule = 'test/browser/modules/fetch-request.js';
const streamsModule = 'test/browser/modules/fetch-streams.js';

interface Told {
  readonly order: readonly string[];
  readonly text: string;
  readonly head?: ResponseHead;
  readonly failure?: Failure;
}

const allowed = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'x-shown',
};

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server on an origin of its own; `asked` holds the methods of what reached it. */
async function serve(listener: RequestListener, headers: Readonly<Record<string, string>> = allowed) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.method ?? '');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else listener(request, response);
  });
  return { asked, origin: `http://127.0.0.1:${await listen(server)}` };
}

describe('a request in Chromium', () => {
  test('is answered in order, with the headers that the server shows to pages', async (t) => {
    const page = await openPage(t);
    const { origin } = await serve((request, response) => {
      response.setHeader('x-shown', 'yes');
      response.setHeader('x-hidden', 'yes');
      request.pipe(response);
    });
    const told = await page.run<Told>(requestModule, { origin });
    expect(told).toMatchObject({ text: '{"query":"{ ok }"}', head: { status: 200, headers: { 'x-shown': 'yes' } } });
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
    expect(told.head?.headers).not.toHaveProperty('x-hidden');
  });

  test('is told of each piece of its answer when it comes', async (t) => {
    const page = await openPage(t);
    let response: ServerResponse | undefined;
    const { origin } = await serve((_request, began) => {
      response = began;
      began.write('1');
    });
    const texts: string[] = [];
    const chunk = (text: string): void => {
      texts.push(text);
      if (text === '123') response?.end();
      else response?.write(String(text.length + 1));
    };
    const told = await page.run<Told>(requestModule, { origin }, { chunk });
    expect(texts).toEqual(['1', '12', '123']);
    expect(told.order.at(-1)).toBe('end');
  });

  test('that CORS refuses fails without proof of anything, and the message names what it may be', async (t) => {
    const page = await openPage(t);
    const { origin, asked } = await serve((_request, response) => response.end(), {});
    const { order, failure } = await page.run<Told>(requestModule, { origin });
    expect(order).toEqual(['sending', 'failed']);
    expect(failure).toMatchObject({ code: 'network', message: expect.stringMatching(/does not tell.*CORS/s) });
    expect(failure).not.toHaveProperty('delivery');
    expect(asked).toEqual(['OPTIONS']);
  });

  test('that nobody answers fails in the same way: the browser makes no difference', async (t) => {
    const page = await openPage(t);
    const origin = `http://127.0.0.1:${await reservedPort()}`;
    const { failure } = await page.run<Told>(requestModule, { origin });
    expect(failure).toMatchObject({ code: 'network', message: expect.stringContaining('cannot be reached') });
    expect(failure).not.toHaveProperty('delivery');
  });

  test('whose answer stops before its end fails, and never ends', async (t) => {
    const page = await openPage(t);
    let response: ServerResponse | undefined;
    const { origin } = await serve((_request, began) => {
      response = began;
      began.write('a part');
    });
    const told = await page.run<Told>(requestModule, { origin }, { chunk: () => void response?.destroy() });
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'failed']);
    expect(told.failure).toMatchObject({ code: 'network', message: expect.stringContaining('broke off') });
  });

  test('is not redirected: the failure asks for the final address', async (t) => {
    const page = await openPage(t);
    const { origin, asked } = await serve((_request, response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    const { order, failure } = await page.run<Told>(requestModule, { origin });
    expect(order).toEqual(['sending', 'failed']);
    expect(failure).toMatchObject({
      code: 'http-status',
      delivery: 'answered',
      message: expect.stringContaining('give the final address'),
    });
    expect(asked).toEqual(['OPTIONS', 'POST']);
  });

  test.for(['sending', 'head', 'chunk'])('that is cancelled at "%s" is taken from the server', async (at, t) => {
    const page = await openPage(t);
    let [began, ended] = [0, 0];
    const { origin } = await serve((_request, response) => {
      began += 1;
      response.on('close', () => {
        ended += 1;
      });
      if (at !== 'sending') response.write('first');
    });
    const host = { arrived: () => eventually(() => began, 1), gone: () => eventually(() => ended, 1) };
    const told = await page.run<Told>('test/browser/modules/fetch-cancel.js', { origin, at }, host);
    expect(told.order.at(-1)).toBe(at);
  });

  test('that is not read holds its server back, and goes on when it is read again', async (t) => {
    const page = await openPage(t);
    // Chromium takes about 64 MiB before it takes no more.
    const [pieces, piece] = [4_000, Buffer.alloc(65_536, 'a')];
    let written = 0;
    const { origin } = await serve((_request, response) => {
      const write = (): void => {
        while (written < pieces) {
          written += 1;
          if (!response.write(piece)) return;
        }
        response.end();
      };
      response.on('drain', write);
      write();
    });
    let held = 0;
    const paused = async (): Promise<void> => {
      let still = 0;
      while (held === 0 || still < 100) {
        still = written === held ? still + 1 : 0;
        held = written;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const resumed = () => eventually(() => written > held, true);
    const toldWhilePaused = await page.run('test/browser/modules/fetch-pause.js', { origin }, { paused, resumed });
    expect(toldWhilePaused).toBe(3);
    expect(held).toBeLessThan(pieces / 2);
  });

  test('with a part that would be read while it is sent is refused, unsent; as Blob and bytes it is sent', async (t) => {
    const page = await openPage(t);
    const { origin } = await serve((request, response) => request.pipe(response));
    const told = await page.run<{ readonly opened: number; readonly streamed: Told; readonly whole: Told }>(
      'test/browser/modules/fetch-upload.js',
      { origin },
    );
    expect(told.streamed.order).toEqual(['failed']);
    expect(told.streamed.failure).toMatchObject({
      code: 'bad-option',
      delivery: 'not-sent',
      message: expect.stringContaining('Read it into a Blob first'),
    });
    expect(told.opened).toBe(0);
    expect(told.whole.text).toBe('a€');
  });

  test('carries a call of a session', async (t) => {
    const page = await openPage(t);
    const { origin } = await serve((_request, response) =>
      response.setHeader('content-type', 'application/json').end('{"data":{"ok":true}}'),
    );
    const told = await page.run('test/browser/modules/fetch-session.js', {
      url: `${origin}/graphql`,
      document: '{ ok }',
    });
    expect(told).toEqual({ ok: true });
  });
});

describe('the fourth stream of a page in Chromium', () => {
  const warnings = (log: readonly string[]) => log.filter((line) => line.startsWith('warning: holdfast:'));

  test('warns once over HTTP/1.1, and not a second time', async (t) => {
    const page = await openPage(t);
    const { origin } = await serve((_request, response) => response.write('open'));
    await page.run(streamsModule, { origin, count: 3 });
    expect(warnings(page.log)).toEqual([]);
    await page.run(streamsModule, { origin, count: 5 });
    await page.run(streamsModule, { origin, count: 5 });
    expect(warnings(page.log)).toEqual([expect.stringContaining(`4 streams to ${origin}`)]);
  });

  test('does not warn over HTTP/2, where ten run at once', async (t) => {
    const page = await openPage(t);
    const protocols = new Set<string>();
    let [open, most] = [0, 0];
    const server = createSecureServer({ cert: certificate, key, allowHTTP1: true }, (request, response) => {
      protocols.add(request.httpVersion);
      if (request.method === 'GET') {
        const { status, headers, body } = answer(request.url, undefined);
        response.writeHead(status, headers).end(body);
      } else {
        open += 1;
        most = Math.max(most, open);
        response.on('close', () => {
          open -= 1;
        });
        response.writeHead(200);
        response.write('open');
      }
    });
    const origin = `https://127.0.0.1:${await listen(server)}`;
    // The same browser, in a context that takes the certificate as it is.
    const context = await page.playwright.context().browser()!.newContext({ ignoreHTTPSErrors: true });
    t.onTestFinished(() => context.close());
    const tab = await context.newPage();
    const log: string[] = [];
    tab.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
    await tab.goto(`${origin}/`);
    await tab.evaluate(
      (call) => (globalThis as unknown as { runModule(call: object): Promise<void> }).runModule(call),
      { path: `/${streamsModule}`, argument: { origin, count: 10 }, run: 0, hostNames: [] },
    );
    expect([...protocols]).toEqual(['2.0']);
    expect(most).toBe(10);
    expect(warnings(log)).toEqual([]);
    await eventually(() => open, 0);
  });
});
