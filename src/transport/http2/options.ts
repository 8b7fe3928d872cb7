// The options of the HTTP/2 transport, and the checks that refuse a wrong one before anything is opened.

import { refuseUnknownOptions } from '../../protocol/options.js';
import { checkSocketPath, type ResolvedTls, resolveTls, type TlsOptions } from '../http/node-tls.js';
import { type HttpOptions, httpOptionNames, type ResolvedHttpOptions, resolveHttpOptions } from '../http/options.js';

export type { TlsOptions } from '../http/node-tls.js';

export interface Http2Options extends HttpOptions {
  /** Certificates and verification of `https:` addresses, `ca`, `cert` and `key` among them. Default: as Node does. */
  readonly tls?: TlsOptions | undefined;
  /** Path of the unix socket to connect to; the address still gives the host, path and query of requests. Default: none. */
  readonly socketPath?: string | undefined;
}

export interface ResolvedHttp2Options {
  readonly http: ResolvedHttpOptions;
  readonly socketPath: string | undefined;
  readonly tls: ResolvedTls;
}

const known: readonly string[] = [...httpOptionNames, 'tls', 'socketPath'];

/** Throws an OptionError for an address or option that cannot work. */
export function resolveHttp2Options(address: string | URL, options: Http2Options): ResolvedHttp2Options {
  refuseUnknownOptions('http2()', options, known);
  const { tls, socketPath } = options;
  checkSocketPath(socketPath);
  return { http: resolveHttpOptions(address, options), socketPath, tls: resolveTls(tls) };
}
