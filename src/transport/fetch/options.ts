// The options of the fetch transport, and the checks that refuse a wrong one before anything is sent.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import {
  type HttpOptions,
  httpOptionNames,
  type ResolvedHttpOptions,
  resolveHttpOptions,
  resolveStreamSharing,
  type SharedStreamOptions,
  type StreamSharing,
  sharedStreamOptionNames,
} from '../http/options.js';
import { inBrowser } from './platform.js';

export interface FetchOptions extends HttpOptions, SharedStreamOptions {
  /**
   * Another implementation of fetch, or one around the platform's. It is used, never closed. One that sends a request again
   * by itself takes the decision whether a write may run twice away from the session. Default: `globalThis.fetch`, as it is
   * when the session connects.
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Whether a browser sends cookies and its own credentials: to no origin, to the page's own, or to all. For another origin
   * `include` works only where the server allows it (CORS, `Access-Control-Allow-Credentials`). Elsewhere it is handed on to
   * `fetch`, and most platforms have no cookies. Default: the platform's own, in browsers `same-origin`.
   */
  readonly credentials?: 'omit' | 'same-origin' | 'include' | undefined;
}

export interface ResolvedFetchOptions {
  readonly http: ResolvedHttpOptions;
  readonly sharing: StreamSharing;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly credentials: FetchOptions['credentials'];
}

const credentialsModes: readonly unknown[] = ['omit', 'same-origin', 'include'] satisfies FetchOptions['credentials'][];

/** Throws an OptionError for an address or option that cannot work. */
export function resolveFetchOptions(address: string | URL, options: FetchOptions): ResolvedFetchOptions {
  refuseUnknownOptions('viaFetch()', options, [
    ...httpOptionNames,
    ...sharedStreamOptionNames,
    'fetch',
    'credentials',
  ] satisfies (keyof FetchOptions)[]);
  const { fetch, credentials } = options;
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new OptionError(
      'fetch',
      `Option "fetch" must be a function with the face of fetch; it is ${describe(fetch)}.`,
    );
  }
  if (credentials !== undefined && !credentialsModes.includes(credentials)) {
    const message = `Option "credentials" must be one of ${credentialsModes.join(', ')}; it is ${describe(credentials)}. Tokens belong into the session's own credentials.`;
    throw new OptionError('credentials', message);
  }
  const http = resolveHttpOptions(address, options);
  return { http, sharing: resolveStreamSharing(options, http, inBrowser()), fetch, credentials };
}
