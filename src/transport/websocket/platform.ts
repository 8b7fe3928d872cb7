// The socket of a platform's WebSocket (WHATWG), injected: no headers, no pings, no termination, messages as the only signs
// of life.

import { CloseCode } from '../../protocol/close-codes.js';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { abortedFailure, openFailure, refusedByPlatform, subprotocolFailure } from './failures.js';
import type { PlatformWebSocket, WebSocketConstructor } from './options.js';
import type { OpenSocket, Socket, SocketEnd, SocketEvents, SocketOpening, SocketRequest } from './socket.js';

const encoder = new TextEncoder();

/** `WebSocket.OPEN`. */
const openState = 1;

/** The platform does not tell when what was sent has gone: above this many bytes it is looked at, this often. */
const watchedBytes = 2 ** 16;
const watchMs = 20;

export function platformSocketOpener(Constructor: WebSocketConstructor): OpenSocket {
  return (request, opening) => openPlatformSocket(Constructor, request, opening);
}

function openPlatformSocket(Constructor: WebSocketConstructor, request: SocketRequest, opening: SocketOpening): void {
  const { address, place, protocols, assume, headers, maxPayloadBytes, signal } = request;
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
  const end = (how: SocketEnd): void => {
    events?.socketClosed(how);
    events = undefined;
  };
  signal.addEventListener('abort', aborted, { once: true });
  webSocket.onerror = () => fail(openFailure(place, new Error('the platform gives no reason')));
  webSocket.onclose = (event: { code: number; reason: string; wasClean: boolean }) => {
    fail(openFailure(place, new Error(`closed with code ${event.code}`)));
    const { code, reason, wasClean } = event;
    end({ code, reason, clean: wasClean, failedByUs: false, error: undefined });
  };
  webSocket.onmessage = (event: { data: unknown }) => {
    events?.heard();
    if (typeof event.data !== 'string') {
      events?.binary();
      return;
    }
    const bytes = encoder.encode(event.data).length;
    if (bytes <= maxPayloadBytes) {
      events?.text(event.data, bytes);
      return;
    }
    // The platform has no limit of its own: this message has come, and nothing after it shall.
    end({ code: CloseCode.tooLarge, reason: '', clean: false, failedByUs: true, error: undefined });
    webSocket.close(CloseCode.badResponse, 'Message too large');
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
    events = opening.opened(
      platformSocket(webSocket, () => events?.drained()),
      selected as Subprotocol,
    );
  };
}

function platformSocket(webSocket: PlatformWebSocket, drained: () => void): Socket {
  let watching = false;
  const watch = (): void => {
    if (watching || webSocket.readyState !== openState || webSocket.bufferedAmount <= watchedBytes) return;
    watching = true;
    setTimeout(() => {
      watching = false;
      drained();
      watch();
    }, watchMs);
  };
  return {
    get writable() {
      return webSocket.readyState === openState;
    },
    send: (text) => {
      webSocket.send(text);
      watch();
    },
    // The platform lets a program close with 1000 and 3000 to 4999 only.
    close: (code, reason) =>
      webSocket.close(code === CloseCode.normal || code >= 3000 ? code : CloseCode.normal, reason),
    terminate: () => webSocket.close(),
    pending: () => webSocket.bufferedAmount,
  };
}
