// How Node's transports make TLS connections: certificates and their verification, checked before anything is opened. Only
// files for Node import it.

import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';

/** TLS of `https:` and `wss:` addresses in Node. Verification is on unless it is switched off here. */
export type TlsOptions = SecureContextOptions & {
  /** `false` accepts any certificate: for experiments only. Default true. */
  readonly rejectUnauthorized?: boolean | undefined;
  /** The name to ask for and verify. Default: the address's host. */
  readonly servername?: string | undefined;
};

export interface ResolvedTls {
  /** Undefined: Node's own. */
  readonly secureContext: SecureContext | undefined;
  readonly rejectUnauthorized: boolean;
  readonly servername: string | undefined;
}

/** Throws an OptionError for what is no object, or a certificate or key that cannot be read. */
export function resolveTls(tls: TlsOptions | undefined): ResolvedTls {
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

/** Throws an OptionError unless it is undefined or the path of a unix socket. */
export function checkSocketPath(socketPath: unknown): void {
  if (socketPath === undefined || (typeof socketPath === 'string' && socketPath !== '')) return;
  const message = `Option "socketPath" must be the path of a socket; it is ${describe(socketPath)}.`;
  throw new OptionError('socketPath', message);
}
