// The entry point `holdfast/phoenix` in Node.

import type { Transport } from '../contract.js';
import { nodeSocketOpener } from '../websocket/node.js';
import { type PhoenixOptions, phoenixTransport } from './transport.js';

export type { PhoenixOptions } from './transport.js';

/**
 * Reaches an Absinthe server over a Phoenix channel: queries, mutations and subscriptions over one WebSocket. Absinthe takes a
 * document and its variables; extensions are not sent, and it cannot stop a query or mutation.
 *
 * @param address That of the socket with its transport, as in `wss://example.com/socket/websocket`.
 * @throws OptionError for an address or option that cannot work.
 * @example
 * ```ts
 * const transport = phoenix('wss://example.com/socket/websocket');
 * const session = await connect({ transport, credentials: async () => ({ connectionParams: { token: await token() } }) });
 * ```
 */
export function phoenix(address: string | URL, options: PhoenixOptions = {}): Transport {
  return phoenixTransport(address, options, 'node', nodeSocketOpener);
}
