// The socket of a platform's WebSocket (WHATWG), injected: no headers, no pings, no termination, messages as the only signs
// of life.

import { CloseCode } from '../../protocol/close-codes.js';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { abortedFailure, openFailure, refusedByPlatform, subprotocolFailure } from './failures.js';
import type { PlatformWebSocket, WebSocketConstructor } from './options.js';
import type { OpenSocket, Socket, SocketEvents, SocketOpening, SocketRequest } from './socket.js';

const encoder = new TextEncoder();

/** `WebSocket.OPEN`. */
const openState = 1;

export function platformSocketOpener(Constructor: WebSocketConstructor): OpenSocket {
  return (request, opening) => openPlatformSocket(Constructor, request, opening);
}

function openPlatformSocket(Constructor: WebSocketConstructor, request: SocketRequest, opening: SocketOpening): void {
  const { address, place, protocols, assume, headers, signal } = request;
  if (Object.keys(headers).length > 0) {
    const message = 'A WebSocket of the platform sends no headers of ours: put the credentials into connectionParams.';
    opening.failed({ code: 'bad-option', phase: 'connect', message });
    return;
  }
  let webSocket: PlatformWebSocket;
  try {
    webSocket = new Constructor(address, [...protocols]);
  } catch (error) {
    opening.failed(refusedByPlatform(place, error));
    return;
  }
  webSocket.binaryType = 'arraybuffer';
  let events: SocketEvents | undefined;
  let pending = true;
  const fail = (failure: Parameters<SocketOpening['failed']>[0]): void => {
    if (!pending) return;
    pending = false;
    signal.removeEventListener('abort', aborted);
    opening.failed(failure);
  };
  const aborted = (): void => {
    fail(abortedFailure());
    webSocket.close();
  };
  signal.addEventListener('abort', aborted, { once: true });
  webSocket.onerror = () => fail(openFailure(place, new Error('the platform gives no reason')));
  webSocket.onclose = (event: { code: number; reason: string; wasClean: boolean }) => {
    fail(openFailure(place, new Error(`closed with code ${event.code}`)));
    const { code, reason, wasClean } = event;
    events?.socketClosed({ code, reason, clean: wasClean, failedByUs: false, error: undefined });
  };
  webSocket.onmessage = (event: { data: unknown }) => {
    events?.heard();
    if (typeof event.data !== 'string') events?.binary();
    else events?.text(event.data, byteLength(event.data));
  };
  webSocket.onopen = () => {
    if (!pending) return;
    const selected = webSocket.protocol === '' ? assume : protocols.find((protocol) => protocol === webSocket.protocol);
    if (selected === undefined) {
      fail(subprotocolFailure(webSocket.protocol === '' ? undefined : webSocket.protocol, protocols));
      webSocket.close(CloseCode.normal);
      return;
    }
    pending = false;
    signal.removeEventListener('abort', aborted);
    events = opening.opened(platformSocket(webSocket), selected as Subprotocol);
  };
}

function platformSocket(webSocket: PlatformWebSocket): Socket {
  return {
    get writable() {
      return webSocket.readyState === openState;
    },
    send: (text) => webSocket.send(text),
    // The platform lets a program close with 1000 and 3000 to 4999 only.
    close: (code, reason) =>
      webSocket.close(code === CloseCode.normal || code >= 3000 ? code : CloseCode.normal, reason),
    terminate: () => webSocket.close(),
    pending: () => webSocket.bufferedAmount,
  };
}

/** Exact where it matters: short texts cannot pass a limit, so their length in UTF-16 serves. */
function byteLength(text: string): number {
  return text.length < 4_096 ? text.length : encoder.encode(text).length;
}
