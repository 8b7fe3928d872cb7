// Requests that fail: each for itself, and as the server says when it wants to be asked again.

import { describe, expect, test } from 'vitest';
import { ConnectionLostError } from '../../../../src/session/errors/connection-lost-error.js';
import { OutcomeUnknownError } from '../../../../src/session/errors/outcome-unknown-error.js';
import { ServerError } from '../../../../src/session/errors/server-error.js';
import { seededRandom } from '../../../../src/testing/seeded-random.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import { rejection, watch } from '../../../session/support/harness.js';
import { patience } from '../../undici/support/client.js';
import { bareServer } from '../../undici/support/servers.js';
import { type Asked, once, send, served, sessionTo } from './support/served.js';

describe('a server that asks for a pause', () => {
  test.each([
    ['seconds', (_now: number) => '20'],
    ['a date', (now: number) => new Date(now + 20_000).toUTCString()],
  ])('by Retry-After with %s is asked by nobody of the session until it is over', async (_what, retryAfter) => {
    const clock = new VirtualClock(1_700_000_000_000);
    let refusedAt = 0;
    const { url, arrivals } = await served((arrival) => {
      if (arrival.number > 1) {
        send(arrival, { data: { ok: true } });
        return;
      }
      refusedAt = clock.now();
      send(arrival, 'slow down', 429, { 'retry-after': retryAfter(refusedAt) });
    });
    const session = sessionTo(url, { clock });
    const first = watch(session.execute('{ ok }', undefined, { retry: false }));
    const moments = async (): Promise<string> => {
      await clock.advance(1);
      return first.status;
    };
    await expect.poll(moments, patience).toBe('rejected');
    const calls = ['mutation { ok }', '{ ok }'].map((document) => watch(session.result(document)));
    await clock.advance(15_000);
    expect(arrivals).toHaveLength(1);
    await clock.advance(5_000);
    await expect.poll(() => calls.map(({ status }) => status), patience).toEqual(['resolved', 'resolved']);
    expect(arrivals).toHaveLength(3);
    // A date holds no milliseconds. That nothing came before may be that it was on its way: when it was sent is certain.
    for (const { value } of calls) expect(value?.meta.timings.sentAt).toBeGreaterThan(refusedAt + 19_000);
  });

  test('after a mutation fails that one, and its words can be read', async () => {
    const { url, arrivals } = await served((arrival) => send(arrival, 'slow down', 429, { 'retry-after': '1' }));
    const error = await rejection(sessionTo(url).execute('mutation { ok }'), ServerError);
    expect(error).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, failure: { retryAfterMs: 1_000 } });
    expect(arrivals).toHaveLength(1);
  });
});

test('Of many requests at the same time, each that fails fails alone', async () => {
  const ran = new Map<number, number>();
  const { url } = await served((arrival) => {
    const { variables } = arrival.body as Asked;
    const n = Number(variables?.n);
    const run = (ran.get(n) ?? 0) + 1;
    ran.set(n, run);
    // The same for each in whatever order they come.
    const dice = seededRandom(100 * n + run)();
    if (dice < 0.1) arrival.request.socket.destroy();
    else if (dice < 0.2) send(arrival, 'Oops', 502, { 'content-type': 'text/plain' });
    else if (dice < 0.25)
      arrival.response
        .writeHead(200, { 'content-length': '50' })
        .write('{"data"', () => arrival.request.socket.destroy());
    else setTimeout(() => send(arrival, { data: { n } }), dice * 5);
  });
  const session = sessionTo(url, { retry: { execute: { attempts: 20, delayMs: () => 1 } } });
  const queries = Array.from({ length: 300 }, (_, n) => session.execute('query ($n: Int) { n(n: $n) }', { n }));
  const mutations = Array.from({ length: 100 }, (_, n) =>
    session.execute('mutation ($n: Int) { n(n: $n) }', { n: 1_000 + n }).catch((error) => error),
  );
  expect(await Promise.all(queries)).toEqual(Array.from({ length: 300 }, (_, n) => ({ n })));
  const outcomes = await Promise.all(mutations);
  const names = outcomes.map((outcome, n) => {
    if (outcome instanceof OutcomeUnknownError || outcome instanceof ServerError) return outcome.name;
    expect(outcome).toEqual({ n: 1_000 + n });
    return 'data';
  });
  expect(new Set(names)).toEqual(new Set(['data', 'OutcomeUnknownError', 'ServerError']));
  // No mutation ran twice, and some query was sent again.
  expect(Array.from({ length: 100 }, (_, n) => ran.get(1_000 + n))).toEqual(Array(100).fill(1));
  expect(Math.max(...ran.values())).toBeGreaterThan(1);
});

describe('a kept-alive socket that dies upon a request, before any byte of an answer', () => {
  const dying = async (): Promise<{ url: string; requests: string[] }> => {
    const requests: string[] = [];
    const { url } = await bareServer((socket, number, text) => {
      requests.push(text.slice(text.indexOf('\r\n\r\n') + 4));
      if (requests.length === 2) {
        expect(number).toBe(2);
        socket.destroy();
        return;
      }
      const body = '{"data":{"ok":true}}';
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    return { url, requests };
  };

  test('lets a query be sent again', async () => {
    const { url, requests } = await dying();
    const session = sessionTo(url);
    await session.execute('{ ok }');
    const { data, meta } = await session.result('{ again }');
    expect([data, meta.attempts]).toEqual([{ ok: true }, 2]);
    expect(requests).toHaveLength(3);
  });

  test('leaves the outcome of a mutation unknown, and it was sent once', async () => {
    const { url, requests } = await dying();
    const session = sessionTo(url);
    await session.execute('{ ok }');
    const error = await rejection(session.execute('mutation { pay }'), OutcomeUnknownError);
    expect(error).toMatchObject({ delivery: 'unknown', attempts: 1 });
    expect(requests.filter((body) => body.includes('pay'))).toHaveLength(1);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
  });

  test('fails a query that may not be sent again', async () => {
    const { url, requests } = await dying();
    const session = sessionTo(url, once);
    await session.execute('{ ok }');
    await rejection(session.execute('{ again }'), ConnectionLostError);
    expect(requests).toHaveLength(2);
  });
});
