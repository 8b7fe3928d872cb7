// Sessions with a scripted server that speaks one dialect, errors by class, and what a server was told.

import { expect } from 'vitest';
import type { SessionOptions } from '../../../../src/session/options.js';
import type { Session } from '../../../../src/session/session.js';
import type { SubscriptionEvent } from '../../../../src/session/subscription-event.js';
import type { ScriptedServer, ScriptedServerOptions } from '../../../../src/testing/scripted-server.js';
import { type Subprotocol, webSocket } from '../../../../src/transport/websocket/index.js';
import { startScripted, startSession } from './starting.js';

/** A server that speaks one dialect, whatever the client prefers. */
export function serve(dialect: Subprotocol, options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  return startScripted({ subprotocols: [dialect], ...options });
}

export type TestOptions = Partial<SessionOptions>;

/** A session that connects again after a millisecond, also where the other retry rules are a test's own. */
export function open(server: { readonly url: string }, options: TestOptions = {}): Session {
  const retry = { connect: { delayMs: () => 1 }, ...options.retry };
  return startSession({ transport: webSocket(server.url), ...options, retry });
}

export async function openReady(server: { readonly url: string }, options: TestOptions = {}): Promise<Session> {
  const session = open(server, options);
  await session.ready();
  return session;
}

/** What a promise rejects with, which must be of this class. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...parameters: never[]) => E,
): Promise<E> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome))
    throw new Error(`It was expected to reject, and it resolved with ${JSON.stringify(outcome.value)}.`);
  expect(outcome.error).toBeInstanceOf(type);
  return outcome.error as E;
}

/** The next event of a subscription, which must not have ended. */
export async function nextEvent<T>(
  subscription: AsyncIterator<SubscriptionEvent<T>, undefined>,
): Promise<SubscriptionEvent<T>> {
  const result = await subscription.next();
  if (result.done === true) throw new Error('The subscription ended.');
  return result.value;
}

/** How many messages of this meaning (`start`, `stop`, ...) a server has read on all its connections. */
export function countOf(server: ScriptedServer, meaning: string): number {
  const received = server.connections.flatMap((connection) => connection.received);
  return received.filter((message) => message.meaning.type === meaning).length;
}
