// Who asks, as AppSync is told: in the address of a connection, with each subscription and with each request.

import { describe, expect, test } from 'vitest';
import { apiKey, appSync, iam, jwt } from '../../../src/transport/appsync/index.js';
import { referenceSignature } from './support/reference-signature.js';
import { appSyncServer } from './support/server.js';
import { nextOf, orders, sessionFor } from './support/sessions.js';

const data = `{"query":"${orders}","operationName":"Orders","variables":{"shop":"1"}}`;

test('an API key stands in the address, with each subscription and with each request', async () => {
  const server = await appSyncServer();
  const session = sessionFor(server, apiKey({ key: 'da2-1' }));
  const events = session.subscribe(orders, { shop: '1' })[Symbol.asyncIterator]();
  const first = nextOf(events);
  const peer = await server.peer(0, 1);
  expect(peer).toMatchObject({
    header: { host: server.host, 'x-api-key': 'da2-1' },
    payload: 'e30=',
    protocol: 'graphql-ws',
  });
  expect(peer.received[0]).toEqual({ type: 'connection_init' });
  expect(peer.starts[0]).toEqual({
    id: expect.any(String),
    type: 'start',
    payload: { data, extensions: { authorization: { host: server.host, 'x-api-key': 'da2-1' } } },
  });
  peer.event(peer.starts[0]?.id ?? '', { order: { id: 'a' } });
  expect(await first).toEqual({ order: { id: 'a' } });
  expect(await session.execute('{ ok }')).toEqual({ ok: true });
  expect(await session.execute('mutation { ok }')).toEqual({ ok: true });
  expect(server.asked.map(({ headers }) => headers['x-api-key'])).toEqual(['da2-1', 'da2-1']);
  expect(server.peers).toHaveLength(1);
});

test('a token is asked for whenever it is needed', async () => {
  let tokens = 0;
  const server = await appSyncServer();
  const session = sessionFor(
    server,
    jwt({
      token: async () => {
        tokens += 1;
        return `token ${tokens}`;
      },
    }),
  );
  void nextOf(session.subscribe(orders)[Symbol.asyncIterator]());
  const peer = await server.peer(0, 1);
  expect(peer.header).toEqual({ host: server.host, Authorization: 'token 1' });
  expect(peer.starts[0]?.payload.extensions.authorization).toEqual({ host: server.host, Authorization: 'token 2' });
  await session.execute('{ ok }');
  expect(server.asked[0]?.headers.authorization).toBe('token 3');
});

describe.for([
  ['with a session token', 'FwoGZXIvYXdzEXAMPLE=='],
  ['without one', undefined],
] as const)('credentials of IAM %s', ([, sessionToken]) => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken,
  };
  const auth = iam({ region: 'eu-central-1', credentials: async () => credentials });
  const secret = { secretAccessKey: credentials.secretAccessKey, region: 'eu-central-1', service: 'appsync' };

  /** Of what was signed, the header that proves it. */
  function authorizationOf(path: string, headers: Record<string, string>, body: string): string {
    const { Authorization: _authorization, ...others } = headers;
    const signed = Object.fromEntries(Object.entries(others).map(([name, value]) => [name.toLowerCase(), value]));
    const names = Object.keys(signed).sort().join(';');
    const day = signed['x-amz-date']?.slice(0, 8);
    const signature = referenceSignature({ ...secret, method: 'POST', path, headers: signed, body });
    return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${day}/eu-central-1/appsync/aws4_request, SignedHeaders=${names}, Signature=${signature}`;
  }

  test('sign the connection and each subscription', async () => {
    const server = await appSyncServer();
    const session = sessionFor(server, auth);
    void nextOf(session.subscribe(orders, { shop: '1' })[Symbol.asyncIterator]());
    const peer = await server.peer(0, 1);
    const names = ['Authorization', 'accept', 'content-encoding', 'content-type', 'host', 'x-amz-date'];
    if (sessionToken !== undefined) names.splice(1, 0, 'X-Amz-Security-Token');
    expect(Object.keys(peer.header).sort()).toEqual(names);
    expect(peer.header.host).toBe(server.host);
    expect(peer.header['X-Amz-Security-Token']).toBe(sessionToken);
    expect(peer.header.Authorization).toBe(authorizationOf('/graphql/connect', peer.header, '{}'));
    const { authorization } = peer.starts[0]?.payload.extensions ?? { authorization: {} };
    expect(peer.starts[0]?.payload.data).toBe(data);
    expect(authorization.Authorization).toBe(authorizationOf('/graphql', authorization, data));
  });

  test('sign each request', async () => {
    const server = await appSyncServer();
    const session = sessionFor(server, auth);
    await session.execute('{ ok }');
    const { headers, body } = server.asked[0] ?? { headers: {}, body: '' };
    const signed = {
      'content-type': 'application/json',
      host: server.host,
      'x-amz-date': String(headers['x-amz-date']),
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    };
    expect(headers['x-amz-security-token']).toBe(sessionToken);
    expect(headers.authorization).toBe(authorizationOf('/graphql', signed, body));
  });
});

test('IAM takes the region from the address, and from its option only where that names none', async () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const signedFor = async (address: string, region?: string): Promise<string | undefined> => {
    const authoriser = iam({ region, credentials: () => credentials }).authoriserOf(new URL(address));
    const request = { method: 'POST', url: new URL(address), headers: {}, body: '' };
    const { Authorization = '' } = await authoriser.headers(request, { forceRefresh: false }, 0);
    return /\/19700101\/([^/]+)\/appsync/.exec(Authorization)?.[1];
  };
  expect(await signedFor('https://a.appsync-api.us-east-1.amazonaws.com/graphql', 'eu-west-1')).toBe('us-east-1');
  expect(await signedFor('https://a.appsync-api.cn-north-1.amazonaws.com.cn/graphql')).toBe('cn-north-1');
  expect(await signedFor('https://api.example.com/graphql', 'eu-west-1')).toBe('eu-west-1');
});

describe('what cannot work is refused at once', () => {
  const address = 'https://api.example.com/graphql';
  const credentials = () => ({ accessKeyId: 'a', secretAccessKey: 'b' });

  test.for<readonly [string, () => unknown, string, RegExp]>([
    ['no region', () => appSync(address, { auth: iam({ credentials }) }), 'region', /api\.example\.com.*eu-central-1/],
    ['a region that is no text', () => iam({ credentials, region: 1 as never }), 'region', /must be a text/],
    ['no credentials', () => iam({} as never), 'credentials', /function/],
    ['credentials that are no function', () => iam({ credentials: 's3cret' as never }), 'credentials', /function/],
    ['no key', () => apiKey({ key: '' }), 'key', /needs a key/],
    ['a token that is no function', () => jwt({ token: 's3cret' as never }), 'token', /function/],
    ['no auth', () => appSync(address, {} as never), 'auth', /apiKey\(\), jwt\(\) or iam\(\)/],
    [
      'an unknown option',
      () => appSync(address, { auth: apiKey({ key: '1' }), fecth: fetch } as never),
      'fecth',
      /"fetch"/,
    ],
    ['an address of a WebSocket', () => appSync('wss://a/graphql', { auth: apiKey({ key: '1' }) }), 'address', /http/],
  ])('%s', ([, make, option, message]) => {
    expect(make).toThrow(
      expect.objectContaining({ name: 'OptionError', option, message: expect.stringMatching(message) }),
    );
    expect(make).not.toThrow(/s3cret/);
  });
});
