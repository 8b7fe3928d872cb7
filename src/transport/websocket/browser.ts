// The entry point `holdfast/websocket` in browsers, and wherever else the platform brings a WebSocket (WHATWG): sessions over
// one WebSocket, in both subprotocols. Nothing that it reaches imports a package or a module of Node.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { Transport } from '../contract.js';
import { resolveWebSocketOptions, type WebSocketOptions } from './options.js';
import { browserSocketOpener } from './platform.js';
import { webSocketTransport } from './transport.js';

export type { Subprotocol } from '../../protocol/dialects/dialect.js';
export type { PlatformWebSocket, ServerPing, TlsOptions, WebSocketConstructor, WebSocketOptions } from './options.js';

/**
 * Reaches a server over one WebSocket of the platform, speaking `graphql-transport-ws` or the legacy `graphql-ws`,
 * whichever it selects. The platform sends no headers of a program: credentials belong into `connectionParams`.
 *
 * @param address `ws:` or `wss:`; `http:` and `https:` are turned into them.
 * @throws OptionError for an address or option that cannot work, and for those that work in Node only.
 * @example `const session = await connect({ transport: webSocket(new URL('/graphql', location.href)) })`
 */
export function webSocket(address: string | URL, options: WebSocketOptions = {}): Transport {
  const resolved = resolveWebSocketOptions(address, options, 'browser');
  refuseUser(resolved.address);
  return webSocketTransport(resolved, browserSocketOpener(resolved));
}

/** Node sends them with the upgrade. A browser leaves them out, and without a word. */
function refuseUser(address: string): void {
  const { username, password } = new URL(address);
  if (username === '' && password === '') return;
  const message =
    'The address holds a user or password, which a WebSocket of the platform does not send: put them into connectionParams.';
  throw new OptionError('address', message);
}
