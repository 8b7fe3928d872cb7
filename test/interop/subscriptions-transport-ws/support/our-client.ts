// Our session to a server of subscriptions-transport-ws, and the errors and events that tests wait for.

import type { SessionOptions } from '../../../../src/session/options.js';
import type { Session } from '../../../../src/session/session.js';
import type { SubscriptionEvent } from '../../../../src/session/subscription-event.js';
import { type WebSocketOptions, webSocket } from '../../../../src/transport/websocket/index.js';
import { startSession } from '../../../session/behaviour/support/starting.js';

export interface OurClientOptions extends Partial<SessionOptions> {
  readonly socket?: WebSocketOptions;
}

/** A session that offers the legacy subprotocol alone. */
export function ourClient(server: { readonly url: string }, options: OurClientOptions = {}): Session {
  const { socket, ...sessionOptions } = options;
  return startSession({
    transport: webSocket(server.url, { protocols: ['graphql-ws'], ...socket }),
    ...sessionOptions,
  });
}

/** The next event, in short: what it carries, or the reason of a gap; `end` at the end. */
export async function nextOf(subscription: AsyncIterator<SubscriptionEvent<unknown>, undefined>): Promise<unknown> {
  const { done, value } = await subscription.next();
  if (done === true) return 'end';
  return value.type === 'gap' ? value.gap.reason : value.data;
}
