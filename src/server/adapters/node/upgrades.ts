// Where upgrade requests of Node's HTTP servers become WebSockets: RFC 6455, section 4.2, with the subprotocols of GraphQL.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { ServerCore } from '../../core.js';
import type { RequestHeaders } from '../../hook-types.js';
import { readHeaders } from '../../http/headers.js';
import { selectSubprotocol } from '../../websocket/accept.js';
import { Connections } from '../../websocket/connections.js';
import { closeTimeoutMs } from '../../websocket/farewell.js';
import { screenUpgrade } from '../../websocket/screen.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { WsSocket } from './ws-socket.js';

export class Upgrades {
  readonly #core: ServerCore;
  readonly #upgrader: WebSocketServer;
  readonly #connections: Connections;

  constructor(core: ServerCore) {
    this.#core = core;
    this.#connections = new Connections(core);
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: core.options.limits.messageBytes,
      closeTimeout: closeTimeoutMs,
      handleProtocols: (offered) => selectSubprotocol(offered) ?? false,
    };
    this.#upgrader = new WebSocketServer(options);
  }

  accept(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    const headers = readHeaders(request);
    const screened = screenUpgrade(this.#core, headers);
    if (screened.type === 'refused') {
      refuseUpgrade(raw, screened.response);
      return;
    }
    // Where the handshake fails.
    raw.once('close', screened.leave);
    this.#upgrader.handleUpgrade(request, raw, head, (ws) => this.#connect(request, headers, ws, raw, screened.leave));
  }

  /** Closes every connection; after `graceMs` those whose peer did not answer are terminated. */
  close(graceMs: number): Promise<void> {
    return this.#connections.close(graceMs);
  }

  #connect(request: IncomingMessage, headers: RequestHeaders, ws: WebSocket, raw: Duplex, leave: () => void): void {
    // From here on the connection gives its place back.
    raw.off('close', leave);
    const socket = new WsSocket(ws, raw);
    const { remoteAddress } = request.socket;
    socket.listen(this.#connections.accept(socket, { subprotocol: ws.protocol, headers, remoteAddress, leave }));
  }
}
