// How a program makes a session: from options, or from the server's address alone. The session knows no transport; this file,
// on top of both, gives a bare address the default one.

import type { ReadyOptions } from './session/readiness.js';
import * as sessions from './session/session.js';
import type { Route, Transport } from './transport/contract.js';
import { addressRoute } from './transport/route/default-route.js';

export interface SessionOptions extends Omit<sessions.SessionOptions, 'transport'> {
  /**
   * How the server is reached, or by which of several ways each operation goes. An address, `http:` or `https:`, stands for
   * `endpoint(address)`: calls over HTTP, subscriptions over WebSocket. One transport may serve any number of sessions.
   */
  readonly transport: Transport | Route | string | URL;
}

/**
 * Makes a session, which connects in the background, and answers at once.
 *
 * @param options The server's address, or options.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = createSession({ transport: 'https://example.com/graphql', credentials })`
 */
export function createSession(options: string | URL | SessionOptions): sessions.Session {
  return sessions.createSession(resolved(options));
}

/**
 * Makes a session and waits until it is ready.
 *
 * @param options The server's address, or options.
 * @param ready How long to wait for it, and a signal that ends the wait. Default: 30 s.
 * @throws OptionError; ConnectError when it was not ready in time: the session is closed then.
 * @example `await using session = await connect('https://example.com/graphql')`
 */
export async function connect(
  options: string | URL | SessionOptions,
  ready?: ReadyOptions | undefined,
): Promise<sessions.Session> {
  return sessions.connect(resolved(options), ready);
}

function resolved(given: string | URL | SessionOptions): sessions.SessionOptions {
  if (isAddress(given)) return { transport: addressRoute(given) };
  const { transport } = Object(given) as SessionOptions;
  return isAddress(transport) ? { ...given, transport: addressRoute(transport) } : (given as sessions.SessionOptions);
}

function isAddress(value: unknown): value is string | URL {
  return typeof value === 'string' || value instanceof URL;
}
