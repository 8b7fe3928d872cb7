// The transport to the real-time side of AppSync: every connection is opened with an address of its own, which says who asks,
// and is dead when it has been silent for as long as its acknowledgement says. "Building a real-time WebSocket client" in the
// AppSync Developer Guide.

import * as CloseCode from '../../protocol/close-codes.js';
import { appSyncClient } from '../../protocol/dialects/appsync/client.js';
import type { ClientDialect } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Closure, Connection, ConnectionEvents, OpenContext, Transport } from '../contract.js';
import { StreamWatch } from '../http/stream-watch.js';
import { OpenError } from '../open-error.js';
import { forwardedEvents } from '../websocket/forwarded-events.js';
import type { ResolvedWebSocketOptions } from '../websocket/options.js';
import type { OpenSocket } from '../websocket/socket.js';
import { webSocketTransport } from '../websocket/transport.js';
import { connectionAddress, connectRequest } from './addresses.js';
import type { Authoriser } from './auth.js';
import { authorise } from './authorise.js';
import { AppSyncConnection } from './connection.js';

export interface RealtimeParts {
  /** Of queries and mutations. */
  readonly address: URL;
  readonly authoriser: Authoriser;
  readonly socket: ResolvedWebSocketOptions;
  readonly openSocket: OpenSocket;
}

/** Subscriptions only: queries and mutations are refused. */
export function realtimeTransport(parts: RealtimeParts): Transport {
  const { name } = webSocketTransport(parts.socket, parts.openSocket);
  return {
    name: `appsync ${name}`,
    async open(context, events) {
      try {
        return await openConnection(parts, context, events, false);
      } catch (error) {
        // The session cannot refresh what it does not know of: it is done here, once.
        if (!parts.authoriser.canRefresh || !isRefusal(error)) throw error;
        return openConnection(parts, context, events, true);
      }
    },
  };
}

async function openConnection(
  { address, authoriser, socket, openSocket }: RealtimeParts,
  context: OpenContext,
  events: ConnectionEvents,
  forceRefresh: boolean,
): Promise<Connection> {
  const { clock, signal } = context;
  const headers = await authorise(authoriser, connectRequest(address), { clock, signal, forceRefresh });
  const options = { ...socket, address: connectionAddress(address, headers) };
  let boundMs: number | undefined;
  let watch: StreamWatch | undefined;
  const dialect = (): ClientDialect => ({
    ...appSyncClient,
    receive(text, parse) {
      const message = appSyncClient.receive(text, parse);
      if (message.type === 'ack') boundMs = readBound(message.payload);
      return message;
    },
  });
  const inner = await webSocketTransport(options, openSocket, dialect).open(
    // Who asks has been said: what the session's own credentials hold is for others.
    { ...context, credentials: {} },
    forwardedEvents(events, {
      heard: () => {
        watch?.heard();
        events.heard();
      },
    }),
  );
  if (boundMs !== undefined) {
    const bounded = new StreamWatch(clock, boundMs, (silentMs) => inner.terminate(silence(silentMs)));
    void inner.closed.then(() => bounded.end());
    watch = bounded;
  }
  return new AppSyncConnection(inner, address, authoriser, clock);
}

/** How long AppSync may be silent: it sends `ka` more often than that. */
function readBound(ack: JsonObject | undefined): number | undefined {
  const boundMs = ack?.connectionTimeoutMs;
  return typeof boundMs === 'number' && boundMs > 0 ? boundMs : undefined;
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof OpenError)) return false;
  const { code, status, closeCode } = error.failure;
  if (code === 'http-status') return status === 401 || status === 403;
  if (code === 'closed') return closeCode === CloseCode.unauthorized || closeCode === CloseCode.forbidden;
  return code === 'refused';
}

function silence(silentMs: number): Closure {
  const message = `AppSync was silent for ${Math.round(silentMs)} ms, which is longer than it said it would be; the connection was ended.`;
  const failure = { code: 'silent', phase: 'connection', message, closeCode: CloseCode.terminated } as const;
  return { by: 'us', code: CloseCode.terminated, reason: 'silent', clean: false, failure };
}
