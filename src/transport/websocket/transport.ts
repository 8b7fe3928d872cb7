// The WebSocket transport over any implementation of a socket: opens it within its time, picks the dialect that the server
// selected, unless there is but one, and hands out the connection once the server has acknowledged it.

import * as CloseCode from '../../protocol/close-codes.js';
import type { ClientDialect, Subprotocol } from '../../protocol/dialects/dialect.js';
import { clientDialect } from '../../protocol/dialects/index.js';
import type { Closure, ConnectionEvents, Failure, OpenContext, Transport } from '../contract.js';
import { OpenError } from '../open-error.js';
import { WebSocketConnection } from './connection.js';
import { abortedFailure, timeoutFailure } from './failures.js';
import type { ResolvedWebSocketOptions } from './options.js';
import type { OpenSocket } from './socket.js';

/** The hard limit of a message, as a multiple of the soft one. */
const hardLimitFactor = 4;

/** `onlyDialect`: makes the dialect of each connection, whatever subprotocol was selected. */
export function webSocketTransport(
  options: ResolvedWebSocketOptions,
  openSocket: OpenSocket,
  onlyDialect?: () => ClientDialect,
): Transport {
  const { address } = options;
  const place = withoutSecrets(address);
  return {
    name: `websocket ${place}`,
    async open(context, events) {
      let { protocols } = options;
      for (;;) {
        const opened = await openConnection({ ...options, protocols }, place, context, events, openSocket, onlyDialect);
        try {
          await acknowledged(opened.connection, place, context);
          return opened.connection;
        } catch (error) {
          const others = protocols.filter((protocol) => protocol !== opened.subprotocol);
          if (others.length === 0 || !isDisowned(error)) throw error;
          protocols = others;
        }
      }
    },
  };
}

/** The server of subscriptions-transport-ws selects what is offered first, and ends the connection if that is not its own. */
function isDisowned(error: unknown): boolean {
  if (!(error instanceof OpenError)) return false;
  const { code, phase, closeCode } = error.failure;
  return code === 'closed' && phase === 'handshake' && closeCode === CloseCode.protocolError;
}

interface Opened {
  readonly connection: WebSocketConnection;
  readonly subprotocol: Subprotocol;
}

/** Up to the open socket, within `openTimeoutMs`. */
function openConnection(
  options: ResolvedWebSocketOptions,
  place: string,
  context: OpenContext,
  events: ConnectionEvents,
  openSocket: OpenSocket,
  onlyDialect: (() => ClientDialect) | undefined,
): Promise<Opened> {
  const { clock, limits, credentials, signal } = context;
  return new Promise((resolve, reject) => {
    const giveUp = new AbortController();
    const fail = (failure: Failure): void => {
      settled();
      reject(new OpenError(failure));
    };
    // The reason goes first: a socket that is given up reports that too.
    const end = (failure: Failure): void => {
      fail(failure);
      giveUp.abort();
    };
    const aborted = (): void => end(abortedFailure());
    const cancelTimer = clock.setTimer(limits.openTimeoutMs, () =>
      end(timeoutFailure('connect', place, limits.openTimeoutMs)),
    );
    const settled = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', aborted);
    };
    if (signal.aborted) {
      aborted();
      return;
    }
    signal.addEventListener('abort', aborted, { once: true });
    const { address, protocols, assume, headers } = options;
    openSocket(
      {
        address,
        place,
        protocols,
        assume,
        headers: { ...headers, ...credentials.headers },
        hasConnectionParams: credentials.connectionParams !== undefined,
        maxPayloadBytes: limits.maxMessageBytes * hardLimitFactor,
        signal: giveUp.signal,
        now: () => clock.now(),
      },
      {
        failed: fail,
        opened: (socket, subprotocol) => {
          settled();
          const connection = new WebSocketConnection(
            socket,
            onlyDialect?.() ?? clientDialect(subprotocol),
            context,
            events,
            options.onPing,
          );
          resolve({ connection, subprotocol });
          return connection;
        },
      },
    );
  });
}

/** From the open socket to the server's acknowledgement, within `ackTimeoutMs`. */
async function acknowledged(connection: WebSocketConnection, place: string, context: OpenContext): Promise<void> {
  const { clock, limits, signal } = context;
  const aborted = (): void => connection.terminate(ended(CloseCode.normal, abortedFailure()));
  const cancelTimer = clock.setTimer(limits.ackTimeoutMs, () => {
    connection.abandon(
      ended(CloseCode.acknowledgementTimeout, timeoutFailure('handshake', place, limits.ackTimeoutMs)),
    );
  });
  signal.addEventListener('abort', aborted, { once: true });
  if (signal.aborted) aborted();
  try {
    await connection.ready;
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', aborted);
  }
}

function ended(code: number, failure: Failure): Closure {
  return { by: 'us', code, reason: failure.code === 'timeout' ? 'Acknowledgement timeout' : '', clean: false, failure };
}

/** An address as it may be shown: user, password and query may hold secrets. */
function withoutSecrets(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
