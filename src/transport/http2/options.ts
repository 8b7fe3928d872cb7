// The options of the HTTP/2 transport, and the checks that refuse a wrong one before anything is opened.

import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import { type HttpOptions, httpOptionNames, type ResolvedHttpOptions, resolveHttpOptions } from '../http/options.js';

/** TLS of `https:` addresses. Verification is on unless it is switched off here. */
export type TlsOptions = SecureContextOptions & {
  /** `false` accepts any certificate: for experiments only. Default true. */
  readonly rejectUnauthorized?: boolean | undefined;
  /** The name to ask for and verify. Default: the address's host. */
  readonly servername?: string | undefined;
};

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

export interface ResolvedTls {
  readonly secureContext: SecureContext | undefined;
  readonly rejectUnauthorized: boolean;
  readonly servername: string | undefined;
}

const known: readonly string[] = [...httpOptionNames, 'tls', 'socketPath'];

/** Throws an OptionError for an address or option that cannot work. */
export function resolveHttp2Options(address: string | URL, options: Http2Options): ResolvedHttp2Options {
  refuseUnknownOptions('http2()', options, known);
  const { tls, socketPath } = options;
  if (socketPath !== undefined && (typeof socketPath !== 'string' || socketPath === '')) {
    throw new OptionError(
      'socketPath',
      `Option "socketPath" must be the path of a socket; it is ${describe(socketPath)}.`,
    );
  }
  return { http: resolveHttpOptions(address, options), socketPath, tls: resolveTls(tls) };
}

function resolveTls(tls: TlsOptions | undefined): ResolvedTls {
  if (tls === undefined) return { secureContext: undefined, rejectUnauthorized: true, servername: undefined };
  if (typeof tls !== 'object' || tls === null) {
    throw new OptionError('tls', `Option "tls" must be an object, as in { ca }; it is ${describe(tls)}.`);
  }
  const { rejectUnauthorized = true, servername, ...material } = tls;
  try {
    return { secureContext: createSecureContext(material), rejectUnauthorized, servername };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError('tls', `Option "tls" holds a certificate or key that cannot be used: ${why}`, cause);
  }
}
