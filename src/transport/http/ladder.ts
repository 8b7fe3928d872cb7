// Several transports to one server, the best one first: what cannot be used there is left for the next, and what worked is
// remembered. Proxies that know no WebSocket, servers that have none, browsers that send no headers: each is met once.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { Connection, Failure, Transport } from '../contract.js';
import { OpenError } from '../open-error.js';

/** Ways of failing that waiting will not cure: this transport is not for this server, or not for this platform. */
const unusable: readonly Failure['code'][] = ['subprotocol', 'bad-option', 'missing-dependency'];
/** HTTP statuses that say "later", or that it is the credentials. */
const curable: readonly number[] = [401, 403, 408, 425, 429];
/** So many failures in a row are believed to be for good, where one alone may pass. */
const enough = 3;

/**
 * The first of these transports that works with the server. One that never worked is left when the server or the platform says
 * that it cannot be used, or when it failed three times in a row in a way that does not say why. The one that worked is used from
 * then on, by every session over this value, and is left only when it is said to be of no use three times in a row.
 *
 * A transport over HTTP opens without asking the server anything, so it is the last rung.
 *
 * @throws OptionError for an empty list, or one that holds what is no transport.
 * @example `ladder([webSocket('wss://example.com/graphql'), viaFetch('https://example.com/graphql')])`
 */
export function ladder(rungs: readonly Transport[]): Transport {
  if (!Array.isArray(rungs) || rungs.length === 0 || !rungs.every(isTransport)) {
    throw new OptionError('rungs', 'ladder() needs a list of at least one transport, the preferred one first.');
  }
  let lowest = 0;
  let worked = false;
  let misses = 0;

  /** Whether to try the next rung instead of waiting for this one. */
  const isLeft = (failure: Failure): boolean => {
    const useless = isUnusable(failure);
    if (useless && !worked) return true;
    const counts = useless || (!worked && isUnclear(failure));
    misses = counts ? misses + 1 : 0;
    return misses >= enough;
  };

  return {
    name: rungs.map(({ name }) => name).join(', else '),
    async open(context, events): Promise<Connection> {
      for (let index = lowest; ; index += 1) {
        // The loop ends on the last rung at the latest.
        const rung = rungs[index] as Transport;
        try {
          const connection = await rung.open(context, events);
          lowest = index;
          worked = true;
          misses = 0;
          return connection;
        } catch (error) {
          const isLast = index === rungs.length - 1;
          if (isLast || !(error instanceof OpenError) || context.signal.aborted || !isLeft(error.failure)) throw error;
          misses = 0;
          worked = false;
        }
      }
    },
  };
}

function isTransport(value: unknown): value is Transport {
  return typeof (Object(value) as Partial<Transport>).open === 'function';
}

function isUnusable({ code, status = 0 }: Failure): boolean {
  if (code !== 'http-status') return unusable.includes(code);
  // A success as well, and "not implemented": who shows a page to an upgrade knows of no WebSocket.
  return (status >= 200 && status < 500 && !curable.includes(status)) || status === 501;
}

/**
 * It looks the same whether a server is away or something on the way lets no WebSocket through, or CORS no method but POST;
 * browsers never tell.
 */
function isUnclear({ code, cause }: Failure): boolean {
  return code === 'closed' || code === 'timeout' || (code === 'network' && !explains(cause));
}

/** The error of a fetch in a browser is a TypeError, and that is all that it is. */
function explains(cause: unknown): boolean {
  return cause !== undefined && !(cause instanceof TypeError && cause.cause === undefined);
}
