// Ready-made misbehaviour at the WebSocket upgrade: refusals, silence, and subprotocols that nobody agreed on.

import type { Subprotocol } from '../../../protocol/dialects/dialect.js';
import { serverDialect } from '../../../protocol/dialects/index.js';
import type { Script } from '../script.js';
import { type Limited, limit } from './limit.js';

export interface RefusesUpgradeOptions extends Limited {
  /** The HTTP status. Default 503. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** Answers the upgrade with an HTTP status, as in `refusesUpgrade({ status: 429, headers: { 'Retry-After': '1' }, times: 2 })`. */
export function refusesUpgrade(options: RefusesUpgradeOptions = {}): Script {
  const again = limit(options);
  const { status = 503, headers, body } = options;
  return { upgrade: (_request, proceed) => (again() ? { kind: 'refuse', status, headers, body } : proceed()) };
}

/** Never answers the upgrade and leaves the socket open. */
export function neverUpgrades(options: Limited = {}): Script {
  const again = limit(options);
  return { upgrade: (_request, proceed) => (again() ? { kind: 'hang' } : proceed()) };
}

/** Ends the socket instead of answering the upgrade. */
export function dropsUpgrade(options: Limited = {}): Script {
  const again = limit(options);
  return { upgrade: (_request, proceed) => (again() ? { kind: 'drop' } : proceed()) };
}

export interface SelectsSubprotocolOptions extends Limited {
  /** What the server then speaks. Default: what it selected, else the client's first choice, else graphql-transport-ws. */
  readonly speaks?: Subprotocol | undefined;
}

/** Selects this subprotocol whatever the client offers; undefined: selects none, and its response has no such header. */
export function selectsSubprotocol(subprotocol: string | undefined, options: SelectsSubprotocolOptions = {}): Script {
  const again = limit(options);
  const known = (name: string | undefined) => (name === undefined ? undefined : serverDialect(name)?.subprotocol);
  return {
    upgrade: (request, proceed) => {
      if (!again()) return proceed();
      const speaks = options.speaks ?? known(subprotocol) ?? known(request.offered[0]) ?? 'graphql-transport-ws';
      return { kind: 'accept', subprotocol, speaks };
    },
  };
}
