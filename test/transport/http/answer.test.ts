// What the body of an HTTP answer says, whatever the status and the content type are: an answer, or a failure that quotes it.

import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/transport/contract.js';
import { openHttp, place, subscription } from './support/connection.js';
import { json } from './support/fake-client.js';

function answered(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = json,
): ReturnType<ReturnType<typeof openHttp>['start']> {
  const { client, start } = openHttp();
  const told = start();
  client.latest.answer(body, status, headers);
  return told;
}

function failureOf(body: unknown, status = 200, headers: Readonly<Record<string, string>> = json): Failure {
  const { told, failure } = answered(body, status, headers);
  expect(told).toEqual(['sending', 'error']);
  if (failure === undefined) throw new Error('It did not fail.');
  return failure;
}

describe('a body that is a GraphQL response', () => {
  test('is the answer, with status and headers', () => {
    const { told, results, heads } = answered({ data: { a: 1 } }, 200, { ...json, 'x-node': '7' });
    expect(told).toEqual(['sending', 'next']);
    expect(results).toEqual([{ data: { a: 1 } }]);
    expect(heads).toEqual([{ status: 200, headers: { ...json, 'x-node': '7' } }]);
  });

  test.each([
    'text/html',
    'text/plain; charset=utf-8',
    'application/octet-stream',
    'nonsense',
    '',
    'application/graphql-response+json; charset=utf-8',
  ])('is accepted with the content type "%s"', (type) => {
    expect(answered({ data: { a: 1 } }, 200, { 'content-type': type }).results).toEqual([{ data: { a: 1 } }]);
  });

  test('is accepted without a content type, and with a byte order mark', () => {
    expect(answered('\ufeff{"data":{"a":1}}', 200, {}).results).toEqual([{ data: { a: 1 } }]);
  });

  test.each([400, 401, 403, 429, 500, 503])('is the answer also with status %i', (status) => {
    const { results, heads } = answered({ errors: [{ message: 'no' }] }, status, { ...json, 'retry-after': '2' });
    expect(results).toMatchObject([{ errors: [{ message: 'no' }] }]);
    expect(heads).toMatchObject([{ status, headers: { 'retry-after': '2' } }]);
  });

  test.each([
    [429, '2', 2_000],
    [503, '120', 120_000],
    [500, '2', undefined],
    [200, '2', undefined],
    [429, 'soon', undefined],
    [429, new Date(1_000_000 + 60_000).toUTCString(), 60_000],
    [429, new Date(0).toUTCString(), 0],
  ])('with status %i and Retry-After %s asks for a pause of %s ms', (status, retryAfter, ms) => {
    const { heads } = answered({ data: { a: 1 } }, status, { ...json, 'retry-after': retryAfter });
    expect(heads[0]?.retryAfterMs).toBe(ms);
  });

  test.each([
    ['a list of texts', ['first', 'second'], ['first', 'second']],
    ['an object', { message: 'alone' }, ['alone']],
    ['a text', 'words', ['words']],
    ['a number', 5, ['The server reported an error without a message.']],
    ['a list of nothing useful', [null, 3, {}], Array(3).fill('The server reported an error without a message.')],
  ])('may hold errors as %s', (_what, errors, messages) => {
    const [result] = answered({ errors }).results;
    expect(result?.errors?.map(({ message }) => message)).toEqual(messages);
  });

  test('that says a program wants JSON read otherwise is read so', () => {
    const { client, start } = openHttp(
      {},
      {
        json: {
          stringify: JSON.stringify,
          parse: (text) => JSON.parse(text, (_, value) => (value === 1 ? 1n : value)),
        },
      },
    );
    const { results } = start();
    client.latest.answer('{"data":{"a":1}}');
    expect(results).toEqual([{ data: { a: 1n } }]);
  });
});

const unusable: readonly (readonly [string, unknown])[] = [
  ['an empty object', '{}'],
  ['an object with other keys', '{"message":"hello"}'],
  ['no JSON', 'Welcome to nginx!'],
  ['nothing', ''],
  ['a number', '5'],
  ['a text', '"hello"'],
  ['null', 'null'],
  ['true', 'true'],
  ['a list', '[{"data":{}}]'],
  ['a page', '<!doctype html>\n<title>Oops</title>'],
  ['an empty list of errors', '{"errors":[]}'],
  ['data that is a number', '{"data":5}'],
  ['data that is a list', '{"data":[1]}'],
  ['half an object', '{"data":{"a":'],
];

