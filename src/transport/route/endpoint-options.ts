// The options of the default route, and the checks that refuse a wrong one at once.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { subprotocols } from '../../protocol/dialects/index.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import {
  type HttpOptions,
  httpOptionNames,
  resolveHttpOptions,
  resolveStreamSharing,
  type SharedStreamOptions,
  sharedStreamOptionNames,
} from '../http/options.js';

/** What is used of a dispatcher of undici. */
export interface InjectedDispatcher {
  dispatch(options: never, handler: never): boolean;
}

export interface EndpointOptions extends HttpOptions, SharedStreamOptions {
  /** Where subscriptions go. Default: the same address, with `ws:` for `http:` and `wss:` for `https:`. */
  readonly webSocketUrl?: string | URL | undefined;
  /** The WebSocket subprotocols that are offered, in order. Default: `graphql-transport-ws`, then the legacy `graphql-ws`. */
  readonly protocols?: readonly Subprotocol[] | undefined;
  /** Used for requests instead of undici or the platform's own; never owned. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** A dispatcher of undici, used for requests; never closed. Node only. */
  readonly dispatcher?: InjectedDispatcher | undefined;
}

/** The address, checked with the options. Throws an OptionError for what cannot work. */
export function checkEndpoint(given: string | URL, options: EndpointOptions): URL {
  refuseUnknownOptions('endpoint()', options, [
    ...httpOptionNames,
    ...sharedStreamOptionNames,
    'webSocketUrl',
    'protocols',
    'fetch',
    'dispatcher',
  ]);
  const http = resolveHttpOptions(given, httpOptionsOf(options));
  resolveStreamSharing(options, http, false);
  const { fetch, dispatcher } = options;
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new OptionError('fetch', `Option "fetch" must be a function; it is ${describe(fetch)}.`);
  }
  if (fetch !== undefined && dispatcher !== undefined) {
    throw new OptionError('dispatcher', 'Options "fetch" and "dispatcher" both carry the requests: give one of them.');
  }
  if (dispatcher !== undefined && typeof (Object(dispatcher) as InjectedDispatcher).dispatch !== 'function') {
    throw new OptionError(
      'dispatcher',
      `Option "dispatcher" must be a dispatcher of undici, as in new Agent(); it is ${describe(dispatcher)}.`,
    );
  }
  if (options.webSocketUrl !== undefined) checkWebSocketUrl(options.webSocketUrl);
  if (options.protocols !== undefined) checkProtocols(options.protocols);
  return http.address;
}

export function httpOptionsOf(options: EndpointOptions): HttpOptions & SharedStreamOptions {
  const {
    webSocketUrl: _webSocketUrl,
    protocols: _protocols,
    fetch: _fetch,
    dispatcher: _dispatcher,
    ...http
  } = options;
  return http;
}

function checkProtocols(given: unknown): void {
  const known: readonly unknown[] = subprotocols;
  if (Array.isArray(given) && given.length > 0 && given.every((name) => known.includes(name))) return;
  throw new OptionError(
    'protocols',
    `Option "protocols" must be a list with at least one of ${subprotocols.join(', ')}, and nothing else.`,
  );
}

function checkWebSocketUrl(given: string | URL): void {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new OptionError('webSocketUrl', 'Option "webSocketUrl" is not a URL. An example: wss://example.com/graphql');
  }
  if (['ws:', 'wss:', 'http:', 'https:'].includes(url.protocol)) return;
  throw new OptionError(
    'webSocketUrl',
    `Option "webSocketUrl" must begin with ws: or wss:; it begins with "${url.protocol}".`,
  );
}
