// The entry point `holdfast/undici`: sessions over HTTP/1.1 in Node, on kept-alive sockets.

import type { Transport } from '../contract.js';
import { httpTransport } from '../http/transport.js';
import { openClient } from './open-client.js';
import { resolveUndiciOptions, type UndiciOptions } from './options.js';

export type { StreamFormat } from '../http/options.js';
export type { Dispatcher, TlsOptions, UndiciOptions } from './options.js';

/**
 * Reaches a server by GraphQL over HTTP, through `undici`: queries and mutations on up to 64 kept-alive sockets, subscriptions
 * and answers in parts as server-sent events or multipart, each subscription on a socket of its own unless they share one by
 * option `singleConnection`. Node only; needs the package `undici`, unless a dispatcher is given. Opening does no I/O, and a
 * request that fails concerns only itself.
 *
 * @param address `http:` or `https:`. User and password in it are sent as Basic credentials.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: undici('https://example.com/graphql') })`
 */
export function undici(address: string | URL, options: UndiciOptions = {}): Transport {
  const resolved = resolveUndiciOptions(address, options);
  return httpTransport({
    name: 'undici',
    options: resolved.http,
    sharing: resolved.sharing,
    openClient: ({ clock, limits }) => openClient(resolved, clock, limits),
  });
}
