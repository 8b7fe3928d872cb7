// A session over the fake transport, under a clock that stands still.

import type { SessionOptions } from '../../../src/session/options.js';
import { createSession, type Session } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Failure } from '../../../src/transport/contract.js';
import { type FakeConnection, type FakeConnectionSettings, FakeTransport } from './fake-transport.js';

export interface Harness {
  readonly clock: VirtualClock;
  readonly transport: FakeTransport;
  readonly session: Session;
  /** The status of every state the session was in since it was made, in order. */
  readonly statuses: string[];
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Waits, if need be, for the session's next attempt to open, and accepts it. */
  accept(settings?: FakeConnectionSettings): Promise<FakeConnection>;
  /** Waits, if need be, for the session's next attempt to open, and refuses it. */
  refuse(failure: Failure): Promise<void>;
}

export interface HarnessOptions extends Omit<Partial<SessionOptions>, 'transport' | 'clock'> {
  /** Default: one that stands at 1,000,000 ms. */
  readonly clock?: VirtualClock;
  /** Of every connection that is not accepted with others. */
  readonly connection?: FakeConnectionSettings;
  /** Nobody listens to its states. Default false. */
  readonly quiet?: boolean;
}

/** `random` is 1/2 unless given: the first wait is 250 ms, the second 500 ms, and so on up to 30 s. */
export function makeSession({
  connection,
  quiet = false,
  clock = new VirtualClock(1_000_000),
  ...options
}: HarnessOptions = {}): Harness {
  const transport = new FakeTransport(connection);
  const session = createSession({ transport, clock, random: () => 0.5, ...options });
  const statuses: string[] = [session.state.status];
  if (!quiet) session.on('state', ({ status }) => statuses.push(status));
  let answered = 0;

  const nextOpen = async (): Promise<void> => {
    await clock.advance(0);
    while (transport.opens.length <= answered) {
      if (!(await clock.advanceToNext())) throw new Error(`No attempt to open will come: ${session.state.status}.`);
      await clock.advance(0);
    }
    answered = transport.opens.length;
  };

  return {
    clock,
    transport,
    session,
    statuses,
    settle: () => clock.advance(0),
    accept: async (settings) => {
      await nextOpen();
      const accepted = transport.latest.accept(settings);
      await clock.advance(0);
      return accepted;
    },
    refuse: async (failure) => {
      await nextOpen();
      transport.latest.refuse(failure);
      await clock.advance(0);
    },
  };
}

/** A session with its first connection. */
export async function readySession(
  options: HarnessOptions = {},
): Promise<Harness & { readonly connection: FakeConnection }> {
  const harness = makeSession(options);
  return { ...harness, connection: await harness.accept() };
}

/** What became of a promise so far, without waiting for it. */
export interface Watched<T> {
  readonly status: 'pending' | 'resolved' | 'rejected';
  readonly value: T | undefined;
  readonly error: unknown;
}

export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched: { -readonly [K in keyof Watched<T>]: Watched<T>[K] } = {
    status: 'pending',
    value: undefined,
    error: undefined,
  };
  promise.then(
    (value) => Object.assign(watched, { status: 'resolved', value }),
    (error: unknown) => Object.assign(watched, { status: 'rejected', error }),
  );
  return watched;
}

/** The error that a promise rejects with; fails when it is not one of this class. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => E,
): Promise<E> {
  const error: unknown = await promise.then(
    (value) => {
      throw new Error(`Expected a rejection with ${kind.name}; it resolved with ${JSON.stringify(value)}.`);
    },
    (reason: unknown) => reason,
  );
  if (error instanceof kind) return error;
  throw error;
}
