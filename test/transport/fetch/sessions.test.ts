// Sessions over the fetch transport: options, opening, and calls through the whole way down to a server.

import { describe, expect, test, vi } from 'vitest';
import { createSession } from '../../../src/session/session.js';
import { type FetchOptions, viaFetch } from '../../../src/transport/fetch/index.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { serve } from './support/servers.js';

describe('options', () => {
  const address = 'https://example.com/graphql';

  test.for<readonly [string, FetchOptions | object, string, RegExp]>([
    ['an unknown one', { fetsch: globalThis.fetch }, 'fetsch', /Did you mean "fetch"/],
    ['a fetch that is no function', { fetch: {} }, 'fetch', /must be a function.*an object/],
    ['credentials that are no mode', { credentials: 'Bearer' }, 'credentials', /omit, same-origin, include/],
    ['headers that are no texts', { headers: { a: 1 } }, 'headers', /text under every name/],
  ])('%s is refused at once', ([_name, options, option, message]) => {
    expect(() => viaFetch(address, options)).toThrow(
      expect.objectContaining({ name: 'OptionError', option, message: expect.stringMatching(message) }),
    );
  });

  test('an address that is no absolute URL of HTTP is refused at once', () => {
    for (const wrong of ['/graphql', 'ws://example.com/graphql']) {
      expect(() => viaFetch(wrong)).toThrow(expect.objectContaining({ name: 'OptionError', option: 'address' }));
    }
  });

  test('the name of the transport shows no credentials', () => {
    expect(viaFetch('https://alice:pa55@example.com/graphql?key=s3cret').name).toBe(
      'fetch https://example.com/graphql',
    );
  });
});

describe('a session', () => {
  test('calls a server, with the headers of the program and the credentials of the address', async () => {
    const asked: unknown[] = [];
    const { origin } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      asked.push({ authorization: request.headers.authorization, key: request.headers['x-key'], ...JSON.parse(body) });
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"ok":true}}');
    });
    const address = new URL('/graphql', origin);
    address.username = 'alice';
    address.password = 'pa55';
    await using session = createSession({ transport: viaFetch(address, { headers: { 'X-Key': '1' } }) });
    expect(await session.execute('query Q($a: Int) { ok(a: $a) }', { a: 1 })).toEqual({ ok: true });
    expect(asked).toEqual([
      {
        authorization: `Basic ${btoa('alice:pa55')}`,
        key: '1',
        query: 'query Q($a: Int) { ok(a: $a) }',
        operationName: 'Q',
        variables: { a: 1 },
      },
    ]);
  });

  test('where the platform has no fetch fails at once, and says what to give', async () => {
    vi.stubGlobal('fetch', undefined);
    try {
      await using session = createSession({ transport: viaFetch('https://example.com/graphql') });
      expect(await rejection(session.ready())).toMatchObject({
        code: 'missing-dependency',
        message: expect.stringContaining('option "fetch"'),
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('takes the fetch that the platform has when it connects', async () => {
    const transport = viaFetch('https://example.com/graphql');
    const fetch = vi.fn(async () => Response.json({ data: { ok: true } }));
    vi.stubGlobal('fetch', fetch);
    try {
      await using session = createSession({ transport });
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(fetch).toHaveBeenCalledOnce();
  });
});
