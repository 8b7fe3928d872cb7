// The socket of Node, on the package `ws`: upgrade headers, TLS, agents and proxies, pings, termination, inbound bytes as
// signs of life, and the writes of one turn of the event loop flushed to the kernel as one.

import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import * as CloseCode from '../../protocol/close-codes.js';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { abortedFailure, openFailure, refusedByPlatform, statusFailure, subprotocolFailure } from './failures.js';
import type { WebSocketOptions } from './options.js';
import { platformSocketOpener } from './platform.js';
import { connectThroughProxy } from './proxy.js';
import type { OpenSocket, Socket, SocketEvents, SocketOpening, SocketRequest } from './socket.js';

/** Close codes that `ws` uses when it fails a socket by itself, by the code of the error that it reports. */
const failedCodes: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: CloseCode.tooLarge,
  WS_ERR_INVALID_UTF8: CloseCode.invalidPayload,
};

/** Node's own socket, unless the options bring a WebSocket of the platform's kind. */
export function nodeSocketOpener(options: WebSocketOptions): OpenSocket {
  return options.WebSocket === undefined
    ? (request, opening) => openNodeSocket(options, request, opening)
    : platformSocketOpener(options.WebSocket);
}

function openNodeSocket(options: WebSocketOptions, request: SocketRequest, opening: SocketOpening): void {
  const { address, place, protocols, assume, headers, signal } = request;
  let webSocket: WebSocket;
  try {
    webSocket = new WebSocket(address, [...protocols], clientOptions(options, request, headers));
  } catch (error) {
    opening.failed(refusedByPlatform(place, error));
    return;
  }
  let raw: Duplex | undefined;
  let answer: Record<string, string> = {};
  // Everything after the first outcome is noise of the same one.
  let pending = true;
  const fail = (failure: Parameters<SocketOpening['failed']>[0]): void => {
    if (!pending) return;
    pending = false;
    opening.failed(failure);
  };
  const aborted = (): void => {
    fail(abortedFailure());
    webSocket.terminate();
  };
  signal.addEventListener('abort', aborted, { once: true });
  webSocket.on('error', (error) => fail(openFailure(place, error)));
  webSocket.once('unexpected-response', (clientRequest, response) => {
    fail(statusFailure(place, response.statusCode ?? 0, plainHeaders(response), request.now()));
    clientRequest.destroy();
  });
  webSocket.once('upgrade', (response) => {
    raw = response.socket;
    answer = plainHeaders(response);
    const selected = response.headers['sec-websocket-protocol'];
    // `ws` reads this header after us: naming the assumed subprotocol here is what makes it accept a silent server.
    if (selected === undefined && assume !== undefined) response.headers['sec-websocket-protocol'] = assume;
    else if (protocols.length > 0 && !protocols.some((protocol) => protocol === selected)) {
      fail(subprotocolFailure(selected, protocols));
    }
  });
  webSocket.once('open', () => {
    signal.removeEventListener('abort', aborted);
    if (!pending || raw === undefined) {
      webSocket.terminate();
      return;
    }
    pending = false;
    const socket = new NodeSocket(webSocket, raw, answer);
    socket.deliverTo(opening.opened(socket, webSocket.protocol as Subprotocol));
  });
}

function clientOptions(
  options: WebSocketOptions,
  request: SocketRequest,
  headers: Readonly<Record<string, string>>,
): ClientOptions {
  const { agent, tls, proxy, compression = false } = options;
  return {
    ...(tls as ClientOptions),
    headers: { ...headers },
    perMessageDeflate: compression,
    maxPayload: request.maxPayloadBytes,
    ...(agent === undefined ? undefined : { agent }),
    ...(proxy === undefined
      ? undefined
      : { createConnection: connectThroughProxy(proxy, request.address, tls, request.signal) }),
  };
}

class NodeSocket implements Socket {
  readonly headers: Readonly<Record<string, string>>;
  readonly #webSocket: WebSocket;
  readonly #raw: Duplex;
  #corked = false;

  constructor(webSocket: WebSocket, raw: Duplex, headers: Readonly<Record<string, string>>) {
    this.headers = headers;
    this.#webSocket = webSocket;
    this.#raw = raw;
  }

  deliverTo(events: SocketEvents): void {
    let error: (Error & { code?: string }) | undefined;
    this.#webSocket.removeAllListeners('error');
    this.#webSocket.on('error', (failed) => {
      error ??= failed;
    });
    this.#webSocket.on('message', (data: RawData, isBinary) => {
      const bytes = data as Buffer;
      if (isBinary) events.binary();
      else events.text(bytes.toString(), bytes.length);
    });
    this.#webSocket.on('pong', () => events.pong());
    // Before `ws` reads them: a sign of life comes before what it carries.
    this.#raw.prependListener('data', () => events.heard());
    this.#raw.on('drain', () => events.drained());
    this.#webSocket.on('close', (code, reason) => {
      // Errors of `ws` itself mean that it failed the socket; others come from the network.
      const failedByUs = error?.code?.startsWith('WS_ERR_') ?? false;
      const ownCode = failedByUs ? (failedCodes[error?.code ?? ''] ?? CloseCode.protocolError) : code;
      const clean = !failedByUs && code !== CloseCode.abnormal;
      events.socketClosed({ code: ownCode, reason: reason.toString(), clean, failedByUs, error });
    });
  }

  get writable(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (!this.writable) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#raw.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#raw.uncork();
      });
    }
    this.#webSocket.send(text);
  }

  ping(): void {
    if (this.writable) this.#webSocket.ping();
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  pending(): number {
    return (this.#raw as NetSocket).writableLength;
  }
}

/** Without cookies, which are credentials: what is kept here reaches states, errors and diagnostics. */
function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
