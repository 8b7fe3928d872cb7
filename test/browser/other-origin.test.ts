// Our server and a page of another origin, in Chromium: what the option `allowedOrigins` lets it do, and what no page can.

import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHandler, createServer, type ServerOptions } from '../../src/server/index.js';
import { makeUploadSchema } from '../server/adapters/upload-schema.js';
import { Probe } from '../server/support/schema.js';
import { eventually } from '../testing/eventually.js';
import { type BrowserPage, openPage } from './support/open-page.js';

const mutation = 'mutation { add(amount: 1) }';

/** `asked`: the methods of what came, in order; `ran`: how many operations had a context made. */
async function start(options: Partial<ServerOptions>) {
  const asked: string[] = [];
  const probe = new Probe();
  let ran = 0;
  const schema = makeUploadSchema(probe);
  Object.assign(schema.getQueryType()?.getFields() ?? {}, who);
  const server = createServer({
    schema,
    uploads: true,
    onError: () => {},
    context: (own) => {
      ran += 1;
      return own;
    },
    ...options,
  });
  const handler = await createHandler(server);
  const http = createHttpServer((request, response) => {
    asked.push(request.method ?? '');
    handler.request(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    http.closeAllConnections();
    http.close();
    await handler.close({ graceMs: 0 });
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
  return { url, asked, ran: () => ran };
}

const header = (name: string) => (_source: unknown, _args: unknown, context: { headers: Record<string, string> }) =>
  context.headers[name];
const who = buildSchema('type Query { user: String cookie: String }').getQueryType()?.getFields() ?? {};
Object.assign(who.user ?? {}, { resolve: header('x-user') });
Object.assign(who.cookie ?? {}, { resolve: header('cookie') });

const originOf = ({ playwright }: BrowserPage): string => new URL(playwright.url()).origin;

/** One that is for the server, whatever page asks. */
async function giveCookie({ playwright }: BrowserPage, url: string): Promise<void> {
  await playwright.context().addCookies([{ name: 'sid', value: '1', url }]);
}

describe('a page of another origin', () => {
  test.for([
    ['listed, has calls, files and streams, with cookies', 'include', 'sid=1'],
    ['listed, has the same without cookies', 'omit', null],
  ] as const)('that is %s', async ([_name, credentials, cookie], t) => {
    const page = await openPage(t);
    const { url } = await start({ allowedOrigins: [originOf(page)] });
    await giveCookie(page, url);
    expect(await page.run('test/browser/modules/other-origin.js', { url, credentials })).toEqual({
      data: { user: 'ada', cookie },
      add: 2,
      store: 'a.txt text/plain 5: hello',
      numbers: [1, 2, 3],
      refused: expect.stringContaining('nowhere'),
      idempotency: expect.stringMatching(/^86400000;store=/),
    });
  });

  test('has the same by "*", and no cookies', async (t) => {
    const page = await openPage(t);
    const { url, ran } = await start({ allowedOrigins: ['*'] });
    await giveCookie(page, url);
    const told = await page.run('test/browser/modules/other-origin.js', { url, credentials: 'same-origin' });
    expect(told).toMatchObject({ data: { user: 'ada', cookie: null }, numbers: [1, 2, 3] });
    const before = ran();
    const refused = await page.run('test/browser/modules/refused-origin.js', { url, document: mutation });
    expect(refused).toEqual({ fetched: 200, failed: { name: expect.any(String), code: expect.any(String) } });
    // The one of the two that took no cookies along.
    expect(ran()).toBe(before + 1);
  });

  test.for([
    ['no origin is listed', undefined],
    ['another one is listed', ['https://friend.example']],
  ] as const)('cannot ask where %s: the browser sends nothing but its question', async ([_name, allowedOrigins], t) => {
    const page = await openPage(t);
    const { url, asked, ran } = await start({ allowedOrigins });
    const told = await page.run('test/browser/modules/refused-origin.js', { url, document: mutation });
    expect(told).toEqual({ fetched: 'TypeError', failed: { name: expect.any(String), code: expect.any(String) } });
    expect(new Set(asked)).toEqual(new Set(['OPTIONS']));
    expect(ran()).toBe(0);
    await eventually(() => page.log.some((line) => line.includes('CORS')), true);
  });

  test('may read when to come back', async (t) => {
    const page = await openPage(t);
    const { url } = await start({ allowedOrigins: [originOf(page)], limits: { connections: 1 } });
    await fetch(url, { method: 'PUT' });
    expect(await page.run('test/browser/modules/full-server.js', { url })).toEqual({ status: 503, retryAfter: '5' });
  });

  test.for([
    ['no origin is listed', undefined],
    ['another one is listed', ['https://friend.example']],
    ['any origin may', ['*']],
  ] as const)('runs no mutation with what it may send without asking, where %s', async ([_name, allowedOrigins], t) => {
    const page = await openPage(t);
    const { url, asked, ran } = await start({ allowedOrigins });
    await giveCookie(page, url);
    const { sent } = await page.run<{ sent: number }>('test/browser/modules/cross-site.js', {
      url,
      document: mutation,
    });
    await eventually(() => asked.filter((method) => method !== 'OPTIONS').length >= sent, true);
    expect(ran()).toBe(0);
  });
});
