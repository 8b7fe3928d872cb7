// The parameters of a socket in its address, and the options that say what they are.

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/protocol/json.js';
import * as browser from '../../../src/transport/phoenix/browser.js';
import * as node from '../../../src/transport/phoenix/index.js';
import { withParams } from '../../../src/transport/phoenix/params.js';

const { phoenix } = node;

test.for<readonly [string, string, JsonObject, string]>([
  ['none', 'ws://h/s', {}, '?vsn=2.0.0'],
  ['texts and numbers', 'ws://h/s', { token: 'a b&c', n: 1, yes: true }, '?token=a+b%26c&n=1&yes=true&vsn=2.0.0'],
  ['nothing at all', 'ws://h/s', { a: null, b: undefined }, '?vsn=2.0.0'],
  [
    'what is within others',
    'ws://h/s',
    { a: { b: 1, c: [2, 3] } },
    '?a%5Bb%5D=1&a%5Bc%5D%5B%5D=2&a%5Bc%5D%5B%5D=3&vsn=2.0.0',
  ],
  ['those beside what the address has', 'ws://h/s?a=1&b=2&vsn=1.0.0', { b: 3 }, '?a=1&b=3&vsn=2.0.0'],
])('%s', ([, address, params, query]) => {
  expect(new URL(withParams(address, params)).search).toBe(query);
});

describe('what cannot work is refused at once', () => {
  const address = 'wss://example.com/socket/websocket';

  test.for<readonly [string, () => unknown, string, RegExp]>([
    ['an unknown option', () => phoenix(address, { chanel: 'x' } as never), 'chanel', /"channel"/],
    ['a subprotocol', () => phoenix(address, { protocols: ['graphql-ws'] } as never), 'protocols', /phoenix\(\)/],
    ['a channel without a name', () => phoenix(address, { channel: '' }), 'channel', /topic/],
    ['a heartbeat without a pause', () => phoenix(address, { heartbeatMs: 0 }), 'heartbeatMs', /at least 1/],
    ['parameters that are no object', () => phoenix(address, { params: [] as never }), 'params', /object/],
    ['an address that is none', () => phoenix('socket'), 'address', /not a URL/],
  ])('%s', ([, make, option, message]) => {
    expect(make).toThrow(
      expect.objectContaining({ name: 'OptionError', option, message: expect.stringMatching(message) }),
    );
  });
});

test('the name of the transport shows no parameters', () => {
  expect(phoenix('wss://example.com/socket/websocket?token=s3cret', { params: { key: 's3cret' } }).name).toBe(
    'phoenix websocket wss://example.com/socket/websocket',
  );
});

test('Node and browsers have the same names', () => {
  expect(Object.keys(browser)).toEqual(Object.keys(node));
});
