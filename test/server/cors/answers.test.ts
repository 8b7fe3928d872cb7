// Which pages may read what the endpoint answers: Fetch standard, section 3.3 "CORS protocol", by the option `allowedOrigins`.

import { describe, expect, test } from 'vitest';
import { Cors } from '../../../src/server/http/cors.js';
import type { PlainResponse } from '../../../src/server/http/plain.js';
import { type ServerOptions, serve } from '../../../src/server/index.js';
import { makeUploadSchema } from '../adapters/upload-schema.js';
import { FakeRequest } from '../support/plain.js';
import { askRaw, type GivenRaw, linesOf, openRaw, type RawAnswer } from '../support/raw-http.js';
import { Probe } from '../support/schema.js';
import { startServer, until } from '../support/serving.js';

const friend = 'https://friend.example';
const stranger = 'https://stranger.example';
const hello = { body: { query: '{ hello }' } };

type Asked = Pick<RawAnswer, 'lines'>;
const corsOf = ({ lines }: Asked) => ({
  origin: lines('access-control-allow-origin'),
  credentials: lines('access-control-allow-credentials'),
  exposed: lines('access-control-expose-headers'),
  vary: lines('vary'),
});

const exposed = ['Retry-After, Holdfast-Idempotency'];
const shared = { origin: [friend], credentials: ['true'], exposed, vary: ['Origin'] };
const withheld = { origin: [], credentials: [], exposed: [], vary: ['Origin'] };
const open = { origin: ['*'], credentials: [], exposed, vary: [] };
const silent = { origin: [], credentials: [], exposed: [], vary: [] };

const form = (operations: object): string =>
  [
    '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n',
    `${JSON.stringify(operations)}\r\n`,
    '--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{"0":["variables.file"]}\r\n',
    '--x\r\ncontent-disposition: form-data; name="0"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhello\r\n--x--\r\n',
  ].join('');

const upload: GivenRaw = {
  headers: { 'content-type': 'multipart/form-data; boundary=x', 'graphql-require-preflight': '1' },
  body: form({ query: 'mutation ($file: Upload!) { store(file: $file) }', variables: { file: null } }),
};

