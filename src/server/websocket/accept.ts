// Where an open socket of any runtime becomes a connection: what its adapter calls. The endpoint that owns the connections is
// the adapter's own, or that of the server where the adapter has none to close.

import { serverDialect } from '../../protocol/dialects/index.js';
import type { ServerCore } from '../core.js';
import { Connections, type Peer } from './connections.js';
import type { Socket, SocketEvents } from './socket.js';

const everywhere = new WeakMap<ServerCore, Connections>();

/**
 * Takes a socket that has just been opened; the adapter tells what happens on it to what this returns. The connection ends with
 * the drain of its server.
 */
export function acceptSocket(core: ServerCore, socket: Socket, peer: Peer): SocketEvents {
  let connections = everywhere.get(core);
  if (connections === undefined) {
    connections = new Connections(core);
    everywhere.set(core, connections);
  }
  return connections.accept(socket, peer);
}

/** What a server selects of the subprotocols that a client offers, whose order is its preference; undefined for none of them. */
export function selectSubprotocol(offered: Iterable<string>): string | undefined {
  return [...offered].find((name) => serverDialect(name) !== undefined);
}
