// One connection over the browser's own WebSocket, in what a browser does unlike Node: it closes slowly, explains nothing,
// sends no headers, and counts no bytes.

import { describe, expect, test } from 'vitest';
import type { OptionError } from '../../src/protocol/errors/option-error.js';
import { neverUpgrades, refusesUpgrade, type Script, selectsSubprotocol } from '../../src/testing/index.js';
import { dialects, startProxy, startScripted } from '../session/behaviour/support/starting.js';
import { openPage } from './support/open-page.js';

const opening = 'test/browser/modules/opening.js';
const sessionFailure = 'test/browser/modules/session-failure.js';

/** `WebSocket.CLOSING` and `WebSocket.CLOSED`, which not every Node has. */
const closing = 2;
const closed = 3;

describe('a connection in Chromium', () => {
  test('that is terminated while its peer is deaf and mute has ended at once, and is not heard of again', async (t) => {
    const page = await openPage(t);
    const server = await startScripted();
    const proxy = await startProxy(server);
    const host = {
      holdBack: () => {
        proxy.stall();
        // On its way, and held back: it arrives when the connection has long ended.
        server.connections[0]?.pong();
        server.connections[0]?.ping();
      },
      letGo: () => proxy.resume(),
    };
    const told = await page.run('test/browser/modules/terminate.js', { url: proxy.url('ws', '/graphql') }, host);
    expect(told).toEqual({
      first: expect.objectContaining({ by: 'us', code: 4499, clean: false }),
      readyState: closing,
      handlers: [],
      told: [],
      afterwards: closed,
    });
  });

  test('that is given up before the server answers the upgrade has failed at once', async (t) => {
    const page = await openPage(t);
    const server = await startScripted({ script: neverUpgrades() });
    const asked = () =>
      server.until('an upgrade', () => (server.upgrades === 1 ? true : undefined), { timeoutMs: 20_000 });
    const told = await page.run('test/browser/modules/giving-up.js', { url: server.url }, { asked });
    expect(told).toMatchObject({ first: { failure: { code: 'aborted' } }, readyState: closing });
  });

  test('tells when more is sent than the network takes, and when that has gone', async (t) => {
    const page = await openPage(t);
    const server = await startScripted();
    const proxy = await startProxy(server);
    const host = { holdBack: () => proxy.stall('up'), letGo: () => proxy.resume('up') };
    const url = proxy.url('ws', '/graphql');
    const told = await page.run<{ readonly bufferedAmount: number }>('test/browser/modules/backlog.js', { url }, host);
    expect(told).toMatchObject({ told: ['backlog high', 'backlog low'] });
    expect(told.bufferedAmount).toBeGreaterThan(2 ** 20);
  });

  test('counts bytes, not characters: a large answer fails alone, a much larger one ends the connection', async (t) => {
    const page = await openPage(t);
    const server = await startScripted({ answer: () => ({ data: { text: '€'.repeat(4_000) } }) });
    const run = (maxMessageBytes: number) => page.run(opening, { url: server.url, limits: { maxMessageBytes } });
    expect(await run(20_000)).toMatchObject({ answer: { data: {} } });
    expect(await run(10_000)).toMatchObject({
      answer: { code: 'too-large', message: expect.stringMatching(/has 120\d\d bytes/) },
    });
    expect(await run(3_000)).toMatchObject({ answer: { code: 1009, failure: { code: 'too-large' } } });
    const ends = await Promise.all(server.connections.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([1000, 1000, 4004]);
  });

  test('ends at a binary message, and tells the server why', async (t) => {
    const page = await openPage(t);
    const script: Script = { operation: ({ connection }) => connection.binary(Buffer.from('{}')) };
    const server = await startScripted({ script });
    const told = await page.run(opening, { url: server.url });
    expect(told).toMatchObject({ answer: { by: 'us', code: 4004, failure: { code: 'protocol-error' } } });
    expect(await server.connections[0]?.ended).toEqual({ code: 4004, reason: 'Bad response' });
  });
});

describe('a server that selects no subprotocol', () => {
  test('is refused by the browser, and the failure names what the reason may be', async (t) => {
    const page = await openPage(t);
    const server = await startScripted({ script: selectsSubprotocol(undefined) });
    const told = await page.run(opening, { url: server.url });
    expect(told).toMatchObject({ failure: { code: 'network', message: expect.stringContaining('"assume"') } });
    expect(server.upgrades).toBe(1);
  });

  test.for(dialects)('is reached when %s is assumed: the second upgrade offers nothing', async (assume, t) => {
    const page = await openPage(t);
    const offers: (readonly string[])[] = [];
    const script: Script = {
      upgrade: ({ offered }) => {
        offers.push(offered);
        return { kind: 'accept', subprotocol: undefined, speaks: assume };
      },
    };
    const server = await startScripted({ script });
    const told = await page.run(opening, { url: server.url, options: { assume } });
    expect(told).toMatchObject({ answer: { data: { ok: true } } });
    expect(offers).toEqual([dialects, []]);
  });
});

describe('a connection that cannot be made', () => {
  test('is a failure of the network, which says that the platform tells no more', async (t) => {
    const page = await openPage(t);
    const server = await startScripted({ script: refusesUpgrade({ status: 401 }) });
    const told = await page.run(opening, { url: server.url });
    const message = expect.stringContaining('the platform does not tell a program why');
    expect(told).toMatchObject({ failure: { code: 'network', phase: 'connect', message } });
    await server.stop();
    expect(await page.run(opening, { url: server.url })).toMatchObject({ failure: { code: 'network', message } });
  });

  test("fails as well where the page's Content-Security-Policy forbids it, which the browser does not tell", async (t) => {
    const page = await openPage(t, { contentSecurityPolicy: "connect-src 'none'" });
    const server = await startScripted();
    const told = await page.run(opening, { url: server.url });
    const message = expect.stringContaining('Content-Security-Policy (connect-src)');
    expect(told).toMatchObject({ failure: { code: 'network', message } });
    expect(server.upgrades).toBe(0);
  });

  test('to ws: from a page over https: is refused for good, and the message says what to change', async (t) => {
    const page = await openPage(t, { secure: true });
    const told = await page.run(sessionFailure, { url: 'ws://example.com/graphql' });
    expect(told).toMatchObject({
      name: 'ConnectError',
      code: 'bad-option',
      phase: 'prepare',
      message: expect.stringContaining('A page that was loaded over https: may open wss: only.'),
      status: 'failed',
    });
  });
});

describe('credentials with headers, which no browser sends', () => {
  const headers = { Authorization: 'Bearer abc' };

  test('are refused for good where the server would know nothing, and the message says where they belong', async (t) => {
    const page = await openPage(t);
    const server = await startScripted();
    const told = await page.run<{ readonly message: string }>(sessionFailure, {
      url: server.url,
      credentials: { headers },
    });
    expect(told).toMatchObject({
      name: 'ConnectError',
      code: 'bad-option',
      message: expect.stringMatching(/headers \(Authorization\) and no connectionParams/),
      status: 'failed',
    });
    expect(told.message).not.toContain('abc');
    expect(server.upgrades).toBe(0);
  });

  test('do no harm beside connectionParams, as where one provider serves several transports', async (t) => {
    const page = await openPage(t);
    const server = await startScripted();
    const credentials = { headers, connectionParams: { token: 'abc' } };
    expect(await page.run(opening, { url: server.url, credentials })).toMatchObject({ answer: { data: { ok: true } } });
    expect(server.connections[0]?.received[0]).toMatchObject({ type: 'connection_init' });
  });
});

test('options that a browser cannot honour are refused at once, each with a reason and what to do', async (t) => {
  const page = await openPage(t);
  const refused = {
    headers: { 'X-Key': '1' },
    agent: {},
    tls: { rejectUnauthorized: false },
    proxy: 'http://proxy:3128',
    compression: false,
  };
  const given = [
    ...Object.entries(refused).map(([name, value]) => ({ options: { [name]: value } })),
    { url: 'wss://alice:pa55word@example.com/graphql' },
    {},
  ];
  const told = await page.run<readonly (OptionError | undefined)[]>('test/browser/modules/refusals.js', { given });
  expect(told.map((error) => error?.option)).toEqual([...Object.keys(refused), 'address', undefined]);
  for (const error of told.slice(0, -1)) {
    expect(error).toMatchObject({ name: 'OptionError', code: 'bad-option', phase: 'prepare' });
    expect(error?.message).toContain('WebSocket of the platform');
    expect(error?.message).not.toContain('pa55word');
  }
});
