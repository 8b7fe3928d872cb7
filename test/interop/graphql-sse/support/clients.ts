// Both clients of HTTP that have a connection for each stream, as transports of a session.

import { createSession, type Session } from '../../../../src/session/session.js';
import type { Transport } from '../../../../src/transport/contract.js';
import { viaFetch } from '../../../../src/transport/fetch/index.js';
import type { HttpOptions, SharedStreamOptions } from '../../../../src/transport/http/options.js';
import { undici } from '../../../../src/transport/undici/index.js';

export type Client = (url: string, options?: HttpOptions & SharedStreamOptions) => Transport;

export const clients: readonly (readonly [string, Client])[] = [
  ['undici', undici],
  ['viaFetch', viaFetch],
];

/** A session that does not take its time to reconnect. */
export function sessionOver(transport: Transport): Session {
  return createSession({ transport, retry: { connect: { delayMs: () => 5 }, subscribe: { delayMs: () => 5 } } });
}
