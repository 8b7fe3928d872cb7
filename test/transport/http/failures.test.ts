// What Node's errors become: the code of the failure, whether nothing was sent, and what a person reads.

import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { networkFailure, provesNotSent } from '../../../src/transport/http/failures.js';

const place = 'https://api.example.com:8443/graphql';

function errorWith(code: string, message = 'It failed', rest: object = {}): Error {
  return Object.assign(new Error(message), { code, ...rest });
}

describe('the code of the failure', () => {
  test.each([
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['EPIPE', 'network'],
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['EHOSTUNREACH', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'network'],
    ['HPE_INVALID_EOF_STATE', 'network'],
    // Not TLS at all, so no certificate was looked at.
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'network'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['CRL_HAS_EXPIRED', 'tls'],
    ['INVALID_CA', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol-error'],
    ['UND_ERR_HEADERS_OVERFLOW', 'too-large'],
    ['UND_ERR_INVALID_ARG', 'bad-option'],
    ['UND_ERR_DESTROYED', 'bad-option'],
  ])('of %s is %s', (code, expected) => {
    const cause = errorWith(code);
    expect(networkFailure(cause, 'operation', place)).toMatchObject({ code: expected, phase: 'operation', cause });
  });

  test.each([
    ['Invalid response status', 'protocol-error'],
    ['Invalid EOF state', 'network'],
  ])('of a parser that says "%s" without a code is %s', (reason, expected) => {
    const error = new Error(`Response does not match the HTTP/1.1 protocol (${reason})`);
    error.name = 'HTTPParserError';
    expect(networkFailure(error, 'operation', place).code).toBe(expected);
  });

  test.each([undefined, null, 'gone', 42, new Error('without a code'), { code: 42 }])(
    'of %s, which says nothing, is network',
    (error) => {
      expect(networkFailure(error, 'operation', place).code).toBe('network');
    },
  );
});

describe('delivery', () => {
  test('is not-sent before a connection carries the request, and left out afterwards', () => {
    const error = errorWith('ECONNRESET');
    expect(networkFailure(error, 'connect', place).delivery).toBe('not-sent');
    expect(networkFailure(error, 'operation', place)).not.toHaveProperty('delivery');
  });

  test.each([
    ['ECONNREFUSED', {}],
    ['ENOTFOUND', {}],
    ['EAI_AGAIN', {}],
    ['UND_ERR_CONNECT_TIMEOUT', {}],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}],
    ['ENETUNREACH', { syscall: 'connect' }],
    ['ETIMEDOUT', { syscall: 'connect' }],
    ['ENOENT', { syscall: 'connect' }],
  ])('%s is proof that nothing was sent', (code, rest) => {
    const error = errorWith(code, 'It failed', rest);
    expect(provesNotSent(error)).toBe(true);
    expect(provesNotSent(new TypeError('fetch failed', { cause: error }))).toBe(true);
    expect(provesNotSent(new AggregateError([error]))).toBe(true);
  });

  test.each([
    ['ECONNRESET', {}],
    ['ECONNRESET', { syscall: 'read' }],
    ['ETIMEDOUT', { syscall: 'read' }],
    ['EPIPE', { syscall: 'write' }],
    ['UND_ERR_SOCKET', {}],
    ['UND_ERR_HEADERS_TIMEOUT', {}],
    // The server says so after we took the handshake for finished.
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', {}],
  ])('%s is no proof', (code, rest) => {
    expect(provesNotSent(errorWith(code, 'It failed', rest))).toBe(false);
  });

  test('an error without a code is no proof', () => {
    expect(provesNotSent(new TypeError('fetch failed'))).toBe(false);
    expect(provesNotSent(undefined)).toBe(false);
  });
});

describe('the message', () => {
  test('says what happened, where, and what to do', () => {
    const message = (code: string, phase: 'connect' | 'operation' = 'connect'): string =>
      networkFailure(errorWith(code), phase, place).message;
    expect(message('ECONNREFUSED')).toBe(
      `Connecting to ${place} failed: It failed (ECONNREFUSED). Nothing listens there: check the address, or start the server.`,
    );
    expect(message('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain(`The certificate of ${place} was not accepted`);
    expect(message('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('Trust its CA');
    expect(message('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'operation')).toContain(
      'did not accept our certificate',
    );
    expect(message('UND_ERR_CONNECT_TIMEOUT')).toContain(`${place} did not accept the connection in time`);
    expect(message('ECONNRESET', 'operation')).toBe(`The connection to ${place} was lost: It failed (ECONNRESET).`);
  });

  test('looks through what fetch wraps and what Node joins, and keeps the original as cause', () => {
    const joined = new AggregateError(
      [errorWith('ECONNREFUSED', 'connect ECONNREFUSED ::1:443'), errorWith('EPERM')],
      '',
    );
    const error = new TypeError('fetch failed', { cause: joined });
    const failure = networkFailure(error, 'connect', place);
    expect(failure.message).toContain('connect ECONNREFUSED ::1:443. Nothing listens there');
    expect(failure.cause).toBe(error);
  });

  test('gives of OpenSSL what is meant for people', () => {
    const raw = '801C:error:0A00045C:SSL routines:ssl3_read_bytes:rec_layer_s3.c:1601:SSL alert number 40\n';
    const error = errorWith('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', raw, { reason: 'sslv3 alert handshake failure' });
    expect(networkFailure(error, 'connect', place).message).toBe(
      `Connecting to ${place} failed: sslv3 alert handshake failure (ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE).`,
    );
  });

  test('ends when causes go round in a circle', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(networkFailure(error, 'operation', place).message).toContain('round and round');
  });
});

test('the error of a port where nothing listens is what it is taken for', async () => {
  const error = await new Promise((failed) => connect(1, '127.0.0.1').once('error', failed));
  expect(provesNotSent(error)).toBe(true);
  expect(networkFailure(error, 'connect', place)).toMatchObject({ code: 'network', delivery: 'not-sent' });
});
