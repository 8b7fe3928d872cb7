// Where the real-time side of an API is, and what the address of a connection says.

import { expect, test } from 'vitest';
import { connectionAddress, connectRequest, realtimeAddress } from '../../../src/transport/appsync/addresses.js';
import * as browser from '../../../src/transport/appsync/browser.js';
import * as node from '../../../src/transport/appsync/index.js';

test.for([
  [
    'https://abc.appsync-api.eu-central-1.amazonaws.com/graphql',
    'wss://abc.appsync-realtime-api.eu-central-1.amazonaws.com/graphql',
  ],
  [
    'https://abc.appsync-api.cn-north-1.amazonaws.com.cn/graphql',
    'wss://abc.appsync-realtime-api.cn-north-1.amazonaws.com.cn/graphql',
  ],
  ['https://api.example.com/graphql', 'wss://api.example.com/graphql/realtime'],
  ['https://api.example.com/graphql/?x=1', 'wss://api.example.com/graphql/realtime'],
  ['http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql/realtime'],
] as const)('of %s it is %s', ([address, realtime]) => {
  expect(realtimeAddress(new URL(address)).href).toBe(realtime);
});

test('a connection is signed for a path of its own', () => {
  const { url, body } = connectRequest(new URL('https://abc.appsync-api.eu-central-1.amazonaws.com/graphql'));
  expect(url.href).toBe('https://abc.appsync-api.eu-central-1.amazonaws.com/graphql/connect');
  expect(body).toBe('{}');
});

test('the headers reach the server whole, whatever they hold', () => {
  const token = 'ü~?>?>~ÿ';
  const address = connectionAddress(new URL('https://api.example.com/graphql'), { Authorization: token });
  expect(address).toMatch(/&payload=e30=$/);
  const header = new URL(address).searchParams.get('header') ?? '';
  const read = JSON.parse(Buffer.from(header, 'base64').toString()) as unknown;
  expect(read).toEqual({ host: 'api.example.com', Authorization: token });
});

test('Node and browsers have the same names', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

test('the names of the transports show nothing of who asks', () => {
  const { name, lanes } = node.appSync('https://api.example.com/graphql?x=1', { auth: node.apiKey({ key: 's3cret' }) });
  expect([name, ...lanes.map(({ transport }) => transport.name)]).toEqual([
    'appsync https://api.example.com/graphql',
    'appsync https://api.example.com/graphql',
    'appsync websocket wss://api.example.com/graphql/realtime',
  ]);
});
