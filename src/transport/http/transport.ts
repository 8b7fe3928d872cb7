// A client of HTTP with one connection for each stream, as a transport of the session's: a pool, and beside it, where
// subscriptions share one stream, a lane for that.

import type { Connection, OpenContext, Transport } from '../contract.js';
import { OpenError } from '../open-error.js';
import { HttpConnection } from './connection.js';
import type { HttpClient } from './exchange.js';
import { ladder } from './ladder.js';
import type { ResolvedHttpOptions, StreamSharing } from './options.js';
import { givenUp } from './single-connection/failures.js';
import { openSharedConnection } from './single-connection/open.js';

export interface HttpTransportParts {
  /** As in `fetch`. */
  readonly name: string;
  readonly options: ResolvedHttpOptions;
  readonly sharing: StreamSharing;
  /** Makes the client of one connection, without any I/O. Rejects with an OpenError. */
  openClient(context: OpenContext): Promise<HttpClient>;
}

/**
 * Where streams are shared, the transport has lanes: one for calls, which stand for themselves, and one for subscriptions.
 * Opened as one connection, as a ladder does, it carries everything the way subscriptions go.
 */
export function httpTransport({ name, options, sharing, openClient }: HttpTransportParts): Transport {
  const open = async (context: OpenContext): Promise<HttpClient> => {
    const client = await openClient(context);
    if (!context.signal.aborted) return client;
    client.destroy();
    throw new OpenError(givenUp());
  };
  const pool: Transport = {
    name: `${name} ${options.place}`,
    open: async (context, events): Promise<Connection> =>
      new HttpConnection(await open(context), options, context, events),
  };
  if (sharing === 'never') return pool;
  const shared: Transport = {
    name: `${pool.name} (one stream)`,
    open: async (context, events) => openSharedConnection(await open(context), options, context, events),
  };
  const streams = sharing === 'always' ? shared : ladder([shared, pool]);
  return {
    name: pool.name,
    open: streams.open,
    lanes: [
      { transport: pool, takes: ({ kind }) => kind !== 'subscription' },
      { transport: streams, takes: () => true },
    ],
  };
}
