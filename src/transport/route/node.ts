// The transports of the default route in Node: undici where it is installed, else the platform's fetch; and `ws`.

import type { Transport } from '../contract.js';
import { viaFetch } from '../fetch/index.js';
import { ladder } from '../http/ladder.js';
import { OpenError } from '../open-error.js';
import { undici } from '../undici/index.js';
import { webSocket } from '../websocket/index.js';
import { type EndpointOptions, httpOptionsOf } from './endpoint-options.js';
import type { Platform } from './platform.js';

export const calls: Platform['calls'] = (address, options) =>
  overHttp(address, { ...options, singleConnection: false });

function overHttp(address: URL, options: EndpointOptions): Transport {
  const { fetch, dispatcher } = options;
  const http = httpOptionsOf(options);
  if (fetch !== undefined) return viaFetch(address, { ...http, fetch });
  const best = undici(address, { ...http, dispatcher });
  return dispatcher === undefined ? unlessMissing(best, viaFetch(address, http)) : best;
}

export const subscriptions: Platform['subscriptions'] = (address, options) => {
  const { webSocketUrl = address, protocols, headers } = options;
  return ladder([webSocket(webSocketUrl, { protocols, headers }), overHttp(address, options)]);
};

/** undici is an optional package: without it requests cost more, and work all the same. */
function unlessMissing(best: Transport, otherwise: Transport): Transport {
  return {
    name: best.name,
    async open(context, events) {
      try {
        return await best.open(context, events);
      } catch (error) {
        const isMissing = error instanceof OpenError && error.failure.code === 'missing-dependency';
        if (isMissing) return otherwise.open(context, events);
        throw error;
      }
    },
  };
}
