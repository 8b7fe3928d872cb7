// The entry point `holdfast/fetch`: sessions over HTTP on any platform that has a fetch. Nothing that it reaches imports a
// package or a module of Node.

import type { Transport } from '../contract.js';
import { HttpConnection } from '../http/connection.js';
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
 * Browsers share six HTTP/1.1 connections to an origin among all tabs, and each stream keeps one: the fourth stream of a page
 * warns once on the console. What a browser cannot send, a body that is read while it is sent, fails without being sent.
 *
 * @param address `http:` or `https:`, absolute.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: viaFetch(new URL('/graphql', location.href)) })`
 */
export function viaFetch(address: string | URL, options: FetchOptions = {}): Transport {
  const { http, fetch: injected, credentials } = resolveFetchOptions(address, options);
  const { place } = http;
  return {
    name: `fetch ${place}`,
    async open(context, events) {
      if (context.signal.aborted) {
        throw new OpenError({
          code: 'aborted',
          phase: 'connect',
          message: 'The session gave up this attempt to open.',
        });
      }
      const fetch: typeof globalThis.fetch | undefined = injected ?? globalThis.fetch;
      if (fetch === undefined) {
        const message = 'This platform has no fetch: give one as option "fetch" of viaFetch().';
        throw new OpenError({ code: 'missing-dependency', phase: 'prepare', message });
      }
      const client = new FetchClient({ fetch, credentials, origin: http.address.origin, place }, context.clock);
      return new HttpConnection(client, http, context, events);
    },
  };
}
