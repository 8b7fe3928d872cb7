// The socket of a platform's WebSocket (WHATWG), injected: no headers, no pings, no termination, messages as the only signs
// of life, and no reason given for anything that goes wrong before it is open.

import * as CloseCode from '../../protocol/close-codes.js';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import type { Failure } from '../contract.js';
import { abortedFailure, subprotocolFailure } from './failures.js';
import type { PlatformWebSocket, WebSocketConstructor, WebSocketOptions } from './options.js';
import type { OpenSocket, Socket, SocketEnd, SocketEvents, SocketOpening, SocketRequest } from './socket.js';
import { utf8Length } from './utf8-length.js';

/** `WebSocket.OPEN`. */
const openState = 1;

/** The platform does not tell when what was sent has gone: above this many bytes it is looked at, this often. */
const watchedBytes = 2 ** 16;
const watchMs = 20;

export function platformSocketOpener(Constructor: WebSocketConstructor): OpenSocket {
  return (request, opening) => {
    const names = Object.keys(request.headers);
    if (names.length > 0 && !request.hasConnectionParams) opening.failed(headersFailure(names));
    else openPlatformSocket(Constructor, request, request.protocols, opening);
  };
}

/** The platform's own, unless the options bring another one. Throws an OptionError where there is neither. */
export function browserSocketOpener(options: WebSocketOptions): OpenSocket {
  const { WebSocket } = globalThis as { readonly WebSocket?: WebSocketConstructor };
  const Constructor = options.WebSocket ?? WebSocket;
  if (Constructor !== undefined) return platformSocketOpener(Constructor);
  throw new OptionError(
    'WebSocket',
    'This platform has no WebSocket: give a class with its face as option "WebSocket".',
  );
}

function openPlatformSocket(
  Constructor: WebSocketConstructor,
  request: SocketRequest,
  offered: readonly Subprotocol[],
  opening: SocketOpening,
): void {
  const { address, place, protocols, assume, maxPayloadBytes, signal } = request;
  let webSocket: PlatformWebSocket;
  try {
    webSocket = new Constructor(address, [...offered]);
  } catch (error) {
    opening.failed(refusedFailure(place, error));
    return;
  }
  webSocket.binaryType = 'arraybuffer';
  const leave = (): void => {
    signal.removeEventListener('abort', aborted);
    detach(webSocket);
  };
  const aborted = (): void => {
    leave();
    opening.failed(abortedFailure());
    webSocket.close();
  };
  // An error, a close or both may come; some platforms send no close after an error.
  const failed = (): void => {
    leave();
    // Most platforms fail a server that selects none of the subprotocols they offered. Where one may be assumed, such a
    // server can still be reached by offering nothing.
    if (assume !== undefined && offered.length > 0) openPlatformSocket(Constructor, request, [], opening);
    else opening.failed(unexplainedFailure(place));
  };
  signal.addEventListener('abort', aborted, { once: true });
  webSocket.onerror = failed;
  webSocket.onclose = failed;
  webSocket.onopen = () => {
    leave();
    const selected = webSocket.protocol === '' ? assume : offered.find((one) => one === webSocket.protocol);
    if (selected === undefined && protocols.length > 0) {
      opening.failed(subprotocolFailure(webSocket.protocol === '' ? undefined : webSocket.protocol, protocols));
      webSocket.close(CloseCode.normal);
      return;
    }
    const socket = new PlatformSocket(webSocket, maxPayloadBytes);
    socket.deliverTo(opening.opened(socket, selected ?? 'graphql-transport-ws'));
  };
}

class PlatformSocket implements Socket {
  readonly #webSocket: PlatformWebSocket;
  readonly #maxPayloadBytes: number;
  /** Undefined once the socket has ended for us, which may be long before the platform is done with it. */
  #events: SocketEvents | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(webSocket: PlatformWebSocket, maxPayloadBytes: number) {
    this.#webSocket = webSocket;
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  deliverTo(events: SocketEvents): void {
    this.#events = events;
    this.#webSocket.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(events, data);
    this.#webSocket.onclose = ({ code, reason, wasClean }: PlatformCloseEvent) =>
      this.#end({ code, reason, clean: wasClean, failedByUs: false, error: undefined });
  }

