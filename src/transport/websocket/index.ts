// The entry point `holdfast/websocket` in Node: sessions over one WebSocket, in both subprotocols.

import type { Transport } from '../contract.js';
import { nodeSocketOpener } from './node.js';
import { resolveWebSocketOptions, type WebSocketOptions } from './options.js';
import { webSocketTransport } from './transport.js';

export type { Subprotocol } from '../../protocol/dialects/dialect.js';
export type { PlatformWebSocket, ServerPing, TlsOptions, WebSocketConstructor, WebSocketOptions } from './options.js';

/**
 * Reaches a server over one WebSocket, speaking `graphql-transport-ws` or the legacy `graphql-ws`, whichever it selects.
 *
 * @param address `ws:` or `wss:`; `http:` and `https:` are turned into them.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: webSocket('wss://example.com/graphql') })`
 */
export function webSocket(address: string | URL, options: WebSocketOptions = {}): Transport {
  const resolved = resolveWebSocketOptions(address, options);
  return webSocketTransport(resolved, nodeSocketOpener(resolved));
}
