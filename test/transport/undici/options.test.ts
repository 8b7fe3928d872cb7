// What may be given to undici(): a wrong option is refused before anything is opened, and what may be shown of an address
// holds no secret.

import { describe, expect, test } from 'vitest';
import { MissingDependencyError } from '../../../src/protocol/errors/missing-dependency-error.js';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { type UndiciOptions, undici } from '../../../src/transport/undici/index.js';
import { loadFailure } from '../../../src/transport/undici/load.js';

const address = 'https://example.com/graphql';
const dispatcher = { dispatch: () => true };

function refusal(given: string | URL, options?: unknown): OptionError {
  try {
    undici(given, options as UndiciOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    return error as OptionError;
  }
  throw new Error('It was expected to be refused.');
}

test('its name shows the address without user and query', () => {
  expect(undici('https://alice:pa55word@example.com/graphql?token=t0ken').name).toBe(
    'undici https://example.com/graphql',
  );
});

describe('an option', () => {
  test('that is unknown is refused with the nearest one', () => {
    expect(refusal(address, { conections: 1 }).message).toContain('Did you mean "connections"?');
  });

  test.each([
    ['connections', { connections: 0 }],
    ['connections', { connections: 1.5 }],
    ['connections', { connections: '64' }],
    ['keepAliveMs', { keepAliveMs: 0 }],
    ['keepAliveMs', { keepAliveMs: Number.POSITIVE_INFINITY }],
    ['tls', { tls: 'certificate' }],
    ['tls', { tls: { ca: 42 } }],
    ['tls', { tls: { cert: 'no certificate', key: 'no key' } }],
    ['proxy', { proxy: 'proxy:3128' }],
    ['proxy', { proxy: 'https://proxy:3128' }],
    ['proxy', { proxy: 'http://us%er@proxy:3128' }],
    ['socketPath', { socketPath: '' }],
    ['socketPath', { socketPath: '/a.sock', proxy: 'http://proxy:3128' }],
    ['dispatcher', { dispatcher: {} }],
    ['dispatcher', { dispatcher: null }],
    ['connections', { dispatcher, connections: 1 }],
    ['keepAliveMs', { dispatcher, keepAliveMs: 1 }],
    ['tls', { dispatcher, tls: {} }],
    ['proxy', { dispatcher, proxy: 'http://proxy:3128' }],
    ['socketPath', { dispatcher, socketPath: '/a.sock' }],
    ['headers', { headers: { 'X-A': 1 } }],
    ['address', undefined],
  ])('"%s" is refused in %j', (option, options) => {
    const given = option === 'address' ? 'example.com/graphql' : address;
    expect(refusal(given, options)).toMatchObject({ option, code: 'bad-option', phase: 'prepare' });
  });

  test('that holds a secret is not repeated', () => {
    expect(refusal(address, { proxy: 'user:s3cret@proxy' }).message).not.toContain('s3cret');
    expect(refusal(address, { proxy: 'ftp://user:s3cret@proxy' }).message).not.toContain('s3cret');
  });

  test.each<[string, UndiciOptions]>([
    ['everything about sockets', { connections: 1, keepAliveMs: 1, tls: { servername: 'a' }, proxy: 'http://proxy' }],
    ['undefined everywhere', { connections: undefined, tls: undefined, dispatcher: undefined }],
    ['common ones beside a dispatcher', { dispatcher, headers: { 'X-A': '1' }, queryMethod: 'GET' }],
  ])('is taken: %s', (_what, options) => {
    expect(undici(address, options).name).toBe('undici https://example.com/graphql');
  });
});

describe('undici itself', () => {
  test('that is not installed is named with the command that installs it', () => {
    const error = Object.assign(new Error("Cannot find package 'undici'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const failure = loadFailure(error);
    expect(failure).toMatchObject({ code: 'missing-dependency', phase: 'prepare' });
    expect(failure.message).toContain('npm install "undici@^7.0.0"');
    expect(failure.cause).toBeInstanceOf(MissingDependencyError);
    expect(failure.cause).toMatchObject({ dependency: 'undici', cause: error });
  });

  test('that does not run here is told with its own words', () => {
    const error = new TypeError('zstd is not a function');
    const failure = loadFailure(error);
    expect(failure).toMatchObject({ code: 'missing-dependency', cause: error });
    expect(failure.message).toContain('zstd is not a function');
    expect(failure.message).toContain('this version of Node');
  });
});