/** Every kind of answer of one part, with its status. */
const answers: readonly [string, number, GivenRaw, Partial<ServerOptions>?][] = [
  ['a query', 200, hello],
  ['a query by GET', 200, { method: 'GET', target: '/graphql?query=%7Bhello%7D' }],
  ['a list', 200, { body: [{ query: '{ hello }' }] }],
  ['a file', 200, upload],
  ['a document that is refused', 400, { ...hello, body: { query: '{' }, headers: accepts() }],
  ['a body that is no JSON', 400, { body: '{', headers: { 'content-type': 'application/json' } }],
  ['a body of another type', 415, { body: '{', headers: { 'content-type': 'text/plain' } }],
  ['a body that is too large', 413, { body: { query: '{ hello }', extensions: { filler: 'x'.repeat(2_000_000) } } }],
  ['a form without its header', 400, { ...upload, headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
  ['a mutation by GET', 405, { method: 'GET', target: '/graphql?query=mutation%7Badd(amount:1)%7D' }],
  ['a key that is no key', 400, { body: mutation(''), headers: accepts() }],
  ['another path', 404, { ...hello, target: '/elsewhere' }],
  ['another method', 405, { method: 'PATCH' }],
  ['a stream that nobody reserved', 404, { method: 'DELETE', target: '/graphql?operationId=1' }],
  ['a reservation', 201, { method: 'PUT' }],
];

function accepts(): Record<string, string> {
  return { accept: 'application/graphql-response+json' };
}

function mutation(idempotencyKey: string): object {
  return { query: 'mutation { add(amount: 1) }', extensions: { idempotencyKey } };
}

const start = (options: Partial<ServerOptions>) =>
  startServer({ schema: makeUploadSchema(new Probe()), uploads: true, batching: true, ...options });

describe('an answer', () => {
  test.each(answers)('of %s is shown to a page of a listed origin: %d', async (_, status, given, options = {}) => {
    await using t = await start({ allowedOrigins: ['https://another.example', friend], ...options });
    const answer = await askRaw(t.url, { ...given, headers: { ...headersOf(given), origin: friend } });
    expect([answer.status, corsOf(answer)]).toEqual([status, shared]);
  });

  test.each(answers)(
    'of %s is withheld from any other page, and is the same: %d',
    async (_, status, given, options) => {
      await using t = await start({ allowedOrigins: [friend], ...options });
      for (const origin of [stranger, 'null', 'http://friend.example', `${friend}.stranger.example`, '', undefined]) {
        const answer = await askRaw(t.url, {
          ...given,
          headers: { ...headersOf(given), ...(origin === undefined ? {} : { origin }) },
        });
        expect([origin, answer.status, corsOf(answer)]).toEqual([origin, status, withheld]);
      }
    },
  );

  test.each(answers)(
    'of %s is shown to everybody by "*", without credentials: %d',
    async (_, status, given, options) => {
      await using t = await start({ allowedOrigins: ['*', friend], ...options });
      for (const origin of [friend, stranger, 'null']) {
        const answer = await askRaw(t.url, { ...given, headers: { ...headersOf(given), origin } });
        expect([answer.status, corsOf(answer)]).toEqual([status, open]);
      }
      // Nothing depends on the Origin, so that a cache may give one page what another was answered.
      expect(corsOf(await askRaw(t.url, given))).toEqual(open);
    },
  );

  test.each(answers)('of %s says nothing of it where no origin is listed: %d', async (_, status, given, options) => {
    await using t = await start(options ?? {});
    const answer = await askRaw(t.url, { ...given, headers: { ...headersOf(given), origin: friend } });
    expect([answer.status, corsOf(answer)]).toEqual([status, silent]);
  });

  test.each(['/health', '/ready', '/metrics'])('on a page for operators is for no other pages: %s', async (target) => {
    for (const allowedOrigins of [[friend], ['*']]) {
      await using t = await start({ allowedOrigins });
      await using port = await serve(t.server, { port: 0, quiet: true, metricsPath: '/metrics' });
      const answer = await askRaw(port.url, { method: 'GET', target, headers: { origin: friend } });
      expect([answer.status, corsOf(answer), answer.lines('vary')]).toEqual([200, silent, []]);
    }
  });

  test('of a server that leaves is shown, and when to come back', async () => {
    await using t = await start({ allowedOrigins: [friend] });
    const stream = await openRaw(t.url, subscribe('text/event-stream'));
    const drained = t.server.drain({ deadlineMs: 5_000 });
    const answer = await askRaw(t.url, { ...hello, headers: { origin: friend } });
    expect([answer.status, answer.lines('retry-after'), corsOf(answer)]).toEqual([503, ['1'], shared]);
    stream.destroy();
    await drained;
  });

  test.each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
    'that stays open is shown: %s',
    async (accept) => {
      await using t = await start({ allowedOrigins: [friend] });
      const stream = await openRaw(t.url, subscribe(accept));
      expect(corsOf({ lines: (name) => linesOf(stream, name) })).toEqual(shared);
      stream.destroy();
      await until(() => t.server.stats().operations === 0);
    },
  );

  test('to a page that writes its origin as the list does not is shown as well', async () => {
    await using t = await start({
      allowedOrigins: ['HTTPS://Friend.example:443/', 'wss://sockets.example', 'app://abc'],
    });
    for (const origin of [friend, 'https://sockets.example', 'app://abc']) {
      const answer = await askRaw(t.url, { ...hello, headers: { origin } });
      expect(corsOf(answer)).toEqual({ ...shared, origin: [origin] });
    }
  });

  test('of a server that is full is shown, and when to come back', async () => {
    await using t = await start({ allowedOrigins: [friend], limits: { connections: 1 } });
    expect((await askRaw(t.url, { method: 'PUT' })).status).toBe(201);
    const answer = await askRaw(t.url, { method: 'PUT', headers: { origin: friend } });
    expect([answer.status, answer.lines('retry-after'), corsOf(answer)]).toEqual([503, ['5'], shared]);
  });

  test('that depends on something else depends on both', async () => {
    const request = new FakeRequest({ headers: { origin: friend } });
    const page: PlainResponse = { status: 200, headers: { Vary: 'Accept' }, body: '' };
    expect(Cors.of([friend])?.share(request, page).headers.Vary).toBe('Accept, Origin');
    expect(Cors.of(['https://another.example'])?.share(request, page).headers.Vary).toBe('Accept, Origin');
    expect(Cors.of(['*'])?.share(request, page).headers.Vary).toBe('Accept');
  });
});

function subscribe(accept: string): GivenRaw {
  return { headers: { accept, origin: friend }, body: { query: 'subscription { forever(name: "a") }' } };
}

function headersOf({ headers = {} }: GivenRaw): Readonly<Record<string, string>> {
  return headers;
}
