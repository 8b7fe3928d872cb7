// A session over two lanes of fakes: calls take the first, subscriptions the second.

import { createSession, type Session } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Failure, OperationRequest, Route } from '../../../src/transport/contract.js';
import { type FakeConnection, type FakeConnectionSettings, FakeTransport } from './fake-transport.js';
import type { HarnessOptions } from './harness.js';

export interface LanesHarness {
  readonly clock: VirtualClock;
  readonly calls: FakeTransport;
  readonly events: FakeTransport;
  readonly session: Session;
  /** The status of every state the session was in since it was made, in order. */
  readonly statuses: string[];
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Accepts the attempt to open that this lane makes. */
  accept(lane: FakeTransport, settings?: FakeConnectionSettings): Promise<FakeConnection>;
  refuse(lane: FakeTransport, failure: Failure): Promise<void>;
}

export interface LanesOptions extends HarnessOptions {
  /** Which operations the first lane takes. Default: queries and mutations. */
  readonly takes?: (request: OperationRequest) => boolean;
}

export function makeLanes({
  connection,
  quiet = false,
  clock = new VirtualClock(1_000_000),
  takes = ({ kind }) => kind !== 'subscription',
  ...options
}: LanesOptions = {}): LanesHarness {
  const calls = new FakeTransport(connection);
  const events = new FakeTransport(connection);
  const transport: Route = {
    name: 'calls and events',
    lanes: [
      { transport: calls, takes },
      { transport: events, takes: ({ kind }) => kind === 'subscription' },
    ],
  };
  const session = createSession({ transport, clock, random: () => 0.5, ...options });
  const statuses: string[] = [session.state.status];
  if (!quiet) session.on('state', ({ status }) => statuses.push(status));
  const settle = (): Promise<void> => clock.advance(0);
  return {
    clock,
    calls,
    events,
    session,
    statuses,
    settle,
    accept: async (lane, settings) => {
      await settle();
      const accepted = lane.latest.accept(settings);
      await settle();
      return accepted;
    },
    refuse: async (lane, failure) => {
      await settle();
      lane.latest.refuse(failure);
      await settle();
    },
  };
}

/** Both lanes have their first connection; an idle subscription holds the second. */
export async function readyLanes(
  options: LanesOptions = {},
): Promise<LanesHarness & { readonly call: FakeConnection; readonly event: FakeConnection }> {
  const harness = makeLanes(options);
  const call = await harness.accept(harness.calls);
  harness.session.subscribe('subscription { s }');
  const event = await harness.accept(harness.events);
  return { ...harness, call, event };
}
