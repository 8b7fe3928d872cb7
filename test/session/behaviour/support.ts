// What the behaviour tests share: a scripted server and sessions on real sockets that end with their test, waits for events,
// and errors by class. Sessions reconnect after a millisecond here, so that no test waits for a backoff.

import { expect, onTestFinished } from 'vitest';
import type { Subprotocol } from '../../../src/protocol/dialects/dialect.js';
import type { SessionOptions } from '../../../src/session/options.js';
import { createSession, type Session } from '../../../src/session/session.js';
import type { SessionState } from '../../../src/session/state.js';
import type { SubscriptionEvent } from '../../../src/session/subscription-event.js';
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
  VirtualClock,
} from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';

/** Every test about the wire runs for each. */
export const dialects: readonly Subprotocol[] = ['graphql-transport-ws', 'graphql-ws'];

/** A server that speaks one dialect, whatever the client prefers. */
export async function serve(dialect: Subprotocol, options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ subprotocols: [dialect], ...options });
  onTestFinished(() => server.close());
  return server;
}

export type TestOptions = Partial<SessionOptions>;

export function open(server: { readonly url: string }, options: TestOptions = {}): Session {
  const { retry, ...others } = options;
  const session = createSession({
    transport: webSocket(server.url),
    ...others,
    retry: { connect: { delayMs: () => 1 }, ...retry },
  });
  onTestFinished(async () => {
    const closed = session.close({ graceMs: 0 });
    if (others.clock instanceof VirtualClock) await others.clock.advance(60_000);
    await closed;
  });
  return session;
}

export async function openReady(server: { readonly url: string }, options: TestOptions = {}): Promise<Session> {
  const session = open(server, options);
  await session.ready();
  return session;
}

/** Resolves as soon as the session is in this state, at once when it is. */
export function reached<S extends SessionState['status']>(
  session: Session,
  status: S,
): Promise<Extract<SessionState, { status: S }>> {
  return new Promise((resolve) => {
    const look = (state: SessionState): void => {
      if (state.status !== status) return;
      off();
      resolve(state as Extract<SessionState, { status: S }>);
    };
    const off = session.on('state', look);
    look(session.state);
  });
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

/** How many messages of this meaning (`start`, `stop`, ...) a server has read on all connections. */
export function countOf(server: ScriptedServer, meaning: string): number {
  return server.connections.flatMap(({ received }) => received).filter((message) => message.meaning.type === meaning)
    .length;
}
