// The entry point `holdfast/http2`: sessions over one connection of HTTP/2, in Node.

import type { Transport } from '../contract.js';
import { HttpConnection } from '../http/connection.js';
import { openClient } from './open.js';
import { type Http2Options, resolveHttp2Options } from './options.js';

export type { StreamFormat } from '../http/options.js';
export type { Http2Options, TlsOptions } from './options.js';

/**
 * Reaches a server over one connection of HTTP/2 (RFC 9113), which carries any number of operations at once: no more of them
 * than the server allows, the others wait. Each subscription is a stream that is held back alone while its consumer is slow.
 * When the server announces that it leaves, what it has begun is finished and the session goes on over a new connection.
 *
 * `https:` agrees on HTTP/2 by ALPN; with `http:` the server has to expect it (prior knowledge, "h2c"). A server that speaks
 * HTTP/1.1 only is a failure with code `subprotocol`: `holdfast/undici` reaches it. There is no option for a proxy.
 *
 * @param address `http:` or `https:`, absolute.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: http2('https://example.com/graphql') })`
 */
export function http2(address: string | URL, options: Http2Options = {}): Transport {
  const resolved = resolveHttp2Options(address, options);
  const { http } = resolved;
  return {
    name: `http2 ${http.place}`,
    async open(context, events) {
      const client = await openClient(resolved, context, events);
      return new HttpConnection(client, http, context, events);
    },
  };
}
