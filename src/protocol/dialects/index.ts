// The WebSocket subprotocols that Holdfast speaks, by the name that the opening handshake negotiates.

import type { ClientDialect, ServerDialect, Subprotocol } from './dialect.js';
import { legacyWsClient } from './legacy-ws/client.js';
import { legacyWsServer } from './legacy-ws/server.js';
import { transportWsClient } from './transport-ws/client.js';
import { transportWsServer } from './transport-ws/server.js';

export type { ClientDialect, ServerDialect, Subprotocol } from './dialect.js';
export { legacyWsClient, legacyWsServer, transportWsClient, transportWsServer };

/** In order of preference, as a client offers them and a server selects them. */
export const subprotocols: readonly Subprotocol[] = Object.freeze<Subprotocol[]>([
  'graphql-transport-ws',
  'graphql-ws',
]);

/** The client's side of a subprotocol; undefined for a name that is none of ours. */
export function clientDialect(subprotocol: Subprotocol): ClientDialect;
export function clientDialect(subprotocol: string): ClientDialect | undefined;
export function clientDialect(subprotocol: string): ClientDialect | undefined {
  return [transportWsClient, legacyWsClient].find((dialect) => dialect.subprotocol === subprotocol);
}

/** The server's side of a subprotocol; undefined for a name that is none of ours. */
export function serverDialect(subprotocol: Subprotocol): ServerDialect;
export function serverDialect(subprotocol: string): ServerDialect | undefined;
export function serverDialect(subprotocol: string): ServerDialect | undefined {
  return [transportWsServer, legacyWsServer].find((dialect) => dialect.subprotocol === subprotocol);
}
