// Options of the HTTP/2 transport: a wrong one is refused at once, by name.

import { expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { http2 } from '../../../src/transport/http2/index.js';

function refusal(make: () => unknown): OptionError {
  try {
    make();
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('It was expected to be refused.');
}

test('its name says where it goes, and holds no secrets', () => {
  expect(http2('https://user:secret@example.com/graphql?token=secret').name).toBe('http2 https://example.com/graphql');
});

test('addresses that are none, or of another scheme, are refused', () => {
  expect(refusal(() => http2('nowhere')).option).toBe('address');
  expect(refusal(() => http2('wss://example.com/graphql')).option).toBe('address');
});

test('options that it does not know are refused, a proxy among them', () => {
  expect(refusal(() => http2('http://localhost/', { socketpath: '/tmp/x' } as object)).message).toContain(
    '"socketPath"',
  );
  expect(refusal(() => http2('http://localhost/', { proxy: 'http://proxy:3128' } as object)).option).toBe('proxy');
});

test('values that cannot work are refused', () => {
  expect(refusal(() => http2('http://localhost/', { socketPath: '' })).option).toBe('socketPath');
  expect(refusal(() => http2('http://localhost/', { socketPath: 7 as never })).option).toBe('socketPath');
  expect(refusal(() => http2('http://localhost/', { tls: 'on' as never })).option).toBe('tls');
  expect(refusal(() => http2('http://localhost/', { tls: { cert: 'no certificate' } })).message).toContain(
    'certificate',
  );
  expect(refusal(() => http2('http://localhost/', { headers: [] as never })).option).toBe('headers');
});