describe.each(unusable)('a body that is %s', (_what, body) => {
  const start = String(body).replace(/\s+/g, ' ');

  test('breaks the rules with status 200, and the failure quotes it', () => {
    const failure = failureOf(body);
    expect(failure).toMatchObject({ code: 'protocol-error', status: 200, headers: json, delivery: 'answered' });
    expect(failure.message).toContain(`${place} answered with HTTP status 200`);
    expect(failure.message).toContain(start === '' ? 'the body is empty' : start);
    expect(failure.message).not.toContain('secret');
  });

  test.each([302, 401, 429, 500])('is a failure with status %i, which has the status and quotes it', (status) => {
    const failure = failureOf(body, status, { 'content-type': 'text/html', 'x-node': '7' });
    expect(failure).toMatchObject({ code: 'http-status', status, headers: { 'x-node': '7' }, delivery: 'answered' });
    expect(failure.message).toContain(`HTTP status ${status}`);
    expect(failure.message).toContain(start === '' ? 'the body is empty' : start);
  });
});

test('Text that is no UTF-8 is no answer: data in which characters were replaced would be wrong data', () => {
  const { client, start } = openHttp();
  const told = start();
  const bytes = new TextEncoder().encode('{"data":{"a":"?"}}');
  bytes[bytes.indexOf(0x3f)] = 0xff;
  client.latest.head().chunk(bytes).end();
  expect(told.failure).toMatchObject({ code: 'protocol-error', cause: expect.any(TypeError) });
  expect(told.failure?.message).toContain('{"data":{"a":"\ufffd"}}');
});

test('What a parser of JSON threw is the cause', () => {
  expect(failureOf('{').cause).toBeInstanceOf(SyntaxError);
});

test('A long body is quoted by its start, on one line', () => {
  const { message } = failureOf(`<html>\n\n  ${'x'.repeat(5_000)}`);
  expect(message).toContain('"<html> xxx');
  expect(message).toMatch(/xxx\.\.\."$/);
  expect(message.length).toBeLessThan(400);
});

test.each([
  ['500', '30', 30_000],
  ['500', undefined, undefined],
  ['200', '30', undefined],
])('A failure with status %s and Retry-After %s asks for a pause of %s ms', (status, retryAfter, ms) => {
  const headers = retryAfter === undefined ? json : { ...json, 'retry-after': retryAfter };
  expect(failureOf('oops', Number(status), headers).retryAfterMs).toBe(ms);
});

test('A redirect is not followed, and the failure says what to do', () => {
  const failure = failureOf('', 301, { location: 'https://elsewhere.test/graphql' });
  expect(failure).toMatchObject({ status: 301, headers: { location: 'https://elsewhere.test/graphql' } });
  expect(failure.message).toContain('Redirects are not followed');
});

test('An answer that announces more and ends is a failure', () => {
  expect(failureOf({ data: { a: 1 }, hasNext: true })).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
});

describe('an answer over limits.maxMessageBytes', () => {
  test('fails its operation alone, and is read no further', () => {
    const { client, start } = openHttp({}, { maxMessageBytes: 20 });
    const [large, small] = [start(), start()];
    const [first, second] = client.exchanges;
    first?.head().chunk('{"data":{"a":"');
    expect(first?.cancelled).toBe(false);
    first?.chunk('xxxxxxx');
    expect(first?.cancelled).toBe(true);
    expect(large.failure).toMatchObject({ code: 'too-large', status: 200, headers: json, delivery: 'answered' });
    expect(large.failure?.message).toContain('21 bytes');
    second?.answer({ data: { a: 1 } });
    expect(small.results).toEqual([{ data: { a: 1 } }]);
  });

  test('may have exactly so many', () => {
    const body = '{"data":{"a":"1234"}}';
    const { client, start } = openHttp({}, { maxMessageBytes: body.length });
    const { results } = start();
    client.latest.answer(body);
    expect(results).toEqual([{ data: { a: '1234' } }]);
  });
});

test('A subscription that is answered with JSON gets its single result, then its end', () => {
  const { client, start } = openHttp();
  const told = start(subscription);
  client.latest.answer({ data: { s: 1 } });
  expect(told.told).toEqual(['sending', 'next', 'complete']);
});

test('A subscription whose consumer left at its single result is told no end', () => {
  const { client, start } = openHttp();
  const told = start(subscription);
  told.onNext = () => told.handle.cancel();
  client.latest.answer({ data: { s: 1 } });
  expect(told.told).toEqual(['sending', 'next']);
});
