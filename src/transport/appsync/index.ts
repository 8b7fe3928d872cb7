// The entry point `holdfast/appsync` in Node.

import type { Route } from '../contract.js';
import { nodeSocketOpener } from '../websocket/node.js';
import { type AppSyncOptions, appSyncRoute } from './route.js';

export type { AppSyncAuth, AuthReason, IamOptions } from './auth.js';
export { apiKey, iam, jwt } from './auth.js';
export type { AppSyncOptions } from './route.js';
export type { AwsCredentials } from './signature-v4.js';

/**
 * Reaches an API of AWS AppSync: queries and mutations over HTTP, subscriptions over one WebSocket to its real-time side. Who
 * asks is said anew with every connection, every subscription and every request; what the server does not accept is said once
 * more with `forceRefresh`, and is then a refusal like any other.
 *
 * @param address That of queries and mutations, as in `https://example.appsync-api.eu-central-1.amazonaws.com/graphql`, or on a
 * custom domain. The real-time address follows from it.
 * @throws OptionError for an address or option that cannot work.
 * @example `const session = await connect({ transport: appSync(address, { auth: apiKey({ key }) }) })`
 */
export function appSync(address: string | URL, options: AppSyncOptions): Route {
  return appSyncRoute(address, options, nodeSocketOpener);
}
