// The options that all HTTP transports share: what is assumed, and what is refused before anything is sent.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { type HttpOptions, resolveHttpOptions } from '../../../src/transport/http/options.js';

const address = 'https://server.test/graphql';

function refusal(to: unknown, options: unknown = {}): OptionError {
  try {
    resolveHttpOptions(to as string, options as HttpOptions);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('an address', () => {
  test('may be a text or a URL, and loses its fragment', () => {
    for (const given of [`${address}?a=1#x`, new URL(`${address}?a=1#x`)]) {
      expect(resolveHttpOptions(given, {}).address.href).toBe(`${address}?a=1`);
    }
  });

  test('that is a URL of the program is left as it is', () => {
    const given = new URL(`${address}#x`);
    resolveHttpOptions(given, {});
    expect(given.href).toBe(`${address}#x`);
  });

  test('is shown without user, password and query', () => {
    expect(resolveHttpOptions('https://ada:pw@server.test:8443/graphql?key=1', {}).place).toBe(
      'https://server.test:8443/graphql',
    );
  });

  test.each([
    ['no URL', 'server/graphql'],
    ['a web socket', 'wss://server.test/graphql'],
    ['a file', 'file:///etc/passwd'],
    ['nothing', undefined],
    ['a number', 5],
  ])('that is %s is refused', (_what, given) => {
    expect(refusal(given)).toMatchObject({ option: 'address', code: 'bad-option' });
  });

  test('that cannot be read is not repeated with what may be secret in it', () => {
    const { message } = refusal('user:secret@server.test:99999999/x?token=hidden');
    expect(message).not.toMatch(/secret|hidden/);
  });
});

describe('user and password of an address', () => {
  const authorization = (given: string): string | undefined => resolveHttpOptions(given, {}).headers.authorization;

  test('are sent as Basic credentials, decoded, as UTF-8', () => {
    expect(authorization('https://a%40b:p%3Aw%25@server.test/')).toBe(`Basic ${btoa('a@b:p:w%')}`);
    expect(authorization('https://%C3%A4:%E2%82%AC@server.test/')).toBe('Basic w6Q64oKs');
    expect(authorization('https://only@server.test/')).toBe(`Basic ${btoa('only:')}`);
    expect(authorization('https://server.test/')).toBeUndefined();
  });

  test.each(['https://100%:pw@server.test/', 'https://ada:%E2%82@server.test/'])(
    'that are not percent-encoded are refused: %s',
    (given) => {
      const error = refusal(given);
      expect(error).toMatchObject({ option: 'address', cause: expect.any(URIError) });
      expect(error.message).not.toMatch(/ada|pw/);
    },
  );
});

test('Everything has a default', () => {
  expect(resolveHttpOptions(address, {})).toMatchObject({
    headers: {},
    queryMethod: 'POST',
    hashedQueryMethod: 'POST',
    streams: ['sse', 'multipart'],
    streamSilenceMs: undefined,
    batching: undefined,
  });
});

test('Queries without their text go as other queries do, unless it is said otherwise', () => {
  expect(resolveHttpOptions(address, { queryMethod: 'GET' }).hashedQueryMethod).toBe('GET');
  expect(resolveHttpOptions(address, { queryMethod: 'GET', hashedQueryMethod: 'POST' }).hashedQueryMethod).toBe('POST');
});

test.each([
  [true, { intervalMs: 10, maxSize: 10 }],
  [{}, { intervalMs: 10, maxSize: 10 }],
  [{ maxSize: 3 }, { intervalMs: 10, maxSize: 3 }],
  [{ intervalMs: 0 }, { intervalMs: 0, maxSize: 10 }],
  [false, undefined],
])('Batching may be %j', (batching, resolved) => {
  expect(resolveHttpOptions(address, { batching }).batching).toEqual(resolved);
});

test.each([
  ['headers', { headers: ['a'] }, 'headers'],
  ['headers', { headers: { a: 1 } }, 'headers'],
  ['queryMethod', { queryMethod: 'get' }, 'queryMethod'],
  ['hashedQueryMethod', { hashedQueryMethod: 'QUERY' }, 'hashedQueryMethod'],
  ['streams', { streams: [] }, 'streams'],
  ['streams', { streams: ['websocket'] }, 'streams'],
  ['streams', { streams: 'sse' }, 'streams'],
  ['streamSilenceMs', { streamSilenceMs: 0 }, 'streamSilenceMs'],
  ['streamSilenceMs', { streamSilenceMs: '5s' }, 'streamSilenceMs'],
  ['batching', { batching: 5 }, 'batching'],
  ['batching', { batching: null }, 'batching'],
  ['batching.maxSize', { batching: { maxSize: 0 } }, 'batching.maxSize'],
  ['batching.intervalMs', { batching: { intervalMs: -1 } }, 'batching.intervalMs'],
  ['batching.intervalMs', { batching: { intervalMs: 60_001 } }, 'batching.intervalMs'],
  ['batching', { batching: { size: 3 } }, 'size'],
])('Option %s cannot be %j', (_name, options, option) => {
  expect(refusal(address, options)).toMatchObject({ option });
});
