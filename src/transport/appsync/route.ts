// AppSync as a session's transport: queries and mutations over HTTP, subscriptions over its real-time WebSocket. AppSync
// Developer Guide, "Building a real-time WebSocket client".

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Route } from '../contract.js';
import { FetchClient } from '../fetch/client.js';
import { resolveFetchOptions } from '../fetch/options.js';
import { httpTransport } from '../http/transport.js';
import { OpenError } from '../open-error.js';
import { type ResolvedWebSocketOptions, resolveWebSocketOptions } from '../websocket/options.js';
import type { OpenSocket } from '../websocket/socket.js';
import { realtimeAddress } from './addresses.js';
import type { AppSyncAuth } from './auth.js';
import { realtimeTransport } from './realtime.js';
import { signingClient } from './signing-client.js';

export interface AppSyncOptions {
  /** Who asks: `apiKey()`, `jwt()` or `iam()`. */
  readonly auth: AppSyncAuth;
  /** Used for requests instead of the platform's own; never owned. Default: `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** `openerOf`: the sockets of this platform. */
export function appSyncRoute(
  address: string | URL,
  options: AppSyncOptions,
  openerOf: (socket: ResolvedWebSocketOptions) => OpenSocket,
): Route {
  refuseUnknownOptions('appSync()', options, ['auth', 'fetch'] satisfies (keyof AppSyncOptions)[]);
  const { auth } = options;
  if (typeof auth?.authoriserOf !== 'function') {
    throw new OptionError('auth', `Option "auth" must come from apiKey(), jwt() or iam(); it is ${describe(auth)}.`);
  }
  const { http, fetch: injected } = resolveFetchOptions(address, { fetch: options.fetch });
  const authoriser = auth.authoriserOf(http.address);
  const socket = resolveWebSocketOptions(realtimeAddress(http.address), { protocols: ['graphql-ws'] });
  const calls = httpTransport({
    name: 'appsync',
    options: http,
    sharing: 'never',
    async openClient({ clock }) {
      const fetch: typeof globalThis.fetch | undefined = injected ?? globalThis.fetch;
      if (fetch === undefined) {
        const message = 'This platform has no fetch: give one as option "fetch" of appSync().';
        throw new OpenError({ code: 'missing-dependency', phase: 'prepare', message });
      }
      const settings = { fetch, credentials: undefined, origin: http.address.origin, place: http.place };
      return signingClient(new FetchClient(settings, clock), { address: http.address, authoriser, clock });
    },
  });
  const realtime = realtimeTransport({ address: http.address, authoriser, socket, openSocket: openerOf(socket) });
  return {
    name: `appsync ${http.place}`,
    lanes: [
      { transport: calls, takes: ({ kind }) => kind !== 'subscription' },
      { transport: realtime, takes: () => true },
    ],
  };
}
