// The question that a browser asks before it lets a page of another origin send a request: Fetch standard, section 3.3.2.

import { describe, expect, test } from 'vitest';
import type { HoldfastError } from '../../../src/protocol/errors/holdfast-error.js';
import { coreOf } from '../../../src/server/server.js';
import { renderMetrics } from '../../../src/server/telemetry/metrics.js';
import { askRaw, openRaw, type RawAnswer } from '../support/raw-http.js';
import { startServer } from '../support/serving.js';

const friend = 'https://friend.example';

const ask = (url: string, origin: string | undefined, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  askRaw(url, {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': 'POST',
      ...(origin === undefined ? {} : { origin }),
      ...headers,
    },
  });

const allowances = ({ lines }: RawAnswer) =>
  ['origin', 'credentials', 'methods', 'headers'].map((name) => lines(`access-control-allow-${name}`));

describe('a preflight', () => {
  test('of a listed origin is allowed what a client may send', async () => {
    await using t = await startServer({ allowedOrigins: [friend] });
    const asked = { 'access-control-request-headers': 'authorization,content-type,x-user' };
    const answer = await ask(t.url, friend, asked);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(allowances(answer)).toEqual([
      [friend],
      ['true'],
      ['GET, POST, QUERY, PUT, DELETE'],
      ['authorization,content-type,x-user'],
    ]);
    expect(answer.lines('access-control-max-age')).toEqual(['600']);
    expect(answer.lines('vary')).toEqual(['Access-Control-Request-Headers, Origin']);
    expect(answer.lines('content-length')).toEqual([]);
  });

  test('of any origin is allowed the same by "*", without credentials', async () => {
    await using t = await startServer({ allowedOrigins: ['*'] });
    const answer = await ask(t.url, 'null', { 'access-control-request-headers': 'authorization' });
    expect(answer.status).toBe(204);
    expect(allowances(answer)).toEqual([['*'], [], ['GET, POST, QUERY, PUT, DELETE'], ['authorization']]);
  });

  test.each([
    ['that asks for no headers', undefined],
    ['with an empty list', ''],
    ['with what is no name', 'x-user, a b'],
    ['with an empty name', 'x-user,,x-more'],
    ['with a quote', 'x-"user"'],
    ['with letters beyond ASCII', 'x-us\u00e9r'],
    ['with more than anybody needs', Array.from({ length: 500 }, (_, n) => `x-header-${n}`).join(',')],
  ])('%s is allowed none', async (_, headers) => {
    await using t = await startServer({ allowedOrigins: [friend] });
    const answer = await ask(t.url, friend, headers === undefined ? {} : { 'access-control-request-headers': headers });
    expect([answer.status, answer.lines('access-control-allow-headers')]).toEqual([204, []]);
  });

  test('of an origin that is not listed is refused, and told which option lists it', async () => {
    await using t = await startServer({ allowedOrigins: [friend] });
    const answer = await ask(t.url, 'https://stranger.example', { 'access-control-request-headers': 'x-user' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('allowedOrigins');
    expect(answer.text).toContain('https://stranger.example');
    expect(allowances(answer)).toEqual([[], [], [], []]);
    expect(answer.lines('vary')).toEqual(['Origin']);
  });

  test('where no origin is listed is answered as any other OPTIONS, and told which option lists them', async () => {
    await using t = await startServer();
    const answer = await ask(t.url, friend);
    expect([answer.status, answer.lines('allow')]).toEqual([405, ['GET, POST, QUERY, PUT, DELETE']]);
    expect(answer.text).toContain('allowedOrigins');
    expect([...allowances(answer), answer.lines('vary')]).toEqual([[], [], [], [], []]);
  });

  test.each([undefined, [friend]])(
    'that is refused is told to the operator, once for each of the first five origins, where it is one: %s',
    async (allowedOrigins) => {
      await using t = await startServer({ allowedOrigins });
      const none = [
        `https://${'x'.repeat(5_000)}.example`,
        'https://a\x9b31m.example',
        'https://a b.example',
        'javascript:1',
      ];
      for (const origin of none) await ask(t.url, origin);
      expect(t.failures).toEqual([]);
      const pages = [
        'https://a.example',
        'http://b.example:8080',
        'null',
        'app://c',
        'https://[::1]:3000',
        'https://d.example',
      ];
      for (const origin of [...pages, ...pages]) await ask(t.url, origin);
      expect(t.failures.map(({ source, error }) => [source, (error as HoldfastError).code])).toEqual(
        Array.from({ length: 5 }, () => ['limit', 'origin-not-allowed']),
      );
      for (const [index, { error }] of t.failures.entries()) expect(`${error}`).toContain(`"${pages[index]}"`);
      const metrics = renderMetrics(coreOf(t.server));
      expect(metrics).toContain(`limits_hit_total{option="allowedOrigins"} ${none.length + 2 * pages.length}`);
    },
  );

  test('is one only where a page asks for a method', async () => {
    await using t = await startServer({ allowedOrigins: [friend] });
    const plain = await askRaw(t.url, { method: 'OPTIONS', headers: { origin: friend } });
    const pageless = await ask(t.url, undefined);
    for (const { status, text } of [plain, pageless])
      expect([status, text]).toEqual([405, expect.not.stringContaining('allowedOrigins')]);
  });

  test('elsewhere and of a server that leaves is allowed too: the page is to hear why its request is refused', async () => {
    await using t = await startServer({ allowedOrigins: [friend] });
    expect((await ask(new URL('/elsewhere', t.url).href, friend)).status).toBe(204);
    const stream = await openRaw(t.url, {
      headers: { accept: 'text/event-stream' },
      body: { query: 'subscription { forever(name: "a") }' },
    });
    const drained = t.server.drain({ deadlineMs: 5_000 });
    expect((await ask(t.url, friend)).status).toBe(204);
    stream.destroy();
    await drained;
  });
});
