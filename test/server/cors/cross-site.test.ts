// Cross-site request forgery: what a page of another origin can send without asking first runs no mutation. Fetch standard,
// section 2.2.2 "CORS-safelisted request-header": three content types, or none.

import { describe, expect, test } from 'vitest';
import { makeUploadSchema } from '../adapters/upload-schema.js';
import { askRaw, type GivenRaw } from '../support/raw-http.js';
import { Probe } from '../support/schema.js';
import { startServer } from '../support/serving.js';

const asJson = JSON.stringify({ query: 'mutation { add(amount: 1) }' });
const inQuery = `?query=${encodeURIComponent('mutation { add(amount: 1) }')}`;
const asForm = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${asJson}\r\n--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`;

const typed = (type: string, body: string): GivenRaw => ({ headers: { 'content-type': type }, body });

const simple: readonly [string, GivenRaw][] = [
  ['text', typed('text/plain', asJson)],
  ['text in UTF-8, as fetch() sends it', typed('text/plain;charset=UTF-8', asJson)],
  ['text with a parameter that looks like JSON', typed('text/plain; application/json', asJson)],
  ['text with a boundary', typed('text/plain; x=application/json; charset=utf-8', asJson)],
  ['a form of a page', typed('application/x-www-form-urlencoded', inQuery.slice(1))],
  ['JSON that says it is a form of a page', typed('application/x-www-form-urlencoded', asJson)],
  ['a form with files', typed('multipart/form-data; boundary=x', asForm)],
  ['JSON that says it is a form with files', typed('multipart/form-data; boundary=x', asJson)],
  [
    'a form with files whose parameter looks like JSON',
    typed('multipart/form-data; boundary=x; application/json', asForm),
  ],
  ['no content type', { body: asJson }],
  ['an empty content type', typed('', asJson)],
  ['nothing but the address', { method: 'POST' }],
  ['the address, by GET', { method: 'GET' }],
  ['the address, by GET, as a stream', { method: 'GET', headers: { accept: 'text/event-stream' } }],
  ['the address, by GET, of a page', { method: 'GET', headers: { accept: 'text/html,*/*' } }],
  ['the address, by HEAD', { method: 'HEAD' }],
];

describe.each([
  ['no origin is listed', undefined],
  ['another origin is listed', ['https://friend.example']],
  ['any origin may', ['*']],
])('where %s', (_, allowedOrigins) => {
  test.each(simple)('a request with %s runs no mutation', async (_, given) => {
    const probe = new Probe();
    await using t = await startServer({
      schema: makeUploadSchema(probe),
      uploads: true,
      batching: true,
      allowedOrigins,
      context: () => {
        probe.began.push('context');
        return {};
      },
    });
    const headers = { origin: 'https://evil.example', cookie: 'user=ada', ...given.headers };
    const { status } = await askRaw(t.url + inQuery, { ...given, headers });
    expect(probe.began).toEqual([]);
    if (given.headers?.accept === undefined) expect(status).toBeGreaterThanOrEqual(400);
  });
});

test('the same mutation runs where a page had to ask first: these requests are refused for nothing else', async () => {
  const probe = new Probe();
  await using t = await startServer({ schema: makeUploadSchema(probe), uploads: true });
  expect((await askRaw(t.url, typed('application/json', asJson))).text).toBe('{"data":{"add":1}}');
  const form = typed('multipart/form-data; boundary=x', asForm);
  const asked = { ...form, headers: { ...form.headers, 'graphql-require-preflight': '1' } };
  expect((await askRaw(t.url, asked)).text).toBe('{"data":{"add":2}}');
});
