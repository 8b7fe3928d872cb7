// The two lanes of the default route. Small, because every program has it: the transports themselves, and the checks of their
// options, are loaded when they are first opened.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import type { Route, Transport } from '../contract.js';
import type { EndpointOptions } from './endpoint-options.js';
import { loaded } from './load.js';
import type { Platform } from './platform.js';

/** Calls over HTTP, subscriptions by the best way there is. What it is given has been checked. */
export function defaultRoute(address: URL, options: EndpointOptions): Route {
  const place = `${address.protocol}//${address.host}${address.pathname}`;
  return {
    name: `endpoint ${place}`,
    lanes: [
      {
        transport: lazily(`HTTP ${place}`, ({ calls }) => calls(address, options)),
        takes: ({ kind }) => kind !== 'subscription',
      },
      {
        transport: lazily(`subscriptions of ${place}`, ({ subscriptions }) => subscriptions(address, options)),
        takes: () => true,
      },
    ],
  };
}

/** The default route to a bare address. Throws an OptionError for what is no address. */
export function addressRoute(given: string | URL): Route {
  let address: URL;
  try {
    address = new URL(given);
  } catch {
    // The platform's own error repeats the whole text, which may hold credentials.
    throw new OptionError('transport', 'The address is not a URL. An example: https://example.com/graphql');
  }
  if (address.protocol === 'http:' || address.protocol === 'https:') return defaultRoute(address, {});
  throw new OptionError(
    'transport',
    `A bare address begins with http: or https:; this one begins with ${describe(address.protocol)}. For one WebSocket give webSocket(address) of holdfast/websocket.`,
  );
}

/** A transport that is made when it is first opened. */
function lazily(name: string, make: (platform: Platform) => Transport): Transport {
  let made: Promise<Transport> | undefined;
  return {
    name,
    async open(context, events) {
      made ??= import('#platform').then(make);
      // A page may be without its network: what could not be loaded may be there the next time.
      made.catch(() => {
        made = undefined;
      });
      const transport = await loaded(made, name, context);
      return transport.open(context, events);
    },
  };
}