  get writable(): boolean {
    return this.#webSocket.readyState === openState;
  }

  send(text: string): void {
    // A platform counts what is sent while it closes as buffered, for ever.
    if (!this.writable) return;
    this.#webSocket.send(text);
    this.#watchBacklog();
  }

  /** The platform lets a program close with 1000 and 3000 to 4999 only. */
  close(code: number, reason: string): void {
    this.#webSocket.close(code === CloseCode.normal || code >= 3000 ? code : CloseCode.normal, reason);
  }

  /** The platform waits for the peer's close frame, for a minute or more where the peer is dead. We do not. */
  terminate(): void {
    this.#end({ code: CloseCode.abnormal, reason: '', clean: false, failedByUs: false, error: undefined });
    this.#webSocket.close();
  }

  pending(): number {
    return this.#webSocket.bufferedAmount;
  }

  #receive(events: SocketEvents, data: unknown): void {
    events.heard();
    if (typeof data !== 'string') {
      events.binary();
      return;
    }
    const bytes = data.length > this.#maxPayloadBytes ? data.length : utf8Length(data);
    if (bytes > this.#maxPayloadBytes) {
      // The platform has no limit of its own: this message has come, and nothing after it shall.
      this.#end({ code: CloseCode.tooLarge, reason: '', clean: false, failedByUs: true, error: undefined });
      this.close(CloseCode.badResponse, 'Message too large');
      return;
    }
    events.text(data, bytes);
    // Timers of a page in the background may fire once a minute; messages are never late.
    if (this.#watch !== undefined) this.#events?.drained();
  }

  #watchBacklog(): void {
    if (this.#watch !== undefined || this.#events === undefined) return;
    if (!this.writable || this.pending() <= watchedBytes) return;
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      this.#events?.drained();
      this.#watchBacklog();
    }, watchMs);
  }

  #end(how: SocketEnd): void {
    const events = this.#events;
    this.#events = undefined;
    clearTimeout(this.#watch);
    this.#watch = undefined;
    detach(this.#webSocket);
    events?.socketClosed(how);
  }
}

interface PlatformCloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** From here on its events go nowhere. An error stays heard: in Node one that nobody hears may end the process. */
function detach(webSocket: PlatformWebSocket): void {
  webSocket.onopen = null;
  webSocket.onmessage = null;
  webSocket.onclose = null;
  webSocket.onerror = () => {};
}

/** Headers beside connectionParams are for other transports of the same session; alone they would be lost without a word. */
function headersFailure(names: readonly string[]): Failure {
  const message = `The credentials hold headers (${names.join(', ')}) and no connectionParams, and a WebSocket of the platform sends no headers of a program's own. Put what the server has to know into connectionParams: they reach it with the first message.`;
  return { code: 'bad-option', phase: 'connect', message };
}

/** Refused before anything was attempted, by a rule of the platform: waiting will not cure it. */
function refusedFailure(place: string, cause: unknown): Failure {
  const { name, message: detail } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  // Mixed content is what a page is forbidden on the spot; a Content-Security-Policy speaks later, as an error event.
  const advice = name === 'SecurityError' ? ' A page that was loaded over https: may open wss: only.' : '';
  const message = `The platform refused to open a WebSocket to ${place}: ${detail.replace(/\.$/, '')}.${advice}`;
  return { code: 'bad-option', phase: 'prepare', message, cause };
}

/** So that no page can explore a network, the platform says that it failed and never why. */
function unexplainedFailure(place: string): Failure {
  const message = `Connecting to ${place} failed, and the platform does not tell a program why; its console may. The server is not reached, refuses the upgrade, selects no subprotocol (option "assume"), has a certificate that is not accepted, or is not allowed by the page's Content-Security-Policy (connect-src).`;
  return { code: 'network', phase: 'connect', message };
}
