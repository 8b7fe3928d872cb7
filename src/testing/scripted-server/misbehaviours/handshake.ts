// Ready-made misbehaviour between the open socket and the acknowledgement, and of the signs of life after it.

import * as CloseCode from '../../../protocol/close-codes.js';
import type { JsonObject } from '../../../protocol/json.js';
import type { Script } from '../script.js';
import { type Limited, limit } from './limit.js';

export interface ClosesBeforeAckOptions extends Limited {
  /** Default 1011. */
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  /** `open`: as soon as the socket is open; `init`: when `connection_init` was read. Default `init`. */
  readonly on?: 'open' | 'init' | undefined;
}

/** Closes the connection instead of acknowledging it. */
export function closesBeforeAck(options: ClosesBeforeAckOptions = {}): Script {
  const again = limit(options);
  const { code = CloseCode.internalError, reason, on = 'init' } = options;
  return on === 'open'
    ? { open: (connection, proceed) => (again() ? connection.close(code, reason) : proceed()) }
    : { init: ({ connection }, proceed) => (again() ? connection.close(code, reason) : proceed()) };
}

/** Drops the TCP socket when `connection_init` was read. */
export function dropsBeforeAck(options: Limited = {}): Script {
  const again = limit(options);
  return { init: ({ connection }, proceed) => (again() ? connection.drop() : proceed()) };
}

/** Reads `connection_init` and never answers it. */
export function neverAcks(options: Limited = {}): Script {
  const again = limit(options);
  return { init: (_event, proceed) => (again() ? undefined : proceed()) };
}

/** Sends a `ping` as soon as the socket is open, before any ack. */
export function pingsBeforeAck(options: Limited & { readonly payload?: JsonObject | undefined } = {}): Script {
  const again = limit(options);
  return {
    open: (connection, proceed) => {
      if (again()) connection.ping(options.payload);
      return proceed();
    },
  };
}

/** Sends a `ka` as soon as the socket is open, before any ack. */
export function keepsAliveBeforeAck(options: Limited = {}): Script {
  const again = limit(options);
  return {
    open: (connection, proceed) => {
      if (again()) connection.keepAlive();
      return proceed();
    },
  };
}

export interface RefusesInitOptions extends Limited {
  /** The payload of the legacy `connection_error`. Default `{ message: 'Refused' }`. */
  readonly payload?: JsonObject | undefined;
  /** The close code after it. Default: 1011 after a `connection_error`, else 4403. `false`: the socket stays open. */
  readonly code?: number | false | undefined;
}

/** Refuses the connection as its dialect does: `connection_error` and a close in the legacy one, a close in the other. */
export function refusesInit(options: RefusesInitOptions = {}): Script {
  const again = limit(options);
  const { payload = { message: 'Refused' } } = options;
  return {
    init: ({ connection }, proceed) => {
      if (!again()) return proceed();
      const legacy = connection.speaks === 'graphql-ws';
      if (legacy) connection.connectionError(payload);
      const { code = legacy ? CloseCode.internalError : CloseCode.forbidden } = options;
      if (code !== false) connection.close(code, 'Refused');
    },
  };
}

/** Leaves pings unanswered, messages and WebSocket frames alike. */
export function neverPongs(options: Limited = {}): Script {
  const again = limit(options);
  const unlessAgain = (_event: unknown, proceed: () => void | Promise<void>) => (again() ? undefined : proceed());
  return { ping: unlessAgain, pingFrame: unlessAgain };
}
