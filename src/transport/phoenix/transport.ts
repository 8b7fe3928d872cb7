// The transport to an Absinthe server over a Phoenix channel: one WebSocket, opened with the socket's parameters in its address,
// and one channel on it. Phoenix, "Writing a Channels Client".

import { phoenixClient } from '../../protocol/dialects/phoenix/client.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import type { JsonObject } from '../../protocol/json.js';
import { writeDown } from '../../protocol/json-text.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Transport } from '../contract.js';
import { forwardedEvents } from '../websocket/forwarded-events.js';
import { type ResolvedWebSocketOptions, resolveWebSocketOptions, type WebSocketOptions } from '../websocket/options.js';
import type { OpenSocket } from '../websocket/socket.js';
import { webSocketTransport } from '../websocket/transport.js';
import { Heartbeats, PhoenixConnection } from './connection.js';
import { withParams } from './params.js';

export interface PhoenixOptions extends Omit<WebSocketOptions, 'protocols' | 'assume' | 'onPing'> {
  /**
   * Parameters of the socket, which its `connect/3` gets, and of the channel. The `connectionParams` of the session's
   * credentials, which are asked for at every connection, are added to them and win: tokens belong there. Default: none.
   */
  readonly params?: JsonObject | undefined;
  /** The topic of Absinthe's control channel. Default `__absinthe__:control`. */
  readonly channel?: string | undefined;
  /**
   * How often the server is sent a heartbeat, ms. It closes a socket on which it hears nothing for a minute, unless it is set
   * otherwise. One that is not answered before the next is due ends the connection. Default 30,000.
   */
  readonly heartbeatMs?: number | undefined;
}

const known: readonly (keyof PhoenixOptions)[] = [
  'params',
  'channel',
  'heartbeatMs',
  'headers',
  'agent',
  'tls',
  'proxy',
  'compression',
  'WebSocket',
];

/** `openerOf`: the sockets of this platform. */
export function phoenixTransport(
  address: string | URL,
  options: PhoenixOptions,
  place: 'node' | 'browser',
  openerOf: (socket: ResolvedWebSocketOptions) => OpenSocket,
): Transport {
  refuseUnknownOptions('phoenix()', options, known);
  const { params, channel = '__absinthe__:control', heartbeatMs = 30_000, ...socketOptions } = options;
  if (typeof channel !== 'string' || channel === '') {
    throw new OptionError('channel', `Option "channel" must be a topic; it is ${describe(channel)}.`);
  }
  checkNumberOption('heartbeatMs', heartbeatMs, 1);
  const written = writeDown('params', params);
  // Phoenix negotiates no subprotocol.
  const socket = { ...resolveWebSocketOptions(address, socketOptions, place), protocols: [] };
  const openSocket = openerOf(socket);
  return {
    name: `phoenix ${webSocketTransport(socket, openSocket).name}`,
    async open(context, events) {
      const { clock, credentials } = context;
      const connectionParams =
        params === undefined ? credentials.connectionParams : { ...written?.value, ...credentials.connectionParams };
      const opened = { ...socket, address: withParams(socket.address, connectionParams ?? {}) };
      const heartbeats = new Heartbeats();
      const inner = await webSocketTransport(opened, openSocket, () => phoenixClient(channel)).open(
        { ...context, credentials: { ...credentials, connectionParams } },
        forwardedEvents(events, {
          pong: (payload) => {
            if (heartbeats.answered() === 'session') events.pong(payload);
          },
        }),
      );
      return new PhoenixConnection(inner, heartbeats, clock, heartbeatMs);
    },
  };
}
