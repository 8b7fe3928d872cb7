// The entry point `holdfast/fetch`: sessions over HTTP on any platform that has a fetch. Nothing that it reaches imports a
// package or a module of Node.

import type { Transport } from '../contract.js';
import { httpTransport } from '../http/transport.js';
import { OpenError } from '../open-error.js';
import { FetchClient } from './client.js';
import { type FetchOptions, resolveFetchOptions } from './options.js';

export type { StreamFormat } from '../http/options.js';
export type { FetchOptions } from './options.js';

/**
 * Reaches a server over HTTP with the platform's `fetch`: in browsers and their workers, Node, Deno, Bun and workers at the
 * edge. Queries and mutations are answered by one response each, subscriptions by a stream of server-sent events or
 * multipart parts (GraphQL over HTTP, GraphQL over SSE). Redirects are not followed.
 *
 * Browsers share six HTTP/1.1 connections to an origin among all tabs, and each stream keeps one. There subscriptions share
 * one stream where the server knows the single connection mode of GraphQL over SSE (option `singleConnection`); else the
 * fourth stream of a page warns once on the console. What a browser cannot send, a body that is read while it is sent, fails without being sent.
 *
 * @param address `http:` or `https:`, absolute.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: viaFetch(new URL('/graphql', location.href)) })`
 */
export function viaFetch(address: string | URL, options: FetchOptions = {}): Transport {
  const { http, sharing, fetch: injected, credentials } = resolveFetchOptions(address, options);
  const { place } = http;
  return httpTransport({
    name: 'fetch',
    options: http,
    sharing,
    async openClient({ clock }) {
      const fetch: typeof globalThis.fetch | undefined = injected ?? globalThis.fetch;
      if (fetch === undefined) {
        const message = 'This platform has no fetch: give one as option "fetch" of viaFetch().';
        throw new OpenError({ code: 'missing-dependency', phase: 'prepare', message });
      }
      return new FetchClient({ fetch, credentials, origin: http.address.origin, place }, clock);
    },
  });
}
