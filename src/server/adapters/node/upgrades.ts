// Where upgrade requests become connections: RFC 6455, section 4.2, with the subprotocols of GraphQL. Owns the connections
// and ends them.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { CloseCode } from '../../../protocol/close-codes.js';
import { serverDialect, transportWsServer } from '../../../protocol/dialects/index.js';
import type { ServerCore } from '../../core.js';
import { readHeaders } from '../../http/headers.js';
import { Connection } from '../../websocket/connection.js';
import { WsSocket } from './ws-socket.js';

/** How long a peer may take to answer our close frame, ms. */
const closeTimeoutMs = 5_000;

export class Upgrades {
  readonly #core: ServerCore;
  readonly #upgrader: WebSocketServer;
  readonly #connections = new Set<Connection>();

  constructor(core: ServerCore) {
    this.#core = core;
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: core.options.limits.messageBytes,
      closeTimeout: closeTimeoutMs,
      // The client's order is its preference.
      handleProtocols: (offered) => [...offered].find((name) => serverDialect(name) !== undefined) ?? false,
    };
    this.#upgrader = new WebSocketServer(options);
  }

  accept(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    this.#upgrader.handleUpgrade(request, raw, head, (ws) => this.#connect(request, ws, raw));
  }

  #connect(request: IncomingMessage, ws: WebSocket, raw: Duplex): void {
    const dialect = serverDialect(ws.protocol);
    const socket = new WsSocket(ws, raw);
    const connection = new Connection(this.#core, dialect ?? transportWsServer, socket, readHeaders(request));
    this.#connections.add(connection);
    void connection.released.then(() => this.#connections.delete(connection));
    socket.listen(connection);
    if (dialect !== undefined) connection.open();
    else connection.close(CloseCode.subprotocolNotAcceptable, 'Subprotocol not acceptable');
  }

  /** Closes every connection; after `graceMs` those whose peer did not answer are terminated. */
  async close(graceMs: number): Promise<void> {
    const connections = [...this.#connections];
    for (const connection of connections) connection.close(CloseCode.goingAway, 'The server is shutting down');
    const cancel = this.#core.timers.set(graceMs, () => {
      for (const connection of connections) connection.terminate();
    });
    await Promise.all(connections.map((connection) => connection.released));
    cancel();
  }
}
