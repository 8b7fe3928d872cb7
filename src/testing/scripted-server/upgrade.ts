// Answering the HTTP request that asks for a WebSocket: with one, with a refusal, or not at all. RFC 6455, section 4.2.2.

import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { UpgradeAnswer, UpgradeRequest } from './script.js';

/** The client's first choice among what the server speaks; nothing where they have nothing in common. */
export function chooseSubprotocol(request: UpgradeRequest, spoken: readonly Subprotocol[]): UpgradeAnswer {
  const chosen = request.offered.find((name): name is Subprotocol => (spoken as readonly string[]).includes(name));
  return { kind: 'accept', subprotocol: chosen, speaks: chosen };
}

/** What a script is told about an upgrade. */
export function readUpgrade(index: number, request: IncomingMessage): UpgradeRequest {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return { index, url: request.url ?? '/', headers: request.headers, offered: offered.filter((name) => name !== '') };
}

export class Upgrader {
  readonly #selected = new WeakMap<IncomingMessage, string>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols: (_offered, request) => this.#selected.get(request) ?? false,
  });

  /** Carries out `answer`. `accepted` is called where it made a WebSocket. */
  answer(
    answer: UpgradeAnswer,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    accepted: (socket: WebSocket, speaks: Subprotocol | undefined) => void,
  ): void {
    switch (answer.kind) {
      case 'accept':
        if (answer.subprotocol !== undefined) this.#selected.set(request, answer.subprotocol);
        this.#sockets.handleUpgrade(request, socket, head, (accept) => accepted(accept, answer.speaks));
        return;
      case 'refuse':
        refuse(answer, socket);
        return;
      case 'hang':
        return;
      case 'drop':
        socket.destroy();
    }
  }
}

function refuse(answer: Extract<UpgradeAnswer, { kind: 'refuse' }>, socket: Duplex): void {
  const { status, headers = {}, body = '' } = answer;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
